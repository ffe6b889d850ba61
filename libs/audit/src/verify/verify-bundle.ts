import type { AccessEntry } from './access-file.ts';
import { ACCESS_RECORDED, ANCHORED, commitmentOf, HUB, readLeaf, type Opening, type ReadLeaf } from './commitment.ts';
import { givenCheckpoints, vouchedCheckpoints, type FoundCheckpoint, type Log } from './checkpoints.ts';
import { readAnchor, type Anchor } from './facts-file.ts';
import { Findings, type FindingCode } from './findings.ts';
import { LogCheck, type VouchedRoot } from './log-check.ts';
import { leafHash } from './rfc6962.ts';
import { parseVerifierKey, readHead, type VerifierKey } from './signed-note.ts';
import { NOT_READ, verdictOf, type LogVerdict, type Note, type Verdict } from './verdict.ts';

export interface BundleOptions {
  /** Verifier keys of both logs. Those of the bundle when absent. */
  readonly keys?: readonly VerifierKey[];
  /** Checkpoints that the auditor was given at some time. */
  readonly given?: readonly string[];
  /** Told of each access record that its leaf commits to, in order, before anything says that the leaf was signed. */
  readonly onRecord?: (entry: AccessEntry) => void;
}
export interface BundleVerdict extends Verdict {
  /** Notes of the heads that the bundle was made under, for the auditor to keep. */
  readonly heads: Readonly<Record<Log, string | undefined>>;
  readonly keys: Readonly<Record<Log, string>>;
}
const LOGS: readonly Log[] = ['facts', 'access'];

interface HeadLine {
  readonly bundle: 'svd-hub-audit';
  readonly v: 1;
  readonly logs: Readonly<Record<Log, { readonly key: string; readonly checkpoint: string | null }>>;
}
interface LeafLine {
  readonly log: Log;
  readonly index: number;
  readonly leaf: string;
  readonly opening?: Readonly<Record<'nonce' | 'source' | 'id' | 'stream' | 'metadata' | 'stored', string>>;
}
type Line = Readonly<Record<string, unknown>>;

/** Checks a bundle line by line as it comes; nothing of it is held in memory but the roots that its checkpoints and anchors vouch for. */
export async function verifyBundle(lines: AsyncIterable<string>, options: BundleOptions = {}): Promise<BundleVerdict> {
  const bundle = new BundleCheck(options);
  for await (const text of lines) if (!bundle.take(text)) break;
  return bundle.end();
}

class BundleCheck {
  readonly #findings = new Findings();
  readonly #givenKeys: readonly VerifierKey[] | undefined;
  readonly #given: readonly string[];
  readonly #onRecord: (entry: AccessEntry) => void;
  readonly #vouched: Record<Log, VouchedRoot[]> = { facts: [], access: [] };
  readonly #anchors: Anchor[] = [];
  readonly #verdicts: Partial<Record<Log, LogVerdict>> = {};
  #keys: readonly VerifierKey[] = [];
  #head: HeadLine | undefined;
  #log: Log = 'facts';
  #check: LogCheck | undefined;
  #before = '';
  #line = 0;
  #ended = false;

  constructor({ keys, given = [], onRecord = () => undefined }: BundleOptions) {
    this.#givenKeys = keys;
    this.#given = given;
    this.#onRecord = onRecord;
  }

  /** False when nothing that follows could be understood. */
  take(text: string): boolean {
    this.#line++;
    const line = parsed(text);
    if (line === undefined || this.#ended) return this.#malformed();
    if (this.#head === undefined) return this.#takeHead(line);
    if ('end' in line) return this.#takeEnd(line);
    if ('checkpoint' in line) return this.#takeCheckpoint(line);
    return this.#takeLeaf(line);
  }

  end(): BundleVerdict {
    if (!this.#ended) this.#findings.add({ of: 'bundle', code: 'bundle-incomplete', what: `after line ${this.#line}` });
    const { facts = this.#unended('facts'), access = this.#unended('access') } = this.#verdicts;
    const notes: Note[] = this.#givenKeys === undefined ? ['key-from-bundle'] : [];
    return {
      ...verdictOf(this.#findings, { facts, access, notes }),
      heads: {
        facts: this.#head?.logs.facts.checkpoint ?? undefined,
        access: this.#head?.logs.access.checkpoint ?? undefined,
      },
      keys: { facts: this.#head?.logs.facts.key ?? '', access: this.#head?.logs.access.key ?? '' },
    };
  }

  #takeHead(line: Line): boolean {
    if (!isHead(line)) return this.#malformed();
    this.#head = line;
    const own = LOGS.flatMap((log) => parseVerifierKey(line.logs[log].key) ?? []);
    this.#keys = this.#givenKeys ?? own;
    for (const log of LOGS) {
      const { checkpoint } = line.logs[log];
      if (checkpoint !== null) this.#vouch(log, [{ note: checkpoint, what: 'head of the bundle' }]);
      this.#vouch(log, givenCheckpoints(this.#given, log));
    }
    return true;
  }

  #takeCheckpoint({ log, checkpoint }: Line): boolean {
    if (!isLog(log) || typeof checkpoint !== 'string' || this.#check !== undefined || this.#log === 'access')
      return this.#malformed();
    this.#vouch(log, [{ note: checkpoint, what: `line ${this.#line}` }]);
    return true;
  }

  #vouch(log: Log, found: readonly FoundCheckpoint[]): void {
    this.#vouched[log].push(...vouchedCheckpoints(log, found, this.#keys, this.#findings));
  }

  #takeLeaf(line: Line): boolean {
    if (!isLeafLine(line)) return this.#malformed();
    if (line.log === 'facts' && this.#log === 'access') return this.#malformed();
    if (line.log === 'access' && this.#log === 'facts') this.#turnToAccess();
    const check = this.#checking();
    const leaf = readLeaf(line.leaf);
    if (line.index !== check.length) return this.#malformed();
    if (leaf === undefined) this.#say('leaf-malformed', line.index);
    else this.#open(line, leaf);
    check.add(leafHash(line.leaf));
    return true;
  }

  /** An access record, and a fact that anchors the access log, come with what their leaf commits to. */
  #open({ log, index, opening }: LeafLine, leaf: ReadLeaf): void {
    if (leaf.recordedTime < this.#before) this.#say('time-falls', index);
    this.#before = leaf.recordedTime;
    const expected = log === 'access' ? leaf.type === ACCESS_RECORDED : true;
    if (!expected) this.#say('leaf-malformed', index);
    if (opening === undefined) {
      if (log === 'access' || leaf.type === ANCHORED) this.#say('leaf-unopened', index);
      return;
    }
    const { source, id, stream, metadata } = opening;
    const opened: Opening = {
      source,
      id,
      stream,
      metadata,
      nonce: bytes(opening.nonce),
      stored: bytes(opening.stored),
    };
    if (commitmentOf(opened) !== leaf.commitment) this.#say('leaf-unopened', index);
    else if (log === 'access') this.#onRecord({ number: index, time: leaf.recordedTime, record: opened.stored });
    else if (source === HUB && leaf.type === ANCHORED) this.#anchors.push(...readAnchor(index, opened.stored));
  }

  #takeEnd(line: Line): boolean {
    if (this.#log === 'facts') this.#turnToAccess();
    this.#finish('access');
    if (line['end'] !== true || !LOGS.every((log) => line[log] === this.#verdicts[log]?.size && this.#isWhole(log)))
      return this.#malformed();
    this.#ended = true;
    return true;
  }

  /** The head is of all that follows it: who keeps it keeps no less than was shown. */
  #isWhole(log: Log): boolean {
    const checkpoint = this.#head?.logs[log].checkpoint ?? undefined;
    const size = checkpoint === undefined ? 0 : readHead(checkpoint)?.size;
    return size === this.#verdicts[log]?.size;
  }

  #turnToAccess(): void {
    this.#finish('facts');
    this.#log = 'access';
    this.#check = undefined;
    this.#before = '';
  }

  #checking(): LogCheck {
    if (this.#check !== undefined) return this.#check;
    const vouched = this.#vouched[this.#log];
    if (this.#log === 'access')
      for (const { index, size, root } of this.#anchors)
        vouched.push({ size, root, what: `fact ${index}`, kind: 'anchor' });
    return (this.#check = new LogCheck(this.#log, this.#findings, { vouched }));
  }

  #finish(log: Log): LogVerdict {
    const check = this.#checking();
    // a bundle holds no more leaves than the head that it was made under covers
    check.end(check.length);
    return (this.#verdicts[log] = this.#seen(check));
  }

  /** Of a log whose leaves end before the log does. */
  #unended(log: Log): LogVerdict {
    if (this.#head === undefined || this.#log !== log) return NOT_READ;
    const check = this.#checking();
    check.stop();
    return this.#seen(check);
  }

  #seen(check: LogCheck): LogVerdict {
    const checkpoints = this.#vouched[this.#log].filter(({ kind }) => kind === 'checkpoint').length;
    const root = Buffer.from(check.root()).toString('hex');
    return { size: check.length, covered: check.covered, root, checkpoints };
  }

  #say(code: FindingCode, index: number): void {
    this.#findings.add({ of: this.#log, code, index });
  }

  #malformed(): false {
    this.#findings.add({ of: 'bundle', code: 'bundle-malformed', what: `line ${this.#line}` });
    return false;
  }
}

const bytes = (base64: string): Buffer => Buffer.from(base64, 'base64');
const isLog = (value: unknown): value is Log => value === 'facts' || value === 'access';

function parsed(text: string): Line | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Line) : undefined;
  } catch {
    return undefined;
  }
}

function isHead(line: Line): line is Line & HeadLine {
  const logs = line['logs'] as Partial<Record<Log, Partial<HeadLine['logs'][Log]> | null>> | null | undefined;
  const isOne = (log: Log): boolean => {
    const one = logs?.[log];
    return typeof one?.key === 'string' && (one.checkpoint === null || typeof one.checkpoint === 'string');
  };
  return line['bundle'] === 'svd-hub-audit' && line['v'] === 1 && LOGS.every(isOne);
}

const OPENING = ['nonce', 'source', 'id', 'stream', 'metadata', 'stored'];
function isLeafLine(line: Line): line is Line & LeafLine {
  const opening = line['opening'] as Readonly<Record<string, unknown>> | null | undefined;
  const opens =
    opening === undefined ||
    (typeof opening === 'object' && opening !== null && OPENING.every((part) => typeof opening[part] === 'string'));
  return isLog(line['log']) && Number.isSafeInteger(line['index']) && typeof line['leaf'] === 'string' && opens;
}
