import { Ajv2020 } from 'ajv/dist/2020.js';
import request from 'supertest';
import type { HubUnderTest, Persona } from './running-hub.ts';

export interface Documented {
  readonly operationId: string;
  readonly summary?: string;
  readonly parameters?: readonly DocumentedParameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, DocumentedContent>> };
  readonly responses: Readonly<Record<string, DocumentedAnswer>>;
}
export interface DocumentedParameter {
  readonly in: string;
  readonly name: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: unknown;
}
interface DocumentedContent {
  readonly schema?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}
interface DocumentedAnswer {
  readonly description?: string;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<Record<string, DocumentedContent>>;
}
export interface OpenApi {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Documented>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

/** What is asked of an operation; the document says how. */
export interface Ask {
  readonly as?: Persona;
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** `application/json` unless told. */
  readonly mediaType?: string;
  readonly body?: unknown;
}
export interface Told {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, the lines of a stream, or the text. */
  readonly body: unknown;
}

const FORMATS = {
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/,
  date: /^\d{4}-\d\d-\d\d$/,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  uri: (text: string) => URL.canParse(text),
};
const SUCCESS = /^2\d\d$/;
const NDJSON = 'application/x-ndjson';

/** Calls a hub only in ways that its own document tells, and holds every answer to it. */
export class DocumentedHub {
  readonly document: OpenApi;
  /** Successes so far: `<operationId> <status> <media type>`. */
  readonly seen = new Set<string>();
  readonly #hub: HubUnderTest;
  readonly #ajv = new Ajv2020({ strict: true, allErrors: true, formats: FORMATS });

  constructor(hub: HubUnderTest, document: OpenApi) {
    this.#hub = hub;
    this.document = document;
    // members of OpenAPI, which say nothing of what is valid
    this.#ajv.addVocabulary([...Object.keys(document), 'discriminator', 'example']);
    this.#ajv.addSchema(document, 'openapi');
  }

  static async of(hub: HubUnderTest): Promise<DocumentedHub> {
    return new DocumentedHub(hub, (await request(hub.url).get('/openapi.json').expect(200)).body as OpenApi);
  }

  operations(): readonly (Documented & { readonly method: string; readonly path: string })[] {
    return Object.entries(this.document.paths).flatMap(([path, entries]) =>
      Object.entries(entries).map(([method, entry]) => ({ ...entry, method, path })),
    );
  }

  /** Faults of a value against the schema at this place of the document; none when it fits. */
  faults(value: unknown, ...place: readonly string[]): readonly string[] {
    const pointer = place.map((part) => encodeURIComponent(part.replace(/~/g, '~0').replace(/\//g, '~1'))).join('/');
    const validate = this.#ajv.getSchema(`openapi#/${pointer}`);
    if (validate === undefined) return [`no schema at ${pointer}`];
    if (validate(value) === true) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  }

  /** @throws Error that says how the answer, its headers or what was sent differs from the document */
  async ask(operationId: string, ask: Ask = {}): Promise<Told> {
    const operation = this.operations().find((known) => known.operationId === operationId);
    if (operation === undefined) throw new Error(`no operation ${operationId}`);
    const { method, path } = operation;
    if (ask.body !== undefined) this.#holdBody(operation, ask);
    const address = path.replace(/\{(\w+)\}/g, (_, name: string) =>
      (ask.path?.[name] ?? '').split('/').map(encodeURIComponent).join('/'),
    );
    const agent = request(this.#hub.url);
    const call = agent[method as 'get'](address).query(ask.query ?? {});
    if (ask.as !== undefined) call.set('authorization', `Bearer ${await ask.as.token()}`);
    if (ask.body !== undefined) call.set('content-type', ask.mediaType ?? 'application/json');
    call.set(ask.headers ?? {}).buffer(true);
    const answer = await (ask.body === undefined ? call : call.send(ask.body as object));
    return this.#hold(operation, answer);
  }

  #holdBody({ operationId, method, path }: Documented & { method: string; path: string }, ask: Ask): void {
    const mediaType = ask.mediaType ?? 'application/json';
    // a stream's lines are sent with faults on purpose
    if (mediaType === NDJSON) return;
    const faults = this.faults(ask.body, 'paths', path, method, 'requestBody', 'content', mediaType, 'schema');
    if (faults.length > 0) throw new Error(`${operationId}: the body sent does not fit: ${faults.join('; ')}`);
  }

  #hold(operation: Documented & { method: string; path: string }, answer: request.Response): Told {
    const { operationId, method, path, responses } = operation;
    const { status } = answer;
    const documented = responses[status];
    if (!SUCCESS.test(String(status)) || documented === undefined)
      throw new Error(`${operationId}: ${status} ${answer.text}`);
    const mediaType = (answer.headers['content-type'] ?? '').split(';')[0] ?? '';
    this.seen.add(`${operationId} ${status} ${mediaType}`.trim());
    const headers = answer.headers as Readonly<Record<string, string>>;
    if (documented.content === undefined) {
      if (answer.text !== '') throw new Error(`${operationId}: ${status} has a body that is not documented`);
      return { status, headers, body: undefined };
    }
    const body = bodyOf(answer, mediaType);
    const bodies = mediaType === NDJSON ? (body as readonly unknown[]) : [body];
    for (const one of bodies) {
      const place = ['paths', path, method, 'responses', String(status), 'content', mediaType, 'schema'];
      const faults = this.faults(one, ...place);
      if (faults.length > 0)
        throw new Error(`${operationId} ${status}: ${faults.join('; ')} in ${JSON.stringify(one).slice(0, 2_000)}`);
    }
    // one address stands for one thing: the answer to a batch is a list and has none
    const missing = Object.keys(documented.headers ?? {}).filter((name) => headers[name] === undefined);
    if (missing.length > 0 && !Array.isArray(body)) throw new Error(`${operationId}: without ${missing.join()}`);
    return { status, headers, body };
  }
}

function bodyOf(answer: request.Response, mediaType: string): unknown {
  if (mediaType.endsWith('json') && mediaType !== NDJSON) return JSON.parse(answer.text) as unknown;
  if (mediaType !== NDJSON) return answer.text;
  const lines = answer.text.trim().split('\n');
  return lines.map((line) => JSON.parse(line) as unknown);
}
