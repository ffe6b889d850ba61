import type { NewFact } from './ports.ts';

export const MAX_STORED_BYTES = 60_000;
export const REPEAT_KEY_BYTES = 32;

/** @throws RangeError on a fact that contracts must never have let through; the text holds nothing of the fact. */
export function checkNewFact({ source, id, repeatKey, stored }: NewFact): void {
  if (stored.length > MAX_STORED_BYTES) throw new RangeError(`a fact is stored in at most ${MAX_STORED_BYTES} bytes`);
  if (repeatKey.length !== REPEAT_KEY_BYTES) throw new RangeError(`a repeat key has ${REPEAT_KEY_BYTES} bytes`);
  if (!source.isWellFormed() || !id.isWellFormed()) throw new RangeError('a lone surrogate names nothing');
}
