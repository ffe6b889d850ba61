import { commitmentOf, readLeaf } from './commitment.ts';
import { Findings, type Finding } from './findings.ts';
import { isIncluded, leafHash } from './rfc6962.ts';
import { isSignedBy, readHead, type VerifierKey } from './signed-note.ts';

/** A receipt as the hub gives it, once a checkpoint covers it. */
export interface ProvenReceipt {
  readonly source: string;
  readonly id: string;
  readonly position: string;
  readonly recordedTime: string;
  readonly proof?: {
    readonly index: string;
    readonly size: string;
    readonly hashes: readonly string[];
    readonly checkpoint: string;
    readonly leaf: string;
    readonly opening: {
      readonly nonce: string;
      readonly stream: string;
      readonly metadata: string;
      readonly type: string;
    };
  };
}

const bytes = (base64: string): Buffer => Buffer.from(base64, 'base64');

/** Whether a receipt proves that these bytes (the canonical form of the event) are in the log; what is wrong when it doesn't. */
export function verifyReceipt(
  receipt: ProvenReceipt,
  stored: Uint8Array,
  keys: readonly VerifierKey[],
): readonly Finding[] {
  const findings = new Findings();
  const say = (code: Finding['code'], what?: string): void =>
    findings.add({ of: 'receipt', code, ...(what === undefined ? {} : { what }) });
  const { proof, source, id } = receipt;
  if (proof === undefined) {
    say('leaf-unopened', 'no proof yet');
    return findings.sorted();
  }
  const { nonce, stream, metadata, type } = proof.opening;
  const leaf = readLeaf(proof.leaf);
  if (leaf === undefined) say('leaf-malformed');
  const commitment = commitmentOf({ nonce: bytes(nonce), source, id, stream, metadata, stored });
  const opens = leaf?.commitment === commitment && leaf.type === type && leaf.recordedTime === receipt.recordedTime;
  if (!opens) say('leaf-unopened');
  const head = readHead(proof.checkpoint);
  if (
    head === undefined ||
    !isSignedBy(
      proof.checkpoint,
      keys.filter(({ name }) => name.endsWith('/facts')),
    )
  )
    say('checkpoint-unsigned');
  const at = { index: Number(proof.index), size: Number(proof.size) };
  const path = proof.hashes.map(bytes);
  const proven =
    head !== undefined &&
    proof.index === receipt.position &&
    at.size === head.size &&
    isIncluded(leafHash(proof.leaf), at, path, head.root);
  if (!proven) say('proof-wrong');
  return findings.sorted();
}
