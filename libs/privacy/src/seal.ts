import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { Problem } from '#kernel';
import { delimited } from './keyed-digest.ts';

/** What a sealed record is bound to: it opens under the same publisher and the same record id only. */
export interface SealContext {
  /** Agency whose record it is; each has a key of its own, derived from the hub's. */
  readonly publisher: string;
  /** Id of the record, e.g. of the quarantine. */
  readonly record: string;
}

const VERSION = 1;
const NONCE = 12;
const TAG = 16;

/**
 * AES-256-GCM (NIST SP 800-38D) with a random nonce, under HKDF-SHA-256 (RFC 5869) of `key` for the publisher; the
 * publisher and the record id are authenticated beside it.
 * Shape: version byte 1, 12-byte nonce, ciphertext as long as `bytes`, 16-byte tag. The length is not hidden.
 * A caller keeps under 2³² records a publisher and never seals under a key shorter than 32 bytes (throws RangeError).
 */
export function sealFor(key: Uint8Array, context: SealContext, bytes: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', publisherKey(key, context), nonce, { authTagLength: TAG });
  cipher.setAAD(bound(context));
  return Buffer.concat([Buffer.of(VERSION), nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
}

/**
 * The bytes that {@link sealFor} sealed for the same context under the same key.
 * @throws Problem `seal-broken` on another key, publisher or record, or where one bit was changed; it says no more.
 */
export function openFor(key: Uint8Array, context: SealContext, sealed: Uint8Array): Buffer {
  if (sealed.byteLength < 1 + NONCE + TAG || sealed[0] !== VERSION) throw new Problem('seal-broken');
  const nonce = sealed.subarray(1, 1 + NONCE);
  const body = sealed.subarray(1 + NONCE, sealed.byteLength - TAG);
  const decipher = createDecipheriv('aes-256-gcm', publisherKey(key, context), nonce, { authTagLength: TAG });
  decipher.setAAD(bound(context));
  decipher.setAuthTag(sealed.subarray(sealed.byteLength - TAG));
  try {
    return Buffer.concat([decipher.update(body), decipher.final()]);
  } catch {
    throw new Problem('seal-broken');
  }
}

function publisherKey(key: Uint8Array, context: SealContext): Uint8Array {
  if (key.byteLength < 32) throw new RangeError('a master key has 32 bytes');
  return new Uint8Array(
    hkdfSync('sha256', key, Buffer.alloc(0), delimited(['svd-hub/held/v1', context.publisher]), 32),
  );
}

const bound = (context: SealContext): Buffer => delimited(['svd-hub/held/v1', context.publisher, context.record]);
