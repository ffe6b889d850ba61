import { setTimeout as pause } from 'node:timers/promises';
import { Connection, type Answer } from './connection.ts';

export interface Load {
  readonly requests: number;
  readonly seconds: number;
  /** Milliseconds, ascending. */
  readonly latencies: Float64Array;
}
export interface Asking {
  readonly port: number;
  /** Keep-alive connections. */
  readonly clients: number;
  /** Request number `n`, from 0. */
  readonly request: (n: number) => Uint8Array;
  /** Sees every answer; throws when it is not as it must be. */
  readonly check: (answer: Answer, n: number) => void;
}

/** Each client asks again as soon as it is answered, `count` requests in all. */
export async function closedLoop({ port, clients, request, check }: Asking, count: number): Promise<Load> {
  const connections = await open(port, clients);
  const latencies = new Float64Array(count);
  let next = 0;
  const began = performance.now();
  await Promise.all(
    connections.map(async (connection) => {
      for (let n = next++; n < count; n = next++) {
        const asked = performance.now();
        const answer = await connection.ask(request(n));
        latencies[n] = performance.now() - asked;
        check(answer, n);
      }
    }),
  );
  const seconds = (performance.now() - began) / 1_000;
  for (const connection of connections) connection.close();
  return { requests: count, seconds, latencies: latencies.sort() };
}

/**
 * `rate` requests a second for so many seconds, whether or not earlier ones were answered; a latency counts from when
 * its request was due, so that a stall is felt by all that were due meanwhile.
 */
export async function steadyRate(asking: Asking, rate: number, seconds: number): Promise<Load> {
  const { port, clients, request, check } = asking;
  const idle = await open(port, clients);
  const waiting: ((connection: Connection) => void)[] = [];
  const count = Math.round(rate * seconds);
  const latencies = new Float64Array(count);
  const began = performance.now();
  const asked: Promise<void>[] = [];
  for (let n = 0; n < count; n++) {
    const due = began + (n * 1_000) / rate;
    const early = due - performance.now();
    if (early > 0) await pause(early);
    // a timer may be a little early, and nothing is answered before it was asked
    asked.push(one(n, Math.min(due, performance.now())));
  }
  await Promise.all(asked);
  const took = (performance.now() - began) / 1_000;
  for (const connection of idle) connection.close();
  return { requests: count, seconds: took, latencies: latencies.sort() };

  async function one(n: number, due: number): Promise<void> {
    const connection = idle.pop() ?? (await new Promise<Connection>((resolve) => waiting.push(resolve)));
    const answer = await connection.ask(request(n));
    latencies[n] = performance.now() - due;
    const next = waiting.shift();
    if (next === undefined) idle.push(connection);
    else next(connection);
    check(answer, n);
  }
}

/** Of ascending values: the smallest that at least the given share does not exceed. */
export const quantile = (ascending: Float64Array, share: number): number =>
  ascending[Math.max(0, Math.ceil(ascending.length * share) - 1)] ?? NaN;

const open = (port: number, count: number): Promise<Connection[]> =>
  Promise.all(Array.from({ length: count }, () => Connection.open(port)));
