import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { verifyDirectory } from '#audit/verify';
import { childHub, type ChildHub } from '../hub/child-hub.ts';
import { blocksOf, eventLines } from '../hub/events.ts';
import { freezeMonth, governHub } from '../hub/govern.ts';
import { POLICE } from '../hub/people.ts';
import { caughtUp, modelsAre } from '../measure/models.ts';
import { pushBlocks } from '../measure/push-blocks.ts';
import { seededRandom } from '../measure/seeded-random.ts';
import { compareAnswers } from './answers-on-record.ts';
import { Askers } from './asking.ts';
import { yes, type FaultReport, type FaultRun } from './fault-report.ts';
import { recordsIn } from './on-file.ts';
import { questionKinds } from './question-kinds.ts';

const EVENTS = 2_000;
const MONTH = '2024-01';
const CLIENTS = 12;
/** A life ends when at most so many questions were sent, … */
const MOST_QUESTIONS_A_LIFE = 60;
/** … and at most so long after. */
const LONGEST_WAIT_MS = 8;

/**
 * Audit before answer: many clients ask while the hub is killed (SIGKILL) at random and started again, until so many
 * answers came whole; then each must have its access record, with the same question and decision. The records are read
 * from the files as the last kill left them.
 */
export async function questions({
  questions: wanted,
  seed,
  progress,
}: FaultRun & { readonly questions: number }): Promise<FaultReport> {
  const hub = await childHub();
  try {
    await hub.start();
    await governHub(hub);
    const token = await hub.as(POLICE, 'publisher').token();
    await pushBlocks(hub.url, token, blocksOf(eventLines('incident', `questions ${seed}`), 0, EVENTS));
    await modelsAre(hub, caughtUp);
    const askers = new Askers(hub, await questionKinds(hub, await freezeMonth(hub, MONTH)));
    const keys = await readFile(join(hub.directory, 'log.vkey'), 'utf8');
    const draws = { moments: seededRandom(seed), ofClients: seededRandom(seed + 1) };
    let kills = 0;
    // a hub that answers nothing is not asked for ever
    for (; askers.answers.length < wanted && kills <= wanted; kills++) {
      if (kills > 0) await hub.start();
      await askUntilKilled(hub, askers, draws);
      if (kills % 10 === 9) progress(`questions: ${kills + 1} kills, ${askers.answers.length} answers`);
    }
    const records = await recordsIn(hub.directory);
    const { missing, different } = compareAnswers(askers.answers, records);
    // the trees follow to the end of what the kills left
    await hub.start();
    await hub.stop();
    const verdict = verifyDirectory(hub.directory, { keys, checkpoints: hub.outside });
    const { access } = verdict;
    const covered = access.size >= records.length && access.covered === access.size;
    const statuses = [...askers.byStatus].sort(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`);
    return {
      lines: [
        `answers received whole under ${kills} kills: ${askers.answers.length} (${statuses.join(', ')})`,
        `cut off part-way: ${askers.partly}, nothing received: ${askers.unanswered}, 503: ${askers.unavailable}`,
        `answers without their access record: ${missing.length}, with a record that says otherwise: ${different.length}`,
        `access records: ${records.length}, both trees verify: ${yes(verdict.sound && covered)}`,
      ],
      sound:
        askers.answers.length >= wanted &&
        missing.length + different.length === 0 &&
        askers.unanswered > 0 &&
        verdict.sound &&
        covered,
    };
  } finally {
    await hub.remove();
  }
}

interface Draws {
  /** The moments of the kills, and nothing else: clients take from theirs as often as time lets them. */
  readonly moments: () => number;
  readonly ofClients: () => number;
}

async function askUntilKilled(hub: ChildHub, askers: Askers, { moments, ofClients }: Draws): Promise<void> {
  const life = new AbortController();
  const last = 1 + Math.floor(moments() * MOST_QUESTIONS_A_LIFE);
  const wait = moments() * LONGEST_WAIT_MS;
  let sent = 0;
  let killing: Promise<void> | undefined;
  const kill = async (): Promise<void> => {
    await pause(wait);
    life.abort();
    await hub.kill();
  };
  await askers.ask(CLIENTS, {
    signal: life.signal,
    random: ofClients,
    sent: () => {
      if (++sent === last) killing = kill();
    },
  });
  await killing;
}
