import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AccessFile } from './access-file.ts';
import { checkArtefacts } from './artefact-files.ts';
import { givenCheckpoints, vouchedCheckpoints, type FoundCheckpoint, type Log } from './checkpoints.ts';
import { FactsFile, type Anchor, type Named } from './facts-file.ts';
import { Findings, type Finding } from './findings.ts';
import { LogCheck, type KeptLeaves, type VouchedRoot } from './log-check.ts';
import { parseVerifierKeys, readHead, type VerifierKey } from './signed-note.ts';
import { isDamage } from './snapshot.ts';
import { TreeFile } from './tree-file.ts';
import { NOT_READ, verdictOf, type LogVerdict, type Note, type Verdict } from './verdict.ts';

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

/**
 * Reads a data directory, of a hub that runs or one that doesn't, and holds both logs against their trees and every
 * checkpoint. Takes no lock and writes nothing. Time and memory: one pass over each file, and memory that does not grow with
 * the logs but for the names of streams and a hash for each minute in which anything was asked.
 * @throws NotReadable when something keeps it from looking, or what the file system throws; neither accuses anybody
 */
export function verifyDirectory(directory: string, options: DirectoryOptions = {}): Verdict {
  // of no directory nobody says that files are missing in it
  readdirSync(directory);
  const findings = new Findings();
  const notes: Note[] = [];
  const keys = keysOf(directory, options, notes);
  const hubKey = hubKeyOf(directory, options);
  if (hubKey === undefined) notes.push('repeats-unchecked');
  // the oldest first: what is read later is never shorter than what vouches for it
  const outside = (log: Log): readonly FoundCheckpoint[] => outsideCheckpoints(log, options, keys);
  const found = { facts: outside('facts'), access: outside('access') };
  const trees = opened(directory, 'trees.db', findings, (file) => new TreeFile(file));
  const facts = opened(directory, 'facts.db', findings, (file) => new FactsFile(file, findings, hubKey));
  const access = opened(directory, 'access.db', findings, (file) => new AccessFile(file, findings));
  const parts = { trees, findings, keys, given: options.given ?? [] };
  try {
    let named: Named = { anchors: [], artefacts: new Map() };
    const ofFacts = checkLog(
      'facts',
      { ...parts, outside: found.facts },
      [],
      facts && ((check) => void (named = facts.check(check))),
    );
    const anchors = anchorRoots(named.anchors.filter(({ index }) => !findings.isNamed('facts', index)));
    const ofAccess = checkLog(
      'access',
      { ...parts, outside: found.access },
      anchors,
      access && ((check) => access.check(check)),
    );
    if (options.checkpoints !== undefined) {
      // a checkpoint is outside before it is in the tree
      for (const [log, { newest }] of Object.entries({ facts: ofFacts, access: ofAccess }))
        if (newestSize(outside(log as Log)) < newest)
          findings.add({ of: log as Log, code: 'checkpoint-missing', what: options.checkpoints });
    }
    guarded('trees', findings, () => trees?.checkNames(LOGS, findings));
    for (const [of, file] of Object.entries({ trees, facts, access }))
      guarded(of as Finding['of'], findings, () => {
        if (file?.isWhole() === false) findings.add({ of: of as Finding['of'], code: 'file-damaged' });
      });
    checkArtefacts(join(directory, 'artefacts'), named.artefacts, findings);
    return verdictOf(findings, { facts: ofFacts.verdict, access: ofAccess.verdict, notes });
  } finally {
    for (const file of [trees, facts, access]) file?.close();
  }
}

interface Parts {
  readonly trees: TreeFile | undefined;
  readonly findings: Findings;
  readonly keys: readonly VerifierKey[];
  readonly outside: readonly FoundCheckpoint[];
  readonly given: readonly string[];
}

/** `newest`: leaves of the newest checkpoint in the tree that is signed. */
function checkLog(
  log: Log,
  { trees, findings, keys, outside, given }: Parts,
  anchors: readonly VouchedRoot[],
  feed: ((check: LogCheck) => void) | undefined,
): { readonly verdict: LogVerdict; readonly newest: number } {
  let [kept, leaves]: [readonly VouchedRoot[], number] = [[], 0];
  let hashes: KeptLeaves | undefined;
  guarded('trees', findings, () => {
    const inTree = trees?.checkpoints(log).map(({ size, note }) => ({ size, note, what: `trees.db ${size}` })) ?? [];
    kept = vouchedCheckpoints(log, inTree, keys, findings);
    leaves = trees?.leaves(log) ?? 0;
    hashes = trees?.kept(log);
  });
  const newest = kept.at(-1)?.size ?? 0;
  guarded('trees', findings, () => trees?.check(log, Math.max(leaves, newest), findings));
  const others = vouchedCheckpoints(log, [...outside, ...givenCheckpoints(given, log)], keys, findings);
  if (feed === undefined) return { verdict: NOT_READ, newest };
  const checkpoints = [...kept, ...others];
  const check = new LogCheck(log, findings, { vouched: [...checkpoints, ...anchors], kept: hashes });
  guarded(log, findings, () => feed(check), check);
  check.end(leaves);
  const root = Buffer.from(check.root()).toString('hex');
  return { verdict: { size: check.length, covered: check.covered, root, checkpoints: checkpoints.length }, newest };
}

/** A file that SQLite can't read is a finding, never a crash. */
function guarded(of: Finding['of'], findings: Findings, work: () => void, check?: LogCheck): void {
  try {
    work();
  } catch (error) {
    if (isDamage(error))
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

function keysOf(directory: string, { keys }: DirectoryOptions, notes: Note[]): readonly VerifierKey[] {
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
const NAME = /^([0-9a-f]{16})-(facts|access)\.checkpoint$/;

function outsideCheckpoints(
  log: Log,
  { checkpoints }: DirectoryOptions,
  keys: readonly VerifierKey[],
): readonly FoundCheckpoint[] {
  if (checkpoints === undefined) return [];
  return readdirSync(checkpoints)
    .sort()
    .flatMap((name) => {
      const [, id = '', of] = NAME.exec(name) ?? [];
      // other hubs may keep theirs in the same place
      if (of !== log || !keys.some((key) => key.name.includes(`/${id}/`))) return [];
      return [{ note: readFileSync(join(checkpoints, name), 'utf8').slice(0, MOST_CHECKPOINT_BYTES), what: name }];
    });
}

const newestSize = (found: readonly FoundCheckpoint[]): number =>
  Math.max(0, ...found.map(({ note }) => readHead(note)?.size ?? 0));

const anchorRoots = (anchors: readonly Anchor[]): readonly VouchedRoot[] =>
  anchors.map(({ index, size, root }) => ({ size, root, what: `fact ${index}`, kind: 'anchor' }));
