import { join } from 'node:path';
import { eventLines } from './hub/events.ts';
import type { ChildHub } from './hub/child-hub.ts';
import { POLICE } from './hub/people.ts';
import { requestBytes, type Answer } from './measure/connection.ts';
import type { Figure } from './measure/figures.ts';
import { closedLoop, quantile, type Load } from './measure/load.ts';
import { insertServer } from './raw/insert-server.ts';

const CLIENTS = 16;
const EVENTS_A_BATCH = 100;

/** Clients that post batches, each all or nothing; raw: the same bodies at a bare server that inserts as many rows for each. */
export async function batchesFigure(hub: ChildHub, events: number, seed: string): Promise<Figure> {
  const batches = Math.max(CLIENTS, Math.round(events / EVENTS_A_BATCH));
  const lines = eventLines('incident', `${seed} batches`);
  const token = await hub.as(POLICE, 'publisher').token();
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/cloudevents-batch+json' };
  const body = (n: number): string =>
    `[${Array.from({ length: EVENTS_A_BATCH }, (_, i) => lines(n * EVENTS_A_BATCH + i)).join(',')}]`;
  let answerBytes = 0;
  const load = (port: number, status: number): Promise<Load> => {
    const check = (answer: Answer, n: number): void => {
      if (answer.status !== status) throw new Error(`batch ${n}: ${answer.status} ${answer.body.toString()}`);
      answerBytes = answer.body.length;
    };
    const request = (n: number): Buffer => requestBytes('POST', '/v1/events', headers, body(n));
    return closedLoop({ port, clients: CLIENTS, request, check }, batches);
  };
  const ours = await load(hub.port, 201);
  const raw = await insertServer({
    kind: 'facts',
    file: join(hub.directory, 'raw-batches.db'),
    like: join(hub.directory, 'facts.db'),
    answerBytes,
    rows: EVENTS_A_BATCH,
  });
  try {
    const bare = await load(raw.port, 200);
    const stored = batches * EVENTS_A_BATCH;
    return {
      what: `batches of ${EVENTS_A_BATCH}, ${CLIENTS} clients`,
      unit: 'events/s',
      better: 'more',
      hub: stored / ours.seconds,
      raw: stored / bare.seconds,
      note: `${batches} batches; p99 ${quantile(ours.latencies, 0.99).toFixed(1)} ms, raw ${quantile(bare.latencies, 0.99).toFixed(1)} ms`,
    };
  } finally {
    await raw.close();
  }
}
