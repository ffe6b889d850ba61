import { type AgencyId, canonicalJson, parsePosition, Problem } from '#kernel';
import { isObject, isProblem, type JsonObject } from '../read-answers.ts';
import { problemCode, type PostResult, type Publisher, type PushTotals, type ResultLine } from '../publisher.ts';
import { Access, type Claims, type Credentials, sendAgain } from './access.ts';
import { push } from './push.ts';
import { stream } from './stream.ts';
import { RETRY, type RetryPolicy, withRetries } from './retry.ts';
import { type Answer, askedDelay, isBusy, refusalOf, safeUrl, send, type Sending } from './wire.ts';

export interface HubOptions extends Credentials {
  readonly retry?: RetryPolicy;
  /** Milliseconds without a byte before a connection counts as broken; default two minutes. */
  readonly idle?: number;
}
export type Headers = Readonly<Record<string, string>>;

/** The hub over HTTP, as one client of it. Answers of any status are values; only a hub that can't be reached throws. */
export interface Hub extends Publisher {
  readonly url: URL;
  claims(): Promise<Claims>;
  token(): Promise<string>;
  get(path: string, headers?: Headers): Promise<Answer>;
  /** The body of an answer that may be of any length, as it comes. See {@link stream} for what it throws. */
  stream(path: string, headers?: Headers): AsyncGenerator<Uint8Array, void, undefined>;
  /** Sent again on 429 and 503 only: a POST may have been done before its connection broke. */
  post(path: string, body: unknown, headers?: Headers): Promise<Answer>;
  put(path: string, body: unknown, headers?: Headers): Promise<Answer>;
  /** Up to 1,000 events, all or nothing. Sent again on a broken connection too: the same bytes repeat. */
  postBatch(events: readonly Uint8Array[]): Promise<Answer>;
}

/**
 * A client of the hub at `url`. Connects to nothing yet.
 * @throws Problem `url-malformed`, `url-insecure`
 */
export function openHub(options: HubOptions): Hub {
  const url = safeUrl(options.url, 'url', options.allowPlainHttp ?? false);
  const wire = new Wire(url, new Access(options, options.retry ?? RETRY, options.idle ?? 120_000), options);
  const json = { 'content-type': 'application/json' };
  return {
    url,
    claims: () => wire.access.claims(),
    token: () => wire.access.token(),
    agency: async (): Promise<AgencyId> => (await wire.access.claims()).agency,
    get: (path, headers) => wire.ask({ method: 'GET', path, headers }, true),
    stream: (path, headers) => wire.stream({ method: 'GET', path, headers }),
    put: (path, body, headers) =>
      wire.ask({ method: 'PUT', path, headers: { ...json, ...headers }, body: canonicalJson(body) }, true),
    post: (path, body, headers) =>
      wire.ask({ method: 'POST', path, headers: { ...json, ...headers }, body: canonicalJson(body) }, false),
    postBatch: (events) => wire.ask(batch(events), true),
    postEvent: async (bytes) => postResult(await wire.ask(single(bytes), true)),
    pushNdjson: (lines) => pushLines(wire, lines),
  };
}

interface Asking {
  readonly method: string;
  readonly path: string;
  readonly headers?: Headers | undefined;
  readonly body?: Uint8Array | string;
}
const single = (bytes: Uint8Array): Asking => ({
  method: 'POST',
  path: '/v1/events',
  headers: { 'content-type': 'application/cloudevents+json' },
  body: bytes,
});
const batch = (events: readonly Uint8Array[]): Asking => ({
  method: 'POST',
  path: '/v1/events',
  headers: { 'content-type': 'application/cloudevents-batch+json' },
  body: `[${events.map((event) => Buffer.from(event).toString('utf8')).join(',')}]`,
});

class Wire {
  readonly access: Access;
  readonly retry: RetryPolicy;
  readonly #url: URL;
  readonly #idle: number;

  constructor(url: URL, access: Access, options: HubOptions) {
    this.#url = url;
    this.access = access;
    this.retry = options.retry ?? RETRY;
    this.#idle = options.idle ?? 120_000;
  }

  async sending({ method, path, headers, body }: Asking): Promise<Sending> {
    const url = this.#at(path);
    const authorization = `Bearer ${await this.access.token()}`;
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const all = { accept: 'application/json', ...length, ...headers, authorization };
    return { method, url, headers: all, idle: this.#idle, ...(body === undefined ? {} : { body }) };
  }

  /** A token that the hub no longer takes is replaced once. */
  async ask(asking: Asking, twice: boolean): Promise<Answer> {
    const answer = await this.#once(asking, twice);
    if (answer.status !== 401) return answer;
    this.access.forget();
    return this.#once(asking, twice);
  }

  async *stream(asking: Asking): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      yield* stream(await this.sending(asking));
    } catch (error) {
      if (error instanceof Problem && error.code === 'hub-refused') this.access.forget();
      throw error;
    }
  }

  async #once(asking: Asking, twice: boolean): Promise<Answer> {
    const sending = await this.sending(asking);
    if (twice) return sendAgain(this.retry, sending);
    return withRetries<Answer>(this.retry, async () => {
      const answer = await send(sending);
      return isBusy(answer.status) ? { again: answer, retryAfter: askedDelay(answer) } : { done: answer };
    });
  }

  /** `path` is appended to the hub's address and can't leave it. */
  #at(path: string): URL {
    const url = new URL(path, this.#url);
    if (url.origin !== this.#url.origin) throw new Problem('url-malformed', { field: 'path' });
    return url;
  }
}

async function* pushLines(
  wire: Wire,
  lines: AsyncIterable<Uint8Array>,
): AsyncGenerator<ResultLine, PushTotals, undefined> {
  const headers = { 'content-type': 'application/x-ndjson', accept: 'application/x-ndjson' };
  const sending = await wire.sending({ method: 'POST', path: '/v1/events', headers });
  try {
    return yield* push(sending, lines, wire.retry);
  } catch (error) {
    if (error instanceof Problem && error.code === 'hub-refused') wire.access.forget();
    throw error;
  }
}

/** @throws Problem as `Publisher.pushNdjson`, where the answer is about the publisher and not about the event */
function postResult(answer: Answer): PostResult {
  const { status, body } = answer;
  const taken = isObject(body) && status < 300 ? takenAs(status, body) : undefined;
  if (taken !== undefined) return taken;
  if (status < 300) throw new Problem('hub-answer-malformed');
  const aboutTheEvent = ABOUT_THE_EVENT.has(status) || (status === 403 && isAgreementRequired(body));
  if (aboutTheEvent && isProblem(body)) return { status: 'rejected', problem: body };
  throw refusalOf(answer);
}

const ABOUT_THE_EVENT = new Set([400, 409, 413, 422]);
const isAgreementRequired = (body: unknown): boolean => isProblem(body) && problemCode(body) === 'agreement-required';

function takenAs(status: number, body: JsonObject): PostResult | undefined {
  const { id, position, quarantineId, field, reason } = body;
  if (status === 202) {
    const held = typeof quarantineId === 'string' && typeof field === 'string' && typeof reason === 'string';
    return held ? { status: 'quarantined', quarantineId, field, reason } : undefined;
  }
  if (typeof position !== 'string' || parsePosition(position) === undefined) return undefined;
  return { status: status === 201 ? 'accepted' : 'repeated', position, ...(typeof id === 'string' ? { id } : {}) };
}
