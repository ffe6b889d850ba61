import { createHmac } from 'node:crypto';

/** The parts in order, each preceded by its length in bytes as 8 bytes, big-endian: no two lists of parts look the same. */
export function delimited(parts: readonly (string | Uint8Array)[]): Buffer {
  const chunks: Uint8Array[] = [];
  for (const part of parts) {
    const bytes = typeof part === 'string' ? Buffer.from(part, 'utf8') : part;
    const length = Buffer.alloc(8);
    length.writeBigUInt64BE(BigInt(bytes.byteLength));
    chunks.push(length, bytes);
  }
  return Buffer.concat(chunks);
}

/**
 * 32 lower-case hexadecimal digits: the first 128 bits of HMAC-SHA-256 (RFC 2104) over the {@link delimited} parts.
 * Says nothing about the parts to whoever lacks the key; the first part should name what is digested, so that one key
 * serves several uses.
 */
export const keyedDigest = (key: Uint8Array, ...parts: readonly (string | Uint8Array)[]): string =>
  createHmac('sha256', key).update(delimited(parts)).digest('hex').slice(0, 32);
