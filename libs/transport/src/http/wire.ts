import { request as plain, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as secure } from 'node:https';
import { type Json, Problem } from '#kernel';
import { isProblem, readJson } from '../read-answers.ts';
import { problemCode } from '../publisher.ts';
import { retryAfterSeconds } from './retry.ts';

/** An answer of any status; `body` undefined where there was no JSON. Header names in lower case. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Json | undefined;
  readonly text: string;
}
export interface Sending {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  /** Milliseconds without a byte in either direction. */
  readonly idle: number;
}
const MAX_ANSWER = 64 * 1024 * 1024;

/** Opens a request. Redirects are never followed: a token goes to the address that was configured. */
export function open(sending: Omit<Sending, 'body'>, agent: false | undefined = undefined): ClientRequest {
  const { method, url, headers, idle } = sending;
  const options = { method, headers, ...(agent === undefined ? {} : { agent }) };
  const request = url.protocol === 'https:' ? secure(url, options) : plain(url, options);
  request.setTimeout(idle, () => request.destroy(new Problem('hub-unreachable')));
  return request;
}

/**
 * One request, one whole answer.
 * @throws Problem `hub-unreachable` on any broken connection; `hub-answer-malformed` past 64 MiB.
 */
export function send(sending: Sending): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = open(sending);
    request.once('error', () => reject(new Problem('hub-unreachable')));
    request.once('response', (response) => resolve(whole(response)));
    request.end(sending.body);
  });
}

export async function whole(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_ANSWER) break;
      chunks.push(chunk);
    }
  } catch {
    throw new Problem('hub-unreachable');
  }
  if (size > MAX_ANSWER) throw new Problem('hub-answer-malformed');
  const bytes = Buffer.concat(chunks);
  const json = /[/+]json\b/.test(response.headers['content-type'] ?? '');
  const body = json ? readJson(bytes) : undefined;
  return { status: response.statusCode ?? 0, headers: response.headers, body, text: bytes.toString('utf8') };
}

export const isBusy = (status: number): boolean => status === 429 || status === 503;
export const askedDelay = (answer: Pick<Answer, 'headers'>): number | undefined => {
  const header = answer.headers['retry-after'];
  return retryAfterSeconds(typeof header === 'string' ? header : undefined);
};

/** What an answer that is no success means to a publisher; `field` is the hub's own code, else the status. */
export function refusalOf(answer: Answer): Problem {
  const said = (isProblem(answer.body) ? problemCode(answer.body) : undefined) ?? `http-${answer.status}`;
  if (answer.status === 401 || answer.status === 403) return new Problem('hub-refused', { field: said });
  if (!isBusy(answer.status)) return new Problem('hub-rejected', { field: said });
  const retryAfter = askedDelay(answer);
  return new Problem('hub-busy', { field: said, ...(retryAfter === undefined ? {} : { retryAfter }) });
}

const LOOPBACK = /^(localhost|127(\.[0-9]{1,3}){3}|\[::1\])$/;
/**
 * An address to which a secret may be sent: https, or http on this machine, or any http where that was allowed by name.
 * @throws Problem `url-malformed` or `url-insecure`, `field` naming the setting
 */
export function safeUrl(text: string, field: string, allowPlainHttp: boolean): URL {
  if (!URL.canParse(text)) throw new Problem('url-malformed', { field });
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') throw new Problem('url-malformed', { field });
  if (url.protocol === 'https:') return url;
  if (url.protocol !== 'http:') throw new Problem('url-malformed', { field });
  if (!allowPlainHttp && !LOOPBACK.test(url.hostname)) throw new Problem('url-insecure', { field });
  return url;
}
