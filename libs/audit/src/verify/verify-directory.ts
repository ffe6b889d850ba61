import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AccessFile } from './access-file.ts';
import { checkArtefacts } from './artefact-files.ts';
import { vouchedCheckpoints, type FoundCheckpoint } from './checkpoints.ts';
import { FactsFile, type Anchor } from './facts-file.ts';
import { Findings, type Finding } from './findings.ts';
import { LogCheck, type KeptLeaves, type VouchedRoot } from './log-check.ts';
import { parseVerifierKeys, readHead, type VerifierKey } from './signed-note.ts';
import { TreeFile } from './tree-file.ts';
import { NOT_READ, verdictOf, type LogVerdict, type Verdict } from './verdict.ts';

export interface DirectoryOptions {
  /** Text with the verifier keys of both logs, one a line. That of the directory when absent. */
  readonly keys?: string;
  /** Directory in which the hub keeps its newest checkpoints outside the backup. */
  readonly checkpoints?: string;
  /** Checkpoints that the auditor was given at some time. */
  readonly given?: readonly string[];
  /** The hub's master key, 32 bytes: with it, what tells repeats is checked too. `hub.key` of the directory when it can be read. */
  readonly hubKey?: Uint8Array;
}

const LOGS = ['facts', 'access'] as const;
type Log = (typeof LOGS)[number];

/**
 * Reads a data directory, of a hub that runs or one that doesn't, and holds both logs against their trees and every
 * checkpoint. Writes nothing. Time and memory: one pass over each file, and memory that does not grow with the logs but
 * for the names of streams and a hash for each minute in which anything was asked.
 */
export function verifyDirectory(directory: string, options: DirectoryOptions = {}): Verdict {
  const findings = new Findings();
  const notes: string[] = [];
  const keys = keysOf(directory, options, notes);
  // the oldest first: what is read later is never shorter than what vouches for it
  const outside = outsideCheckpoints(options, keys);
  const trees = opened(directory, 'trees.db', findings, (file) => new TreeFile(file));
  const facts = opened(
    directory,
    'facts.db',
    findings,
    (file) => new FactsFile(file, findings, hubKeyOf(directory, options)),
  );
  const access = opened(directory, 'access.db', findings, (file) => new AccessFile(file, findings));
  const parts = { trees, findings, keys, outside };
  let anchors: readonly Anchor[] = [];
  const ofFacts = checkLog('facts', parts, [], facts && ((check) => void (anchors = facts.check(check))));
  const anchored = anchors.map(({ index, size, root }) => ({
    size,
    root,
    what: `fact ${index}`,
    kind: 'anchor' as const,
  }));
  const ofAccess = checkLog('access', parts, anchored, access && ((check) => access.check(check)));
  guarded('trees', findings, () => {
    for (const log of LOGS) trees?.check(log, findings);
    trees?.checkNames(LOGS, findings);
  });
  for (const [of, file] of [
    ['trees', trees],
    ['facts', facts],
    ['access', access],
  ] as const)
    guarded(of, findings, () => {
      if (file?.isWhole() === false) findings.add({ of, code: 'file-damaged' });
    });
  checkArtefacts(join(directory, 'artefacts'), findings);
  for (const file of [trees, facts, access]) file?.close();
  return verdictOf(findings, { facts: ofFacts, access: ofAccess, notes });
}

interface Parts {
  readonly trees: TreeFile | undefined;
  readonly findings: Findings;
  readonly keys: readonly VerifierKey[];
  readonly outside: readonly FoundCheckpoint[];
}

function checkLog(
  log: Log,
  { trees, findings, keys, outside }: Parts,
  anchors: readonly VouchedRoot[],
  feed: ((check: LogCheck) => void) | undefined,
): LogVerdict {
  let [kept, leaves]: [readonly FoundCheckpoint[], number] = [[], 0];
  let hashes: KeptLeaves | undefined;
  guarded('trees', findings, () => {
    kept = trees?.checkpoints(log).map(({ size, note }) => ({ size, note, what: `trees.db ${size}` })) ?? [];
    leaves = trees?.leaves(log) ?? 0;
    hashes = trees?.kept(log);
  });
  const ours = outside.filter(({ note }) => readHead(note)?.origin.endsWith(`/${log}`) === true);
  const checkpoints = vouchedCheckpoints(log, [...kept, ...ours], keys, findings);
  if (feed === undefined) return NOT_READ;
  const check = new LogCheck(log, findings, { vouched: [...checkpoints, ...anchors], kept: hashes });
  guarded(log, findings, () => feed(check), check);
  const covered = check.end(leaves);
  return {
    size: check.length,
    covered,
    root: Buffer.from(check.root()).toString('hex'),
    checkpoints: checkpoints.length,
  };
}

/** A file that SQLite can't read is a finding, never a crash. */
function guarded(of: Finding['of'], findings: Findings, work: () => void, check?: LogCheck): void {
  try {
    work();
  } catch (error) {
    if (!isSqliteError(error)) throw error;
    findings.add({ of, code: 'file-damaged', ...(check === undefined ? {} : { index: check.length }) });
  }
}

const OF_FILE = { 'trees.db': 'trees', 'facts.db': 'facts', 'access.db': 'access' } as const;

function opened<T>(
  directory: string,
  name: keyof typeof OF_FILE,
  findings: Findings,
  open: (file: string) => T,
): T | undefined {
  const file = join(directory, name);
  if (!existsSync(file)) {
    findings.add({ of: OF_FILE[name], code: 'file-missing', what: name });
    return undefined;
  }
  let part: T | undefined;
  guarded(OF_FILE[name], findings, () => (part = open(file)));
  return part;
}

const isSqliteError = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SQLITE_ERROR';

function keysOf(directory: string, { keys }: DirectoryOptions, notes: string[]): readonly VerifierKey[] {
  if (keys !== undefined) return parseVerifierKeys(keys);
  notes.push('key-from-directory');
  const file = join(directory, 'log.vkey');
  return existsSync(file) ? parseVerifierKeys(readFileSync(file, 'utf8')) : [];
}

function hubKeyOf(directory: string, { hubKey }: DirectoryOptions): Uint8Array | undefined {
  if (hubKey !== undefined) return hubKey;
  try {
    const text = readFileSync(join(directory, 'hub.key'), 'utf8').trim();
    return /^[0-9a-f]{64}$/.test(text) ? Buffer.from(text, 'hex') : undefined;
  } catch {
    return undefined;
  }
}

const MOST_CHECKPOINT_BYTES = 65_536;
function outsideCheckpoints(
  { checkpoints, given = [] }: DirectoryOptions,
  keys: readonly VerifierKey[],
): readonly FoundCheckpoint[] {
  const found: FoundCheckpoint[] = given.map((note) => ({ note, what: 'checkpoint that was given' }));
  if (checkpoints === undefined) return found;
  for (const name of readdirSync(checkpoints).sort()) {
    const id = /^([0-9a-f]{16})-(?:facts|access)\.checkpoint$/.exec(name)?.[1];
    // other hubs may keep theirs in the same place
    if (id === undefined || !keys.some((key) => key.name.includes(`/${id}/`))) continue;
    const note = readFileSync(join(checkpoints, name), 'utf8').slice(0, MOST_CHECKPOINT_BYTES);
    found.push({ note, what: name });
  }
  return found;
}
