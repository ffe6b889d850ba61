import { join } from 'node:path';
import { eventLines } from './hub/events.ts';
import type { ChildHub } from './hub/child-hub.ts';
import { POLICE } from './hub/people.ts';
import { requestBytes, type Answer } from './measure/connection.ts';
import type { Figure } from './measure/figures.ts';
import { closedLoop, quantile, type Load } from './measure/load.ts';
import { insertServer } from './raw/insert-server.ts';

const CLIENTS = 64;

/** 64 clients that post one event at a time; raw: the same clients at a bare server that inserts in groups. */
export async function singlePostsFigure(hub: ChildHub, posts: number, seed: string): Promise<Figure> {
  const lines = eventLines('incident', `${seed} single`);
  const token = await hub.as(POLICE, 'publisher').token();
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/cloudevents+json' };
  let answerBytes = 0;
  const load = (port: number, status: number): Promise<Load> => {
    const check = (answer: Answer, n: number): void => {
      if (answer.status !== status) throw new Error(`post ${n}: ${answer.status} ${answer.body.toString()}`);
      answerBytes = answer.body.length;
    };
    const request = (n: number): Buffer => requestBytes('POST', '/v1/events', headers, lines(n));
    return closedLoop({ port, clients: CLIENTS, request, check }, posts);
  };
  const ours = await load(hub.port, 201);
  const raw = await insertServer({
    kind: 'facts',
    file: join(hub.directory, 'raw-single.db'),
    like: join(hub.directory, 'facts.db'),
    answerBytes,
  });
  try {
    const bare = await load(raw.port, 200);
    return {
      what: `single POSTs, ${CLIENTS} clients`,
      unit: 'events/s',
      better: 'more',
      hub: posts / ours.seconds,
      raw: posts / bare.seconds,
      note: `${posts} posts; p99 ${quantile(ours.latencies, 0.99).toFixed(1)} ms, raw ${quantile(bare.latencies, 0.99).toFixed(1)} ms`,
    };
  } finally {
    await raw.close();
  }
}
