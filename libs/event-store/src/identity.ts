import { hash } from 'node:crypto';

/** 16 bytes for `source` + `id`; the length of `source` keeps ("a", "bc") and ("ab", "c") apart. */
export const identityKey = (source: string, id: string): Buffer =>
  hash('sha256', `${Buffer.byteLength(source)}:${source}${id}`, 'buffer').subarray(0, 16);
