import type { FaultReport, FaultRun } from './fault-report.ts';
import type { Spell } from './spells.ts';
import { throughSpells } from './through-spells.ts';

export interface FullDisk extends FaultRun {
  /** Times that the disk is full. */
  readonly times: number;
}

const MS = 1_200;
const CUTS_EACH = 4;
/** 0: a stream that is cut short. */
const REFUSED = [503, 0];
const SPELLS: readonly Spell[] = [
  { what: 'no room for facts', faults: { room: 0, only: 'facts.db' }, ms: MS, missing: ['store'], allowed: REFUSED },
  {
    what: 'no room for access records',
    faults: { room: 0, only: 'access.db' },
    ms: MS,
    missing: ['audit'],
    allowed: [503],
  },
  {
    what: 'no room at all, then killed',
    faults: { room: 0 },
    ms: MS,
    killed: true,
    // a write-ahead log that has begun anew needs no room until it is as long as it was
    missing: ['store', 'audit'],
    allowed: REFUSED,
  },
  { what: 'no room for models', faults: { room: 0, only: 'models.db' }, ms: MS, missing: [], allowed: [] },
  { what: 'no room for trees', faults: { room: 0, only: 'trees.db' }, ms: MS, missing: ['trees'], allowed: [] },
  { what: 'no room for checkpoints', faults: { room: 100, only: 'outside' }, ms: MS, missing: ['trees'], allowed: [] },
  { what: 'some room, then none', faults: { room: 300_001 }, ms: MS, missing: [], allowed: REFUSED },
  { what: 'writes that do half', faults: { shortWrites: true }, ms: MS, missing: [], allowed: [] },
];

/**
 * The disk is full while events are pushed and questions asked: what can't be kept is refused with 503, without an access
 * record nothing is answered, and the hub goes on by itself once there is room.
 */
export const fullDisk = ({ times, ...run }: FullDisk): Promise<FaultReport> =>
  throughSpells({ ...run, name: 'full disk', spells: SPELLS, count: times, cutsEach: CUTS_EACH });
