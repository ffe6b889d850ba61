import type { AgencyId } from '#kernel';

/** Headers that an answer may set; any other name is a broken invariant. Names in lower case. */
export interface AnswerHeaders {
  readonly etag?: string;
  readonly location?: string;
  readonly 'content-type'?: string;
  readonly 'content-disposition'?: string;
  readonly 'content-language'?: string;
  readonly 'cache-control'?: string;
  readonly link?: string;
  readonly 'retry-after'?: string;
  readonly vary?: string;
  readonly 'content-security-policy'?: string;
}
export interface How {
  /** 200 when absent. */
  readonly status?: number;
  readonly headers?: AnswerHeaders;
}

/**
 * An answer that is ready to be written. `libs/hub`'s disclosed values have this shape; having it proves nothing, only
 * {@link Fit} does. A string or bytes are written as they are, an iterable is streamed with back-pressure.
 */
export interface Rendered {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly body: string | Uint8Array | AsyncIterable<string | Uint8Array> | undefined;
}

/** Lines of `application/x-ndjson`, in batches; one batch is one write. A throw cuts the connection: incomplete. */
export class Lines {
  readonly batches: AsyncIterable<readonly unknown[]>;
  constructor(batches: AsyncIterable<readonly unknown[]>) {
    this.batches = batches;
  }
}
/** Bytes with the media type they are sent as. */
export class Bytes {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  constructor(bytes: Uint8Array, mediaType: string) {
    this.bytes = bytes;
    this.mediaType = mediaType;
  }
}
export const lines = (batches: AsyncIterable<readonly unknown[]>): Lines => new Lines(batches);
export const bytes = (content: Uint8Array, mediaType: string): Bytes => new Bytes(content, mediaType);

/** JSON data unless it is {@link Lines} or {@link Bytes}; `undefined` for no body (204, 304). */
type Content = unknown;

let makeOwned: (agency: AgencyId, content: Content, how: How) => Owned;
let makePublic: (content: Content, how: How) => Public;
let makeOperational: (content: Content, how: How) => Operational;

/** What belongs to one agency: its receipts, quarantine, roster, agreements. Only {@link owned} builds one. */
export class Owned {
  readonly agency: AgencyId;
  readonly #rendered: Rendered;
  private constructor(agency: AgencyId, content: Content, how: How) {
    this.agency = agency;
    this.#rendered = render(content, how);
  }
  static {
    makeOwned = (agency, content, how) => new Owned(agency, content, how);
  }
  static is(value: unknown): value is Owned {
    return typeof value === 'object' && value !== null && #rendered in value;
  }
  rendered(): Rendered {
    return this.#rendered;
  }
}

/** What anyone may read. Only {@link published} builds one. */
export class Public {
  readonly #rendered: Rendered;
  private constructor(content: Content, how: How) {
    this.#rendered = render(content, how);
  }
  static {
    makePublic = (content, how) => new Public(content, how);
  }
  static is(value: unknown): value is Public {
    return typeof value === 'object' && value !== null && #rendered in value;
  }
  rendered(): Rendered {
    return this.#rendered;
  }
}

/** About the running of the hub, never event data. Only {@link operational} builds one. */
export class Operational {
  readonly #rendered: Rendered;
  private constructor(content: Content, how: How) {
    this.#rendered = render(content, how);
  }
  static {
    makeOperational = (content, how) => new Operational(content, how);
  }
  static is(value: unknown): value is Operational {
    return typeof value === 'object' && value !== null && #rendered in value;
  }
  rendered(): Rendered {
    return this.#rendered;
  }
}

/** An answer that belongs to `agency`: it reaches a bearer of that agency and nobody else. */
export const owned = (agency: AgencyId, content: Content, how: How = {}): Owned => makeOwned(agency, content, how);
export const published = (content: Content, how: How = {}): Public => makePublic(content, how);
export const operational = (content: Content, how: How = {}): Operational => makeOperational(content, how);

function render(content: Content, how: How): Rendered {
  const status = how.status ?? 200;
  const headers = how.headers ?? {};
  if (content === undefined) return { status, headers, body: undefined };
  if (content instanceof Lines) {
    return { status, headers: { ...headers, 'content-type': 'application/x-ndjson' }, body: written(content.batches) };
  }
  if (content instanceof Bytes) {
    return { status, headers: { ...headers, 'content-type': content.mediaType }, body: content.bytes };
  }
  const json = JSON.stringify(content) as string | undefined;
  if (json === undefined) throw new TypeError('JSON cannot say this answer');
  return { status, headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, body: json };
}

async function* written(batches: AsyncIterable<readonly unknown[]>): AsyncGenerator<string> {
  for await (const batch of batches) {
    let text = '';
    for (const line of batch) text += JSON.stringify(line) + '\n';
    if (text !== '') yield text;
  }
}
