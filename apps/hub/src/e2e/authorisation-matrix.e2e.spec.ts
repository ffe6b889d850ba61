import type { Position } from '#kernel';
import { openApiOf } from '../testing/operations.ts';
import type { HubUnderTest } from '../testing/running-hub.ts';
import { tokensOf } from './matrix/callers.ts';
import type { Cell } from './matrix/cells.ts';
import { everyCell, type Cells } from './matrix/every-cell.ts';
import { EXPECTATIONS } from './matrix/expectations.ts';
import { agreeAll, peopledHub } from './matrix/prepare.ts';
import { factsAfter, recordsAfter, recordsDue } from './matrix/records.ts';
import { callsOf, routeFaults } from './matrix/routes.ts';
import { nameOfCell, report, run, type Outcome } from './matrix/run.ts';
import { AGREED } from './matrix/world.ts';

const FEWEST = 20_000;
/** Wrong cells that are named. */
const MANY = 200;

describe('the authorisation matrix', () => {
  let hub: HubUnderTest;
  let calls: readonly string[];
  let cells: Cells;
  const outcomes: Outcome[] = [];
  const put = async (some: readonly Cell[], atOnce?: number): Promise<void> => {
    const outcome = await run(some, { url: hub.url, token: tokensOf(hub) }, atOnce);
    outcomes.push(outcome);
    expect(outcome.leaks).toEqual([]);
  };
  const recorded = (): number => {
    const head = hub.running.ports.access.head();
    return head === 'empty' ? -1 : head;
  };
  const head = async (): Promise<Position | 'start'> => {
    const at = await hub.running.ports.log.head();
    return at === 'empty' ? 'start' : at;
  };
  const all = (): readonly Cell[] => [...cells.allowed, ...cells.denied, ...cells.alone];

  beforeAll(async () => {
    hub = await peopledHub();
    calls = callsOf(await openApiOf(hub));
    cells = everyCell(AGREED, await agreeAll(hub));
  }, 300_000);
  afterAll(() => hub.close());

  it('has a row for every call of the API, and the API a call for every row', () => {
    expect(routeFaults(calls, EXPECTATIONS)).toEqual([]);
  });

  it('has cells for every call of the API, and none twice', () => {
    const asked = new Set(all().map(({ call }) => call));
    expect(calls.filter((call) => !asked.has(call))).toEqual([]);
    const named = Map.groupBy(all(), nameOfCell);
    expect([...named].filter(([, { length }]) => length > 1).map(([name]) => name)).toEqual([]);
  });

  it('lets in whom the table names, and leaves a record of each answer', async () => {
    const before = recorded();
    await put(cells.allowed);
    expect(await recordsAfter(hub, before)).toEqual(recordsDue(cells.allowed));
  }, 600_000);

  it('keeps everyone else out: nothing is written but a record of each refusal, and nothing is told', async () => {
    const [before, last] = [recorded(), await head()];
    await put(cells.denied);
    expect(await factsAfter(hub, last)).toEqual([]);
    expect(await recordsAfter(hub, before)).toEqual(recordsDue(cells.denied));
  }, 600_000);

  it('lets those act whose agreement it is: suspend it, lift that, rehearse it', async () => {
    const before = recorded();
    await put(cells.alone, 1);
    expect(await recordsAfter(hub, before)).toEqual(recordsDue(cells.alone));
  }, 600_000);

  it('is what the design documents say', () => {
    const [line = '', ...wrong] = report(outcomes).split('\n');
    process.stdout.write(`${line}\n`);
    expect(wrong.slice(0, MANY)).toEqual([]);
    expect(line).toBe(`cells ${all().length}, wrongAllow 0, wrongDeny 0`);
    expect(all().length).toBeGreaterThanOrEqual(FEWEST);
  });
});
