/** What runs in the hub: keys at rest, and records sealed for one publisher. */
export * from './key-file.ts';
export { keyedDigest } from './keyed-digest.ts';
export * from './seal.ts';
