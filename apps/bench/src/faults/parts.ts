import type { FaultReport, FaultRun } from './fault-report.ts';
import { kills } from './kills.ts';
import { questions } from './questions.ts';

/** One way in which things go wrong, and what must hold all the same. */
export interface Part {
  /** Names it in `--only`, and the option that says how often. */
  readonly name: string;
  readonly about: string;
  /** How often when nothing is said: a short run. */
  readonly usual: number;
  /** Why it can't run on this machine, and what would let it; undefined where it can. */
  readonly cannot?: () => string | undefined;
  run(count: number, run: FaultRun): Promise<FaultReport>;
}

export const PARTS: readonly Part[] = [
  {
    name: 'kills',
    about: 'kill -9 of the hub while events are published and questions asked',
    usual: 24,
    run: (count, run) => kills({ kills: count, ...run }),
  },
  {
    name: 'questions',
    about: 'answers received whole while the hub is killed: each has its access record',
    usual: 200,
    run: (count, run) => questions({ questions: count, ...run }),
  },
];
