import { createPublicKey, hash, verify, type KeyObject } from 'node:crypto';

export interface VerifierKey {
  /** Also the origin of the log whose checkpoints it signs. */
  readonly name: string;
  readonly id: Uint8Array;
  readonly publicKey: KeyObject;
}
export interface Head {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
}

const ED25519 = 1;
/** DER of a SubjectPublicKeyInfo for Ed25519 (RFC 8410), before the key's 32 bytes. */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const KEY = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/;

/** `<name>+<key id>+<base64>` (C2SP signed-note); undefined for anything else, or when the id is not that of the key. */
export function parseVerifierKey(line: string): VerifierKey | undefined {
  const [, name, id, encoded] = KEY.exec(line.trim()) ?? [];
  if (name === undefined || id === undefined || encoded === undefined) return undefined;
  const typed = Buffer.from(encoded, 'base64');
  if (typed.length !== 33 || typed[0] !== ED25519) return undefined;
  const expected = hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), typed]), 'buffer').subarray(0, 4);
  if (expected.toString('hex') !== id) return undefined;
  const publicKey = createPublicKey({ key: Buffer.concat([SPKI, typed.subarray(1)]), format: 'der', type: 'spki' });
  return { name, id: expected, publicKey };
}

/** Every verifier key of a text, one a line. */
export const parseVerifierKeys = (text: string): readonly VerifierKey[] =>
  text.split('\n').flatMap((line) => parseVerifierKey(line) ?? []);

const SIGNATURE = /^— (\S+) ([A-Za-z0-9+/]+={0,2})$/;
const HEAD = /^([^\n]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\n/;
const MOST_SIGNATURES = 32;

/** What a checkpoint says, whoever signed it; undefined for what is none (C2SP tlog-checkpoint). */
export function readHead(note: string): Head | undefined {
  const [, origin, size, root] = HEAD.exec(note) ?? [];
  if (origin === undefined || root === undefined || !Number.isSafeInteger(Number(size))) return undefined;
  return { origin, size: Number(size), root: Buffer.from(root, 'base64') };
}

/** Whether one of the keys, under the name of the checkpoint's origin, signed it; others' signatures are passed over. */
export function isSignedBy(note: string, keys: readonly VerifierKey[]): boolean {
  const end = note.lastIndexOf('\n\n');
  const origin = readHead(note)?.origin;
  if (end === -1 || origin === undefined || !note.endsWith('\n')) return false;
  const text = Buffer.from(note.slice(0, end + 1));
  const lines = note.slice(end + 2, -1).split('\n');
  if (lines.length > MOST_SIGNATURES) return false;
  return lines.some((line) => {
    const [, name, encoded = ''] = SIGNATURE.exec(line) ?? [];
    const signature = Buffer.from(encoded, 'base64');
    return keys.some(
      (key) =>
        name === origin &&
        key.name === name &&
        Buffer.compare(signature.subarray(0, 4), key.id) === 0 &&
        verify(null, text, key.publicKey, signature.subarray(4)),
    );
  });
}
