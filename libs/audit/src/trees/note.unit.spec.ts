import { createHash, createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { openCheckpoint, rawPublicKey, signCheckpoint, verifierKey } from './note.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const head = { origin: 'svd-hub/0123456789abcdef/facts', size: 42, root: Buffer.alloc(32, 9) };

describe('a checkpoint', () => {
  it('is a signed note of origin, size and root', () => {
    const note = signCheckpoint(head, privateKey);
    const [text, signature] = note.split('\n\n');
    expect(text).toBe(`${head.origin}\n42\n${head.root.toString('base64')}`);
    expect(signature).toMatch(/^— svd-hub\/0123456789abcdef\/facts [A-Za-z0-9+/]+=*\n$/);
    expect(openCheckpoint(note, publicKey)).toEqual(head);
  });

  it('has a verifier key of name, id and public key', () => {
    const name = 'example.com/foo';
    const raw = rawPublicKey(privateKey);
    const [, id, encoded = ''] = /^example\.com\/foo\+([0-9a-f]{8})\+(.*)$/.exec(verifierKey(name, raw)) ?? [];
    expect(Buffer.from(encoded, 'base64')).toEqual(Buffer.concat([Buffer.of(1), raw]));
    const hashed = createHash('sha256').update(`${name}\n`).update(Buffer.of(1)).update(raw).digest('hex');
    expect(id).toBe(hashed.slice(0, 8));
    expect(rawPublicKey(publicKey)).toEqual(raw);
  });

  it('does not open when anything of it is changed, or under another key', () => {
    const note = signCheckpoint(head, privateKey);
    const other = generateKeyPairSync('ed25519');
    expect(openCheckpoint(note, other.publicKey)).toBeUndefined();
    expect(openCheckpoint(signCheckpoint(head, other.privateKey), publicKey)).toBeUndefined();
    for (let at = 0; at < note.length; at++) {
      const changed = `${note.slice(0, at)}${note[at] === 'A' ? 'B' : 'A'}${note.slice(at + 1)}`;
      // the last character of base64 may hold bits that mean nothing
      const opened = openCheckpoint(changed, publicKey);
      if (opened !== undefined) expect(opened).toEqual(head);
    }
    for (const changed of [`${note}\n`, note.slice(0, -1), note.replace('\n42\n', '\n042\n'), `\n${note}`, ''])
      expect(openCheckpoint(changed, publicKey)).toBeUndefined();
  });

  it('signs the same head the same way', () => {
    const again = createPrivateKey(privateKey.export({ format: 'pem', type: 'pkcs8' }));
    expect(signCheckpoint(head, again)).toBe(signCheckpoint(head, privateKey));
  });
});
