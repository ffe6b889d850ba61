import { createPrivateKey, createPublicKey, generateKeyPairSync, hash, randomBytes, type KeyObject } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isSystemError, Problem } from '#kernel';
import { LOGS, type LogName } from '../log-trees.ts';
import { rawPublicKey, verifierKey } from './note.ts';

/** What signs the checkpoints of a hub, and names its logs. */
export interface LogKey {
  /** 16 hexadecimal digits of the public key's digest. */
  readonly id: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const KEY_FILE = 'log.key';
const VERIFIER_KEYS_FILE = 'log.vkey';

/** Name of a log, and of the key that signs its checkpoints. */
export const originOf = ({ id }: LogKey, log: LogName): string => `svd-hub/${id}/${log}`;
export const verifierKeyOf = (key: LogKey, log: LogName): string =>
  verifierKey(originOf(key, log), rawPublicKey(key.publicKey));

/**
 * The key in `directory`, made when there is none: Ed25519, PKCS#8, readable by its owner alone. `log.vkey` beside it holds
 * the verifier key of each log, a line each, for auditors.
 * @throws Problem `log-key-unsafe` when others can read it, `log-key-invalid` when it holds no such key.
 */
export function loadOrCreateLogKey(directory: string): LogKey {
  const key = readKey(join(directory, KEY_FILE)) ?? createKey(directory);
  const keys = LOGS.map((log) => `${verifierKeyOf(key, log)}\n`).join('');
  if (readIfThere(join(directory, VERIFIER_KEYS_FILE)) !== keys) writeWhole(join(directory, VERIFIER_KEYS_FILE), keys);
  return key;
}

function readKey(file: string): LogKey | undefined {
  const pem = readIfThere(file);
  if (pem === undefined) return undefined;
  if ((statSync(file).mode & 0o077) !== 0) throw new Problem('log-key-unsafe');
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(pem);
  } catch {
    throw new Problem('log-key-invalid');
  }
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new Problem('log-key-invalid');
  return keyOf(privateKey);
}

function createKey(directory: string): LogKey {
  const { privateKey } = generateKeyPairSync('ed25519');
  writeWhole(join(directory, KEY_FILE), privateKey.export({ format: 'pem', type: 'pkcs8' }).toString());
  return keyOf(privateKey);
}

function keyOf(privateKey: KeyObject): LogKey {
  const publicKey = createPublicKey(privateKey);
  return { id: hash('sha256', rawPublicKey(publicKey), 'hex').slice(0, 16), privateKey, publicKey };
}

export function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Whole or not at all, and durable when it returns. Readable by its owner alone. */
export function writeWhole(file: string, text: string): void {
  const aside = `${file}.${randomBytes(4).toString('hex')}`;
  try {
    const handle = openSync(aside, 'wx', 0o600);
    try {
      // not writeSync, which may write a part: what a disk has room for
      writeFileSync(handle, text);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(aside, file);
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
  const folder = openSync(dirname(file), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
