import type { LegalLabel, Obligation, Principal, Refusal } from '#contracts';
import { canonicalJson, sha256, type AgencyId, type Sha256 } from '#kernel';

/** What stands beside the data of every answer: under what it was given, and what was kept back. */
export interface Sharing {
  readonly agreements: readonly {
    readonly id: string;
    readonly version: number;
    readonly clauses: readonly string[];
    readonly gateway: string;
    /** Whose rows it let you see. */
    readonly publishers: readonly AgencyId[];
    /** Of an open grant: under which licence, and where, the same detail is already published. Cite both. */
    readonly licence?: string;
    readonly address?: string;
  }[];
  readonly purpose: string;
  readonly precision: { readonly place: string; readonly time: string };
  readonly withheld: readonly { readonly what: string; readonly reason: string }[];
  /** What the recipient owes for it, each with the agreement that asks it. */
  readonly obligations: readonly Obligation[];
  /** What law attaches to it, sorted; empty where nothing does. */
  readonly labels: readonly LegalLabel[];
  readonly release?: string;
  /** Opaque; that of a statistic is its release's. Never a position. */
  readonly asAt: string;
  /** SHA-256 of the canonical form of `data`: what the access record keeps an HMAC of. */
  readonly digest: Sha256;
  readonly disclosureId: string;
}

/**
 * How an answer is written out other than as JSON: what is written may use nothing but the data and its sharing, or what
 * the data commits to, since the digest of the data is all that the access record keeps of it.
 */
export interface Rendering<T> {
  readonly mediaType: string;
  body(data: T, sharing: Sharing): string | Uint8Array | AsyncIterable<string>;
}

/** Known to this module alone: `private` is gone once the types are, a symbol that nobody else holds is not. */
const MAKER = Symbol('disclose');
let construct: <T>(who: Principal, data: T, sharing: Sharing, rendering?: Rendering<T>) => Disclosed<T>;

/**
 * An answer that went through `disclose`, for one person of one agency. The brand is a private field, so that no other
 * code, and no look-alike object, can pass for one: the edge refuses to send anything else from a route that discloses.
 * `status`, `headers` and `body` are what the edge writes.
 */
export class Disclosed<T> {
  readonly #who: Principal;
  readonly #data: T;
  readonly #sharing: Sharing;
  readonly status = 200;
  readonly headers: { readonly etag: string; readonly 'content-type': string };
  readonly body: string | Uint8Array | AsyncIterable<string>;

  /** @throws TypeError for anyone but {@link constructDisclosed} */
  private constructor(maker: symbol, who: Principal, data: T, sharing: Sharing, rendering?: Rendering<T>) {
    if (maker !== MAKER) throw new TypeError('only disclose makes an answer');
    this.#who = who;
    this.#data = data;
    this.#sharing = sharing;
    const { disclosureId: _, ...steady } = sharing;
    const type = rendering?.mediaType ?? 'application/json; charset=utf-8';
    this.headers = Object.freeze({
      // the digest in it stands for the data
      etag: `"${sha256(canonicalJson({ sharing: steady, type })).slice(0, 32)}"`,
      'content-type': type,
    });
    this.body = rendering === undefined ? JSON.stringify(this) : rendering.body(data, sharing);
    // what was recorded is what is written: nobody fills another body into a genuine answer
    Object.freeze(this);
  }

  static {
    construct = (who, data, sharing, rendering) => new Disclosed(MAKER, who, data, sharing, rendering);
  }

  /** True only for what `disclose` built for this person. */
  static isFor(value: unknown, who: Principal): value is Disclosed<unknown> {
    if (typeof value !== 'object' || value === null || !(#who in value)) return false;
    const made = value.#who;
    return made.issuer === who.issuer && made.person === who.person && made.agency === who.agency;
  }

  get data(): T {
    return this.#data;
  }

  get sharing(): Sharing {
    return this.#sharing;
  }

  toJSON(): { data: T; sharing: Sharing } {
    return { data: this.#data, sharing: this.#sharing };
  }
}

/** For `disclose.ts` alone: the lib's index doesn't export it. */
export const constructDisclosed: typeof construct = (who, data, sharing, rendering) =>
  construct(who, data, sharing, rendering);

/** A refusal that is already on record. */
export interface Refused {
  readonly refused: Refusal;
  readonly disclosureId: string;
}
export const isRefused = (value: unknown): value is Refused =>
  typeof value === 'object' && value !== null && 'refused' in value && 'disclosureId' in value;
