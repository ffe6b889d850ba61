import type { FaultReport, FaultRun } from './fault-report.ts';
import type { Spell } from './spells.ts';
import { throughSpells } from './through-spells.ts';

export interface FailingFsync extends FaultRun {
  /** Times that syncs begin to fail. */
  readonly times: number;
}

const MS = 1_200;
const CUTS_EACH = 6;
/** 0: a stream that is cut short. */
const REFUSED = [503, 0];
const failing = { syncs: 'failing' } as const;
const SPELLS: readonly Spell[] = [
  { what: 'facts', faults: { ...failing, only: 'facts.db' }, ms: MS, missing: ['store'], allowed: REFUSED },
  {
    what: 'facts, then killed',
    faults: { ...failing, only: 'facts.db' },
    ms: MS,
    killed: true,
    missing: ['store'],
    allowed: REFUSED,
  },
  { what: 'access log', faults: { ...failing, only: 'access.db' }, ms: MS, missing: ['audit'], allowed: [503] },
  { what: 'everything, then killed', faults: failing, ms: MS, killed: true, missing: ['store'], allowed: REFUSED },
  { what: 'trees', faults: { ...failing, only: 'trees.db' }, ms: MS, missing: ['trees'], allowed: [] },
  {
    what: 'facts, three times',
    faults: { ...failing, syncFaults: 3, only: 'facts.db' },
    ms: MS,
    missing: [],
    allowed: REFUSED,
  },
  { what: 'everything', faults: failing, ms: MS, missing: ['store'], allowed: REFUSED },
  {
    what: 'access log, then killed',
    faults: { ...failing, only: 'access.db' },
    ms: MS,
    killed: true,
    missing: ['audit'],
    allowed: [503],
  },
];

/**
 * fsync fails while events are pushed and questions asked: nothing is acknowledged or answered that was not synced, the hub
 * says 503 and names the part, and goes on by itself once syncs work again. What a failed sync should have covered may be
 * lost even if a later one works, as with Linux, which forgets that such pages were never written.
 */
export const failingFsync = ({ times, ...run }: FailingFsync): Promise<FaultReport> =>
  throughSpells({ ...run, name: 'failing fsync', spells: SPELLS, count: times, cutsEach: CUTS_EACH });
