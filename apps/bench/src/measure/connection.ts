import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly body: Buffer;
}
const END_OF_HEAD = '\r\n\r\n';
const STATUS = /^HTTP\/1\.1 (\d{3})/;
const LENGTH = /\r\ncontent-length: (\d+)/i;
const NOT_MODIFIED = 304;

/** The connection ended before the answer did, or was never had. */
export class ConnectionLost extends Error {
  /** Bytes of the answer that had come. */
  readonly received: number;
  constructor(received: number, options?: ErrorOptions) {
    super('the connection was closed', options);
    this.received = received;
  }
}

/**
 * One keep-alive connection, one request at a time. Understands answers with a `content-length` only (and 304, which has
 * no body), which is what the hub and the baselines send: a whole client would cost as much as what it measures.
 */
export class Connection {
  readonly #socket: Socket;
  #held: Buffer = Buffer.alloc(0);
  #ended: Error | undefined;
  #waiting: { resolve(answer: Answer): void; reject(error: Error): void } | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    // a close follows and says the same
    socket.on('error', () => undefined);
    socket.on('close', () => this.#fail(new ConnectionLost(this.#held.length)));
  }

  /** @throws ConnectionLost when nobody listens */
  static async open(port: number): Promise<Connection> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect').catch((cause: unknown) => {
      throw new ConnectionLost(0, { cause });
    });
    return new Connection(socket);
  }

  /** @throws ConnectionLost */
  ask(request: Uint8Array): Promise<Answer> {
    return new Promise((resolve, reject) => {
      // a socket that the server closed while it was idle takes what is written and says nothing
      if (this.#ended !== undefined) return reject(this.#ended);
      this.#waiting = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#waiting = undefined;
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const head = this.#held.indexOf(END_OF_HEAD);
    if (head === -1) return;
    const text = this.#held.toString('latin1', 0, head);
    const status = Number(STATUS.exec(text)?.[1]);
    const length = status === NOT_MODIFIED ? 0 : Number(LENGTH.exec(text)?.[1]);
    if (Number.isNaN(length) || Number.isNaN(status)) return this.#fail(new Error('an answer without a length'));
    const end = head + END_OF_HEAD.length + length;
    if (this.#held.length < end) return;
    const body = this.#held.subarray(head + END_OF_HEAD.length, end);
    this.#held = this.#held.subarray(end);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve({ status, body });
  }

  #fail(error: Error): void {
    this.#ended ??= error;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.reject(error);
  }
}

/** A request as it goes over the wire. */
export function requestBytes(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body?: string,
): Buffer {
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const lines = Object.entries({ host: '127.0.0.1', ...headers, ...length }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}${END_OF_HEAD}${body ?? ''}`);
}
