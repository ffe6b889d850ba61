import { createCipheriv, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { hmacSha256, positionNumber, type Position } from '#kernel';

/** Everything keyed that the hub keeps, derived from one master key of 32 bytes by HKDF-SHA-256 (RFC 5869). */
export class HubKeys {
  /** For {@link repeatKey}, and for nothing else. */
  readonly #repeat: KeyObject;
  readonly #results: KeyObject;
  readonly #quarantine: Uint8Array;
  readonly #master: Uint8Array;

  readonly #asAtKeys = new Map<string, Uint8Array>();

  /** @throws RangeError when the key has not 32 bytes. */
  constructor(master: Uint8Array) {
    if (master.length !== 32) throw new RangeError('the master key has 32 bytes');
    this.#master = master;
    this.#repeat = createSecretKey(this.#derive('repeat'));
    this.#results = createSecretKey(this.#derive('results'));
    this.#quarantine = this.#derive('quarantine');
  }

  #asAtKey(domain: string): Uint8Array {
    const known = this.#asAtKeys.get(domain);
    if (known !== undefined) return known;
    const key = this.#derive(domain);
    // consumers × purposes are few; whoever makes them many only loses the memory of them
    if (this.#asAtKeys.size >= 1_000) this.#asAtKeys.clear();
    this.#asAtKeys.set(domain, key);
    return key;
  }

  #derive(purpose: string): Uint8Array {
    return new Uint8Array(hkdfSync('sha256', this.#master, '', `svd-hub/${purpose}`, 32));
  }

  /** Tells a repeat from a reuse of an id without keeping a digest that anyone could compare: HMAC of the digest's hex. */
  repeatKey(digest: string): Uint8Array {
    return hmacSha256(this.#repeat, digest);
  }

  /** Evidence of what was answered, in the access record: HMAC of the digest that the consumer was given. Hex. */
  resultHmac(digest: string): string {
    return hmacSha256(this.#results, digest).toString('hex');
  }

  /**
   * Name of a held record: the same event held twice has one name, and the name tells nobody what was held.
   * 32 hexadecimal digits.
   */
  quarantineId(publisher: string, digest: string): string {
    return hmacSha256(this.#quarantine, `${publisher} ${digest}`).toString('hex').slice(0, 32);
  }

  /** Root of the keys that seal held records, one per publisher. */
  get quarantine(): Uint8Array {
    return this.#quarantine;
  }

  /**
   * `asAt` of an answer: a position that only the hub can read, different for each consumer and purpose, equal for equal
   * positions (an answer's ETag must not change by itself). AES-256 of one block; 22 characters of base64url.
   */
  asAt(consumer: string, purpose: string, at: Position | 'empty'): string {
    const key = this.#asAtKey(`as-at/${consumer}/${purpose}`);
    const block = Buffer.alloc(16);
    block.writeBigUInt64BE(at === 'empty' ? 0xffff_ffff_ffff_ffffn : BigInt(positionNumber(at)), 8);
    const cipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
    return Buffer.concat([cipher.update(block), cipher.final()]).toString('base64url');
  }
}
