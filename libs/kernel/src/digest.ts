import { createHmac, hash, timingSafeEqual, type KeyObject } from 'node:crypto';
import type { Sha256 } from './ids.ts';

export const sha256 = (bytes: Uint8Array | string): Sha256 => hash('sha256', bytes, 'hex') as Sha256;
export const sha256Bytes = (bytes: Uint8Array | string): Buffer => hash('sha256', bytes, 'buffer');
export const isSha256 = (text: string): text is Sha256 => /^[0-9a-f]{64}$/.test(text);

/** HMAC-SHA-256, 32 bytes. A key that is used often should be a `KeyObject`: Node takes five times as long over bytes. */
export const hmacSha256 = (key: Uint8Array | KeyObject, bytes: Uint8Array | string): Buffer =>
  createHmac('sha256', key).update(bytes).digest();

/** Equal bytes, in a time that depends on the length alone. */
export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b);
