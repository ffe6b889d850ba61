import { clockSteps } from './clock-steps.ts';
import { eventStoreDbKills } from './eventstoredb-kills.ts';
import { failingFsync } from './failing-fsync.ts';
import type { FaultReport, FaultRun } from './fault-report.ts';
import { whyNoFaultyHost } from './faulty-host.ts';
import { fullDisk } from './full-disk.ts';
import { kills } from './kills.ts';
import { powerCuts } from './power-cuts.ts';
import { questions } from './questions.ts';

/** One way in which things go wrong, and what must hold all the same. */
export interface Part {
  /** Names it in `--only`, and the option that says how often. */
  readonly name: string;
  readonly about: string;
  /** How often when nothing is said: a short run. */
  readonly usual: number;
  /** Why it can't run on this machine, and what would let it; undefined where it can. */
  readonly cannot?: () => Promise<string | undefined>;
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
  {
    name: 'power-cuts',
    about: 'power cuts of a recorded hub: what was acknowledged or answered by then is there',
    usual: 20,
    cannot: whyNoFaultyHost,
    run: (count, run) => powerCuts({ cuts: count, ...run }),
  },
  {
    name: 'failing-fsync',
    about: 'times at which the hub’s files fail to sync, of eight kinds in turn',
    usual: 8,
    cannot: whyNoFaultyHost,
    run: (count, run) => failingFsync({ times: count, ...run }),
  },
  {
    name: 'full-disk',
    about: 'times at which there is no room for the hub’s files, of eight kinds in turn',
    usual: 8,
    cannot: whyNoFaultyHost,
    run: (count, run) => fullDisk({ times: count, ...run }),
  },
  {
    name: 'clock-steps',
    about: 'steps of the wall clock under a hub at work, of four kinds in turn',
    usual: 4,
    cannot: whyNoFaultyHost,
    run: (count, run) => clockSteps({ times: count, ...run }),
  },
  {
    name: 'engine-kills',
    about: 'kill -9 of two writers to EventStoreDB, or of its stand-in',
    usual: 10,
    run: (count, run) => eventStoreDbKills({ kills: count, ...run }),
  },
];
