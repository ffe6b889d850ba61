import { createPublicKey, hash, sign, verify, type KeyObject } from 'node:crypto';

/** What a checkpoint says: the tree head of a log (C2SP tlog-checkpoint). */
export interface TreeHead {
  readonly origin: string;
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
}

const ED25519 = 1;
const KEY_BYTES = 32;

export const rawPublicKey = (key: KeyObject): Buffer => {
  const der = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'der', type: 'spki' });
  return der.subarray(der.length - KEY_BYTES);
};

/** C2SP signed-note: the first four bytes of SHA-256 of the key's name, a newline, its kind and the key. */
const keyId = (name: string, publicKey: Uint8Array): Buffer =>
  hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(ED25519), publicKey]), 'buffer').subarray(0, 4);

/** `<name>+<key id>+<base64 of the kind and the key>` */
export function verifierKey(name: string, publicKey: Uint8Array): string {
  const typed = Buffer.concat([Buffer.of(ED25519), publicKey]).toString('base64');
  return `${name}+${keyId(name, publicKey).toString('hex')}+${typed}`;
}

/** The signed note of a tree head, under the key whose name is the log's origin. */
export function signCheckpoint({ origin, size, root }: TreeHead, privateKey: KeyObject): string {
  const text = `${origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`;
  const signature = Buffer.concat([keyId(origin, rawPublicKey(privateKey)), sign(null, Buffer.from(text), privateKey)]);
  return `${text}\n— ${origin} ${signature.toString('base64')}\n`;
}

const CHECKPOINT = /^([^\n]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\n\n— (\S+) ([A-Za-z0-9+/]+={0,2})\n$/;

/** Reads a note that {@link signCheckpoint} made; undefined for any other, or when its signature doesn't hold under the key. */
export function openCheckpoint(note: string, publicKey: KeyObject): TreeHead | undefined {
  const [, origin = '', size = '', root = '', name = '', encoded = ''] = CHECKPOINT.exec(note) ?? [];
  if (origin === '' || name !== origin) return undefined;
  const signature = Buffer.from(encoded, 'base64');
  const text = Buffer.from(`${origin}\n${size}\n${root}\n`);
  if (!signature.subarray(0, 4).equals(keyId(name, rawPublicKey(publicKey)))) return undefined;
  if (!verify(null, text, publicKey, signature.subarray(4))) return undefined;
  return { origin, size: Number(size), root: Buffer.from(root, 'base64') };
}
