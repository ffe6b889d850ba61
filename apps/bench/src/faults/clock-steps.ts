import type { FaultReport, FaultRun } from './fault-report.ts';
import type { Spell } from './spells.ts';
import { throughSpells } from './through-spells.ts';

export interface ClockSteps extends FaultRun {
  /** Steps of the clock; each is taken back after it. */
  readonly times: number;
}

const MS = 1_500;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A token whose time has come, or has not come yet, is refused; its holder fetches another. */
const TOKENS = [401];
const SPELLS: readonly Spell[] = [
  { what: 'an hour back', faults: { clock: -HOUR_MS }, ms: MS, missing: [], allowed: TOKENS },
  { what: 'a day on', faults: { clock: DAY_MS }, ms: MS, missing: [], allowed: TOKENS },
  { what: 'ten minutes on', faults: { clock: HOUR_MS / 6 }, ms: MS, missing: [], allowed: TOKENS },
  { what: 'a day back', faults: { clock: -DAY_MS }, ms: MS, missing: [], allowed: TOKENS },
];

/**
 * The wall clock steps while events are pushed and questions asked: recorded times never fall in either log, the trees verify,
 * nothing is lost, and nobody is locked out for longer than it takes to fetch another token.
 */
export const clockSteps = ({ times, ...run }: ClockSteps): Promise<FaultReport> =>
  throughSpells({ ...run, name: 'clock steps', spells: SPELLS, count: times, cutsEach: 0 });
