import { createHash } from 'node:crypto';

/** What a leaf commits to, as it lies in the log or in a bundle. */
export interface Opening {
  readonly nonce: Uint8Array;
  readonly source: string;
  readonly id: string;
  readonly stream: string;
  /** As it is kept: canonical JSON. */
  readonly metadata: string;
  readonly stored: Uint8Array;
}

const NONCE_BYTES = 16;
/**
 * SHA-256 of the nonce and, each after its length as 8 bytes big-endian, source, id, stream, metadata and stored bytes. Hex;
 * empty for a nonce that is not of 16 bytes: of any length, one could open a leaf in two ways.
 */
export function commitmentOf({ nonce, source, id, stream, metadata, stored }: Opening): string {
  if (nonce.length !== NONCE_BYTES) return '';
  const sha = createHash('sha256').update(nonce);
  for (const part of [source, id, stream, metadata, stored]) {
    const bytes = typeof part === 'string' ? Buffer.from(part) : part;
    const length = Buffer.alloc(8);
    length.writeBigUInt64BE(BigInt(bytes.length));
    sha.update(length).update(bytes);
  }
  return sha.digest('hex');
}

/** Canonical JSON of a leaf's four members. `recorded` in milliseconds since 1970. */
export const leafText = (type: string, recorded: number, commitment: string): string =>
  `{"commitment":"${commitment}","recordedTime":"${new Date(recorded).toISOString()}","type":${JSON.stringify(type)},"v":1}`;

const LEAF =
  /^\{"commitment":"([0-9a-f]{64})","recordedTime":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)","type":("(?:[^"\\]|\\.)*"),"v":1\}$/;

export interface ReadLeaf {
  readonly commitment: string;
  readonly recordedTime: string;
  readonly type: string;
}
const MOST_CHARACTERS = 1_024;
/** Reads a leaf's text; undefined for any other text. */
export function readLeaf(leaf: string): ReadLeaf | undefined {
  if (leaf.length > MOST_CHARACTERS) return undefined;
  const [, commitment, recordedTime, type] = LEAF.exec(leaf) ?? [];
  if (commitment === undefined || recordedTime === undefined || type === undefined) return undefined;
  try {
    return { commitment, recordedTime, type: JSON.parse(type) as string };
  } catch {
    return undefined;
  }
}

export const ACCESS_RECORDED = 'uk.svd.hub.access-recorded.v1';
export const ANCHORED = 'uk.svd.hub.access-log-anchored.v1';
export const HUB = 'urn:svd:hub';
