import type { ClientRequest, IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { Problem } from '#kernel';
import type { PushTotals, ResultLine } from '../publisher.ts';
import { readResult } from '../read-answers.ts';
import { type RetryPolicy, withRetries } from './retry.ts';
import { open, refusalOf, type Sending, whole } from './wire.ts';

const BLOCK = 64 * 1024;
const MAX_RESULT_LINE = 64 * 1024;
const LF = Buffer.of(0x0a);
/** Milliseconds to wait for a status after the first block; a hub that answers only at the end costs this once. */
const GREETING = 500;

/** One NDJSON push over a connection of its own, read while it is written. See `Publisher.pushNdjson` for the promises. */
export async function* push(
  sending: Omit<Sending, 'body'>,
  lines: AsyncIterable<Uint8Array>,
  retry: RetryPolicy,
): AsyncGenerator<ResultLine, PushTotals, undefined> {
  const { request, answered } = await withRetries(retry, () => connect(sending));
  const source = new Pump(request, lines, answered);
  void source.run();
  try {
    const response = await answered;
    if (response === undefined) throw new Problem('push-incomplete');
    if (response.statusCode !== 200) {
      const answer = await whole(response);
      throw refusalOf(answer);
    }
    const totals = yield* results(response);
    if (source.failure !== undefined) throw source.failure.error;
    if (!source.ended || sum(totals) !== source.sent) throw new Problem('push-incomplete');
    return totals;
  } finally {
    request.destroy();
    source.stop();
  }
}

interface Connected {
  readonly request: ClientRequest;
  /** Undefined where the connection broke before a status came. */
  readonly answered: Promise<IncomingMessage | undefined>;
}

/** Connects without asking for the first line, so that this much may be tried again. */
async function connect(sending: Omit<Sending, 'body'>): Promise<{ done: Connected } | { again: Error }> {
  const request = open(sending, false);
  const answered = new Promise<IncomingMessage | undefined>((resolve) => {
    request.once('response', resolve);
    request.once('close', () => resolve(undefined));
    request.on('error', () => resolve(undefined));
  });
  const connected = new Promise<boolean>((resolve) => {
    request.once('error', () => resolve(false));
    request.once('socket', (socket) => {
      const event = 'encrypted' in (socket as TLSSocket) ? 'secureConnect' : 'connect';
      socket.once(event, () => resolve(true));
    });
  });
  request.flushHeaders();
  return (await connected) ? { done: { request, answered } } : { again: new Problem('hub-unreachable') };
}

const sum = (totals: PushTotals): number => totals.accepted + totals.repeated + totals.quarantined + totals.rejected;

/** Result lines of a response; returns the closing one when the counts before it agree. */
async function* results(response: IncomingMessage): AsyncGenerator<ResultLine, PushTotals, undefined> {
  const counts = { accepted: 0, repeated: 0, quarantined: 0, rejected: 0 };
  for await (const bytes of linesOf(response)) {
    const result = readResult(bytes);
    if (result === undefined) throw new Problem('push-incomplete');
    if ('done' in result) {
      const agree = (Object.keys(counts) as (keyof typeof counts)[]).every((name) => counts[name] === result[name]);
      if (!agree) throw new Problem('push-incomplete');
      return result;
    }
    counts[result.status]++;
    yield result;
  }
  throw new Problem('push-incomplete');
}

async function* linesOf(response: IncomingMessage): AsyncGenerator<Buffer, void, undefined> {
  let held: Buffer = Buffer.alloc(0);
  const chunks = (response as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  for (;;) {
    let next;
    try {
      next = await chunks.next();
    } catch {
      throw new Problem('push-incomplete');
    }
    if (next.done === true) return;
    held = held.length === 0 ? next.value : Buffer.concat([held, next.value]);
    let start = 0;
    for (let lf = held.indexOf(0x0a); lf !== -1; lf = held.indexOf(0x0a, start)) {
      if (lf > start) yield held.subarray(start, lf);
      start = lf + 1;
    }
    held = held.subarray(start);
    if (held.length > MAX_RESULT_LINE) throw new Problem('push-incomplete');
  }
}

/** Writes lines as fast as the other side reads them, in blocks, but never keeps a line back while its source waits. */
class Pump {
  sent = 0;
  ended = false;
  failure: { readonly error: unknown } | undefined;
  readonly #request: ClientRequest;
  readonly #lines: AsyncIterator<Uint8Array>;
  #held: Uint8Array[] = [];
  #size = 0;
  #written = 0;
  #full = false;
  #greeted: Promise<unknown> | undefined;

  /** @param answered settles when the other side has begun to answer */
  constructor(request: ClientRequest, lines: AsyncIterable<Uint8Array>, answered: Promise<unknown>) {
    this.#request = request;
    this.#greeted = answered;
    this.#lines = lines[Symbol.asyncIterator]();
  }

  /** Resolves when the source has ended or the connection has; never rejects. */
  async run(): Promise<void> {
    try {
      while (!this.#request.destroyed) {
        const idle = setImmediate(() => this.#flush());
        const next = await this.#lines.next();
        clearImmediate(idle);
        if (next.done === true) {
          this.ended = true;
          break;
        }
        this.#hold(next.value);
        if (this.#full) await this.#drained();
        if (this.#greeted !== undefined && this.#written >= BLOCK) await this.#greeting(this.#greeted);
      }
    } catch (error) {
      this.failure = { error };
    }
    this.#flush();
    this.#request.end();
  }

  /** Lets the source clean up. */
  stop(): void {
    if (!this.ended && this.failure === undefined) void Promise.resolve(this.#lines.return?.()).catch(() => undefined);
  }

  #hold(line: Uint8Array): void {
    this.#held.push(line, LF);
    this.#size += line.byteLength + 1;
    this.sent++;
    if (this.#size >= BLOCK) this.#flush();
  }

  #flush(): void {
    if (this.#size === 0 || this.#request.destroyed) return;
    this.#full = !this.#request.write(Buffer.concat(this.#held));
    this.#written += this.#size;
    this.#held = [];
    this.#size = 0;
  }

  /** After the first block: a refusal is read before more is written, which a closing connection would lose. */
  async #greeting(greeted: Promise<unknown>): Promise<void> {
    const enough = new AbortController();
    await Promise.race([greeted, sleep(GREETING, undefined, { signal: enough.signal }).catch(() => undefined)]);
    enough.abort();
    this.#greeted = undefined;
  }

  #drained(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#request.off('drain', done).off('close', done);
        this.#full = false;
        resolve();
      };
      if (!this.#request.writableNeedDrain || this.#request.destroyed) return void done();
      this.#request.once('drain', done).once('close', done);
    });
  }
}
