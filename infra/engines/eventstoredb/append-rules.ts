import { NO_STREAM, type StreamLog } from './stream-log.ts';

/** A revision is the one that the stream's last event has. */
export type Expected = 'any' | 'no-stream' | 'stream-exists' | number;
type Known = Pick<StreamLog, 'lastRevision' | 'isTombstoned' | 'isSoftDeleted' | 'event' | 'placeOf'>;
export type Decision =
  | { readonly outcome: 'write' }
  /** Was written before: the place of the last event of the request. */
  | { readonly outcome: 'repeat'; readonly revision: number; readonly position: number }
  | { readonly outcome: 'wrong-revision'; readonly actual: number }
  | { readonly outcome: 'deleted' };

/**
 * What becomes of an append, by the ids of its events alone: bodies are never compared. A request is a repeat when each
 * of its ids lies where the request expects it (`any`: anywhere in the stream, as long as the first does); one that
 * begins with old events and goes on with new ones is refused, one that begins with a new event is written whole.
 */
export function decideAppend(log: Known, stream: string, expected: Expected, ids: readonly string[]): Decision {
  if (log.isTombstoned(stream)) return { outcome: 'deleted' };
  const actual = log.lastRevision(stream);
  const wrong: Decision = { outcome: 'wrong-revision', actual };
  if (expected === 'any') return anywhere(log, stream, ids) ?? wrong;
  if (expected === 'stream-exists') return actual === NO_STREAM ? wrong : (anywhere(log, stream, ids) ?? wrong);
  return after(log, stream, expected === 'no-stream' ? NO_STREAM : expected, ids) ?? wrong;
}

function anywhere(log: Known, stream: string, ids: readonly string[]): Decision | undefined {
  const places = ids.map((id) => log.placeOf(stream, id));
  if (places[0] === undefined) return { outcome: 'write' };
  const last = places.at(-1);
  return places.includes(undefined) || last === undefined ? undefined : repeat(last);
}

function after(log: Known, stream: string, expected: number, ids: readonly string[]): Decision | undefined {
  const actual = log.lastRevision(stream);
  if (expected === actual) return { outcome: 'write' };
  if (expected > actual || ids.length === 0) return undefined;
  const there = ids.map((_, index) => log.event(stream, expected + 1 + index));
  const last = there.at(-1);
  if (last !== undefined && there.every((event, index) => event?.id === ids[index])) return repeat(last);
  // a soft-deleted stream counts as missing, unless this looks like the repeat of something in it
  const anew = expected === NO_STREAM && there[0]?.id !== ids[0] && log.isSoftDeleted(stream);
  return anew ? { outcome: 'write' } : undefined;
}

const repeat = ({ revision, position }: { revision: number; position: number }): Decision => ({
  outcome: 'repeat',
  revision,
  position,
});
