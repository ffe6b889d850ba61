import { createReadStream } from 'node:fs';
import { boundedLines, verifyBundle, verifyDirectory, verifyReceipt } from '#audit/verify';
import { canonicalJson, parseStrictJson, Problem } from '#kernel';
import type { Environment } from '#transport';
import { keysIn, readCheckpoint, readKeys, readSmall } from './files.ts';
import { findingsInWords, inWords, notesInWords, type AuditNote, type Told } from './in-words.ts';
import { EXIT, type Outcome } from './outcome.ts';
import { readState, writeState } from './state-file.ts';
import type { Progress } from './terminal.ts';
import { verifyLive } from './verify-live.ts';

export interface VerifyFlags {
  readonly directory?: string;
  readonly checkpoints?: string;
  readonly bundle?: string;
  readonly receipt?: string;
  readonly event?: string;
  readonly keys?: string;
  readonly given?: readonly string[];
  readonly state?: string;
}
export interface Surroundings {
  readonly environment: Environment;
  readonly progress: Progress;
}

/** `verify`: a directory, a bundle, a receipt, or without any of them the hub that the environment names. */
export async function verifyCommand(flags: VerifyFlags, around: Surroundings): Promise<Outcome> {
  refuseUnused(flags);
  const keys = flags.keys === undefined ? undefined : await readKeys(flags.keys);
  const given = await Promise.all((flags.given ?? []).map(readCheckpoint));
  const { directory, receipt, checkpoints } = flags;
  if (receipt !== undefined) return verifyOne(receipt, flags.event, keys);
  if (directory === undefined) return verifyStream(flags, { keys, given }, around);
  const options = { given, ...(keys && { keys }), ...(checkpoints && { checkpoints }) };
  const verdict = verifyDirectory(directory, options);
  const notes: AuditNote[] = [...verdict.notes];
  if (checkpoints === undefined && given.length === 0) notes.push('no-earlier-checkpoint');
  return outcomeOf('directory', { ...verdict, notes });
}

/** A bundle on file, or as the hub sends it; beside what was kept of the last time. */
async function verifyStream(
  { bundle, state }: VerifyFlags,
  { keys, given }: { readonly keys: string | undefined; readonly given: readonly string[] },
  around: Surroundings,
): Promise<Outcome> {
  const kept = state === undefined ? undefined : await readState(state);
  const known = keys ?? kept?.keys;
  const all = [...given, ...Object.values(kept?.checkpoints ?? {})];
  const options = { given: all, ...(known && { keys: keysIn(known, 'keys') }) };
  const verdict =
    bundle === undefined
      ? await verifyLive(options, kept, around)
      : await verifyBundle(around.progress.lines(boundedLines(createReadStream(bundle))), options);
  if (state !== undefined && verdict.sound)
    await writeState(state, known ?? `${verdict.keys.facts}\n${verdict.keys.access}\n`, verdict);
  const { heads: _heads, keys: _keys, ...told } = verdict;
  const notes: AuditNote[] = told.notes.map((note) =>
    note === 'key-from-bundle' && bundle === undefined ? 'key-from-hub' : note,
  );
  if (all.length === 0) notes.push('no-earlier-checkpoint');
  return outcomeOf(bundle === undefined ? 'hub' : 'bundle', { ...told, notes });
}

const outcomeOf = (source: string, verdict: Told): Outcome => ({
  json: { source, ...verdict },
  words: inWords(verdict),
  exit: verdict.sound ? EXIT.sound : EXIT.findings,
});

const JSON_LIMITS = { bytes: 1_048_576, depth: 40, keys: 1_000, items: 10_000 };

async function verifyOne(
  receiptFile: string,
  eventFile: string | undefined,
  keys: string | undefined,
): Promise<Outcome> {
  if (eventFile === undefined) throw new Problem('option-missing', { field: '--event' });
  // a receipt carries no key that could be taken for it
  if (keys === undefined) throw new Problem('option-missing', { field: '--keys' });
  const receipt = parseStrictJson(await readSmall(receiptFile), JSON_LIMITS);
  const event = parseStrictJson(await readSmall(eventFile), JSON_LIMITS);
  if (!receipt.ok) throw new Problem('receipt-malformed', { field: receiptFile });
  if (!event.ok) throw new Problem('event-malformed', { field: eventFile });
  const findings = verifyReceipt(receipt.value, Buffer.from(canonicalJson(event.value)), keysIn(keys, 'keys'));
  const [sound, found] = [findings.length === 0, findings.length];
  const notes: AuditNote[] = ['receipt-alone'];
  const verdict = sound
    ? 'sound: the event is in the log, under a signed checkpoint'
    : 'not sound: the receipt proves nothing';
  return {
    json: { source: 'receipt', sound, findings, found, notes },
    words: [...findingsInWords(findings, found), ...notesInWords(notes), verdict].join('\n'),
    exit: sound ? EXIT.sound : EXIT.findings,
  };
}

const WHERE = ['directory', 'bundle', 'receipt'] as const;
/** Options that mean nothing with one another would be passed over, and a verdict taken for more than it is. */
function refuseUnused(flags: VerifyFlags): void {
  const [first, second] = WHERE.filter((name) => flags[name] !== undefined);
  if (second !== undefined) throw new Problem('option-unused', { field: `--${second}` });
  const unused: readonly (keyof VerifyFlags)[] =
    first === 'directory'
      ? ['event', 'state']
      : first === 'receipt'
        ? ['checkpoints', 'given', 'state']
        : ['event', 'checkpoints'];
  const set = unused.find((name) => flags[name] !== undefined);
  if (set !== undefined) throw new Problem('option-unused', { field: `--${set}` });
}
