import type { NewFact, Placed } from './ports.ts';

export const MAX_STORED_BYTES = 60_000;
export const REPEAT_KEY_BYTES = 32;
export const APPEND_FACTS = 1_000;
export const APPEND_STORED_BYTES = 524_288;

/** @throws RangeError on a fact that contracts must never have let through; the text holds nothing of the fact. */
export function checkNewFact({ source, id, repeatKey, stored }: NewFact): void {
  if (stored.length > MAX_STORED_BYTES) throw new RangeError(`a fact is stored in at most ${MAX_STORED_BYTES} bytes`);
  if (repeatKey.length !== REPEAT_KEY_BYTES) throw new RangeError(`a repeat key has ${REPEAT_KEY_BYTES} bytes`);
  if (!source.isWellFormed() || !id.isWellFormed()) throw new RangeError('a lone surrogate names nothing');
}

/** What one `append` may hold, so that every engine can take it in one piece. @throws RangeError beyond it. */
export function checkAppend(facts: readonly Placed[]): void {
  const bytes = facts.reduce((sum, { fact }) => sum + fact.stored.length, 0);
  if (facts.length > APPEND_FACTS) throw new RangeError(`an append holds at most ${APPEND_FACTS} facts`);
  if (bytes > APPEND_STORED_BYTES) throw new RangeError(`an append holds at most ${APPEND_STORED_BYTES} stored bytes`);
}
