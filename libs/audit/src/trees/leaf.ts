import { hash } from 'node:crypto';
import type { StoredFact } from '#event-store/reader';
import { canonicalJson, HUB_SOURCE, instant, type Instant } from '#kernel';
import type { AccessRow } from '../access-log.ts';

/** What a leaf's commitment is of. `metadata` is canonical JSON. */
export interface LeafOpening {
  /** 16 bytes. */
  readonly nonce: Uint8Array;
  readonly source: string;
  readonly id: string;
  readonly stream: string;
  readonly metadata: string;
  readonly stored: Uint8Array;
}
/** A leaf as it is hashed: canonical JSON (RFC 8785) of `commitment`, `recordedTime`, `type` and `v`; at most 1 KiB. */
export interface Leaf {
  readonly leaf: string;
  readonly opening: LeafOpening;
}

const ACCESS_TYPE = 'uk.svd.hub.access-recorded.v1';

export function factLeaf(fact: StoredFact): Leaf {
  const { nonce, source, id, stream, stored } = fact;
  const opening = { nonce, source, id, stream, metadata: metadataText(fact.metadata), stored };
  return { leaf: leafText(fact.type, fact.recordedTime, commitmentOf(opening)), opening };
}

export function accessLeaf({ id, time, nonce, record }: AccessRow): Leaf {
  const opening = { nonce, source: HUB_SOURCE, id, stream: 'access', metadata: '{}', stored: record };
  return { leaf: leafText(ACCESS_TYPE, instant(time), commitmentOf(opening)), opening };
}

/** RFC 6962 §2.1: SHA-256 of 0x00 and the leaf. */
export const leafHash = (leaf: string): Buffer => hash('sha256', `\0${leaf}`, 'buffer');

const LENGTH_BYTES = 8;
/**
 * SHA-256 of the nonce and, each after its length as 8 bytes big-endian, source, id, stream, metadata and stored bytes. Hex.
 * It tells nothing that could be guessed to whom the nonce is not shown.
 */
export function commitmentOf({ nonce, source, id, stream, metadata, stored }: LeafOpening): string {
  const texts = [source, id, stream, metadata];
  const most = texts.reduce(
    (sum, text) => sum + LENGTH_BYTES + text.length * 3,
    nonce.length + LENGTH_BYTES + stored.length,
  );
  const bytes = Buffer.allocUnsafe(most);
  bytes.set(nonce);
  let end = nonce.length;
  for (const text of texts) {
    const length = bytes.write(text, end + LENGTH_BYTES);
    writeLength(bytes, length, end);
    end += LENGTH_BYTES + length;
  }
  writeLength(bytes, stored.length, end);
  bytes.set(stored, end + LENGTH_BYTES);
  return hash('sha256', bytes.subarray(0, end + LENGTH_BYTES + stored.length), 'hex');
}

function writeLength(bytes: Buffer, length: number, at: number): void {
  bytes.writeUInt32BE(0, at);
  bytes.writeUInt32BE(length, at + 4);
}

const leafText = (type: string, recordedTime: Instant, commitment: string): string =>
  `{"commitment":"${commitment}","recordedTime":"${recordedTime}","type":${JSON.stringify(type)},"v":1}`;

/** Facts of one feed share their metadata's object. */
const texts = new WeakMap<StoredFact['metadata'], string>();
function metadataText(metadata: StoredFact['metadata']): string {
  const known = texts.get(metadata);
  if (known !== undefined) return known;
  const text = canonicalJson(metadata);
  texts.set(metadata, text);
  return text;
}
