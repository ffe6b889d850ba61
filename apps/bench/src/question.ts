import { join } from 'node:path';
import type { ChildHub } from './hub/child-hub.ts';
import { tableQuestion } from './hub/table-question.ts';
import type { Figure } from './measure/figures.ts';
import { closedLoop, quantile, steadyRate } from './measure/load.ts';
import { insertServer } from './raw/insert-server.ts';

const MONTH = '2024-01';
const RATE = 100;
const STEADY_SECONDS = 10;
const ASKED = 5_000;

/**
 * One table of a frozen release, its access record durable before the answer. Raw: an answer as long from a bare
 * server after one durable insert of such a record.
 */
export async function questionFigures(hub: ChildHub): Promise<readonly Figure[]> {
  const question = await tableQuestion(hub, MONTH);
  const ask = async (port: number) => {
    await closedLoop(question.asking(port), 200);
    const steady = await steadyRate(question.asking(port), RATE, STEADY_SECONDS);
    return { steady, closed: await closedLoop(question.asking(port), ASKED) };
  };
  const ours = await ask(hub.port);
  const raw = await insertServer({
    kind: 'access',
    file: join(hub.directory, 'raw-access.db'),
    like: join(hub.directory, 'access.db'),
    answerBytes: question.answerBytes,
  });
  try {
    const bare = await ask(raw.port);
    const latency = (share: number): Figure => ({
      what: `question at ${RATE}/s, p${Math.round(share * 100)}`,
      unit: 'ms',
      better: 'less',
      hub: quantile(ours.steady.latencies, share),
      raw: quantile(bare.steady.latencies, share),
      note: `${ours.steady.requests} questions, access record included`,
    });
    return [
      latency(0.5),
      latency(0.99),
      {
        what: `questions, ${question.clients} clients`,
        unit: '/s',
        better: 'more',
        hub: ASKED / ours.closed.seconds,
        raw: ASKED / bare.closed.seconds,
        note: `answers of ${question.answerBytes} bytes; p99 ${quantile(ours.closed.latencies, 0.99).toFixed(1)} ms`,
      },
    ];
  } finally {
    await raw.close();
  }
}
