import { commitmentOf, readLeaf } from './commitment.ts';
import { Findings, type Finding } from './findings.ts';
import { isIncluded, leafHash } from './rfc6962.ts';
import { isSignedBy, readHead, type VerifierKey } from './signed-note.ts';

/** A receipt as the hub gives it, once a checkpoint covers it. */
interface ProvenReceipt {
  readonly source: string;
  readonly id: string;
  readonly position: string;
  readonly recordedTime: string;
  readonly proof?: Proof;
}
interface Proof {
  readonly index: string;
  readonly size: string;
  readonly hashes: readonly string[];
  readonly checkpoint: string;
  readonly leaf: string;
  readonly opening: Readonly<Record<'nonce' | 'stream' | 'metadata' | 'type', string>>;
}

const bytes = (base64: string): Buffer => Buffer.from(base64, 'base64');

/**
 * Whether a receipt proves that these bytes (the canonical form of the event) are in the log; what is wrong when it doesn't.
 * @param receipt what its JSON says, whatever that is
 */
export function verifyReceipt(receipt: unknown, stored: Uint8Array, keys: readonly VerifierKey[]): readonly Finding[] {
  const findings = new Findings();
  const say = (code: Finding['code']): void => findings.add({ of: 'receipt', code });
  if (!isReceipt(receipt)) say('receipt-malformed');
  else if (receipt.proof === undefined) say('proof-missing');
  else for (const code of faults(receipt, receipt.proof, stored, keys)) say(code);
  return findings.sorted();
}

function* faults(
  { source, id, position, recordedTime }: ProvenReceipt,
  { checkpoint, hashes, opening, ...proof }: Proof,
  stored: Uint8Array,
  keys: readonly VerifierKey[],
): Generator<Finding['code']> {
  const { stream, metadata, type } = opening;
  const leaf = readLeaf(proof.leaf);
  if (leaf === undefined) yield 'leaf-malformed';
  const commitment = commitmentOf({ nonce: bytes(opening.nonce), source, id, stream, metadata, stored });
  if (leaf?.commitment !== commitment || leaf.type !== type || leaf.recordedTime !== recordedTime)
    yield 'leaf-unopened';
  const ours = keys.filter(({ name }) => name.endsWith('/facts'));
  const head = readHead(checkpoint);
  if (head === undefined || !isSignedBy(checkpoint, ours)) yield 'checkpoint-unsigned';
  const at = { index: Number(proof.index), size: Number(proof.size) };
  const isProven =
    head !== undefined &&
    proof.index === position &&
    at.size === head.size &&
    isIncluded(leafHash(proof.leaf), at, hashes.map(bytes), head.root);
  if (!isProven) yield 'proof-wrong';
}

const NUMBER = /^(?:0|[1-9][0-9]{0,15})$/;
const HASH = /^[A-Za-z0-9+/]{43}=$/;
type Members = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Members => typeof value === 'object' && value !== null;
const areTexts = (value: Members, names: readonly string[]): boolean =>
  names.every((name) => typeof value[name] === 'string');
const isNumber = (value: unknown): boolean => typeof value === 'string' && NUMBER.test(value);

function isReceipt(value: unknown): value is ProvenReceipt {
  if (!isObject(value) || !areTexts(value, ['source', 'id', 'recordedTime']) || !isNumber(value['position']))
    return false;
  return value['proof'] === undefined || isProof(value['proof']);
}

function isProof(value: unknown): value is Proof {
  if (!isObject(value) || !areTexts(value, ['checkpoint', 'leaf'])) return false;
  const { opening, hashes, index, size } = value;
  const isPath = Array.isArray(hashes) && hashes.every((hash) => typeof hash === 'string' && HASH.test(hash));
  const opens = isObject(opening) && areTexts(opening, ['nonce', 'stream', 'metadata', 'type']);
  return isPath && opens && isNumber(index) && isNumber(size);
}
