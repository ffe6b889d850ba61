import { createReadStream } from 'node:fs';
import { boundedLines, readAccess, verifyBundle, verifyDirectory, type AccessEntry, type Verdict } from '#audit/verify';
import { parseInstant, Problem } from '#kernel';
import { hubSettings, openHub, type Hub } from '#transport';
import { keysIn, readKeys } from './files.ts';
import { notesInWords } from './in-words.ts';
import { EXIT, type Outcome } from './outcome.ts';
import { visible } from './terminal.ts';
import type { Surroundings } from './verify-command.ts';
import { taken } from './verify-live.ts';

export interface WhoSawFlags {
  readonly directory?: string;
  readonly bundle?: string;
  readonly keys?: string;
  readonly consumer?: string;
  readonly agreement?: string;
  readonly from?: string;
  readonly to?: string;
}
type Members = Readonly<Record<string, unknown>>;

/**
 * `who-saw`: access records, refusals among them, filtered as `GET /v1/audit/entries` does. `tell` is called with each, in order.
 * Of a directory or a bundle they are told whatever its verdict is; the exit code and the notes say how far they can be relied on.
 */
export async function whoSawCommand(
  flags: WhoSawFlags,
  around: Surroundings,
  tell: (entry: Members) => void,
): Promise<Outcome> {
  const { directory, bundle } = flags;
  if (directory !== undefined && bundle !== undefined) throw new Problem('option-unused', { field: '--bundle' });
  const isAsked = filterOf(flags);
  const take = (entry: AccessEntry): void => {
    const record = recordOf(entry);
    if (isAsked(record)) tell(record);
  };
  const keys = flags.keys === undefined ? undefined : await readKeys(flags.keys);
  if (bundle !== undefined) {
    const lines = around.progress.lines(boundedLines(createReadStream(bundle)));
    const known = keys === undefined ? {} : { keys: keysIn(keys, 'keys') };
    return saidOf(await verifyBundle(lines, { ...known, onRecord: take }));
  }
  if (directory !== undefined) {
    const verdict = verifyDirectory(directory, keys === undefined ? {} : { keys });
    for (const entry of readAccess(directory)) take(entry);
    return saidOf(verdict);
  }
  if (keys !== undefined) throw new Problem('option-unused', { field: '--keys' });
  const hub = openHub(await hubSettings(around.environment));
  for await (const entry of entriesOf(hub, flags)) tell(entry);
  return saidOf({ sound: true, notes: [] });
}

/** On one line, for people. */
export function entryInWords({ time, number, who, operation, kind, purpose, decision }: Members): string {
  const { agency, person } = members(who);
  const { rule, agreements } = members(decision);
  const rests = Array.isArray(agreements) ? agreements.map((one) => text(members(one)['id'])).join(' ') : '';
  const parts = [time, number, agency, person, operation, kind, purpose, rule ?? rests];
  return visible(
    parts
      .map(text)
      .filter((part) => part !== '')
      .join('  '),
  );
}

const saidOf = ({ sound, notes }: Pick<Verdict, 'sound' | 'notes'>): Outcome => ({
  json: undefined,
  words: [
    ...notesInWords(notes),
    ...(sound ? [] : ['not sound: what lies here is not what was signed (auditor verify says where)']),
  ].join('\n'),
  exit: sound ? EXIT.sound : EXIT.findings,
});

function filterOf({ consumer, agreement, from, to }: WhoSawFlags): (record: Members) => boolean {
  const [after, before] = [instantOf(from, '--from'), instantOf(to, '--to')];
  return ({ time, who, decision }) => {
    const { agreements } = members(decision);
    const rests = Array.isArray(agreements) && agreements.some((one) => members(one)['id'] === agreement);
    const at = Date.parse(text(time));
    return (
      (consumer === undefined || members(who)['agency'] === consumer) &&
      (agreement === undefined || rests) &&
      (after === undefined || at >= after) &&
      (before === undefined || at < before)
    );
  };
}

function instantOf(value: string | undefined, field: string): number | undefined {
  if (value === undefined) return undefined;
  const at = parseInstant(value);
  if (at === undefined) throw new Problem('time-malformed', { field });
  return Date.parse(at);
}

const PAGE = '1000';
async function* entriesOf(hub: Hub, { consumer, agreement, from, to }: WhoSawFlags): AsyncGenerator<Members> {
  const asked = Object.entries({ consumer, agreement, from, to, limit: PAGE }).flatMap(
    ([name, value]): [string, string][] => (value === undefined ? [] : [[name, value]]),
  );
  for (let after: string | undefined, more = true; more;) {
    const query = new URLSearchParams([
      ...asked,
      ...(after === undefined ? [] : [['after', after] as [string, string]]),
    ]);
    const { data } = members(taken(await hub.get(`/v1/audit/entries?${query.toString()}`)).body);
    const { entries, next } = members(data);
    if (!Array.isArray(entries)) throw new Problem('hub-answer-malformed', { field: 'entries' });
    for (const entry of entries) yield members(entry);
    // a page that does not go on would be asked for again and again
    more = typeof next === 'string' && Number(next) > Number(after ?? -1);
    after = more ? String(next) : undefined;
  }
}

/** A record as the hub shows it; of one that is no JSON its number and time. */
function recordOf({ number, time, record }: AccessEntry): Members {
  try {
    return { ...members(JSON.parse(Buffer.from(record).toString('utf8'))), number, time };
  } catch {
    return { number, time };
  }
}

const members = (value: unknown): Members => (typeof value === 'object' && value !== null ? (value as Members) : {});
const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
