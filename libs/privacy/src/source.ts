/** What runs at an agency's own site: the key that never leaves it, and what is derived from it. */
export * from './key-file.ts';
export { keyedDigest } from './keyed-digest.ts';
