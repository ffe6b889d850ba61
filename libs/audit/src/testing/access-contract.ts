import type { AccessRecord } from '#contracts';
import { instant, millis, type AgencyId, type Clock, type Instant, type Position, type Sha256 } from '#kernel';
import type { AccessLog } from '../access-log.ts';

const START = millis('2026-03-01T09:00:00.000Z' as Instant);
/** A clock that a test moves, in seconds from its start, backwards too. */
export class SetClock implements Clock {
  seconds = 0;
  now(): Instant {
    return instant(START + this.seconds * 1_000);
  }
}
const at = (seconds: number): Instant => instant(START + seconds * 1_000);

export const agency = (id: string): AgencyId => id as AgencyId;
export function permitted(consumer: string, agreement: string, operation = 'releases.table'): AccessRecord {
  return {
    operation,
    kind: 'disclosure',
    who: { issuer: 'https://issuer.example', person: 'p-1', agency: agency(consumer), roles: ['analyst'] },
    purpose: 'sv-strategy',
    question: { release: 'police-incidents@1.2024-01.v1', district: 'E07000222' },
    decision: {
      kind: 'permit',
      agreements: [{ id: agreement, version: 2, gateway: 'anonymous', clauses: ['4.1', '4.2 — “as shown”'] }],
    },
    policy: { position: '12' as Position, digest: 'a'.repeat(64) as Sha256 },
    model: '40' as Position,
    resultHmac: 'b'.repeat(64),
    build: '0.1.0',
  };
}
export function refused(consumer: string): AccessRecord {
  const { model: _model, resultHmac: _hmac, ...record } = permitted(consumer, 'none');
  return { ...record, kind: 'refused', purpose: undefined, decision: { kind: 'refuse', rule: 'no-agreement' } };
}

export type OpenLog = (clock: SetClock) => Promise<AccessLog>;

/** What every adapter of the access log promises. */
export function describeAccessContract(adapter: string, openLog: OpenLog): void {
  describe(`access log: ${adapter}`, () => {
    let clock: SetClock;
    let log: AccessLog;
    beforeEach(async () => {
      clock = new SetClock();
      log = await openLog(clock);
    });
    afterEach(() => log.close());

    it('is empty at first', async () => {
      expect(log.head()).toBe('empty');
      expect(await log.entries({ limit: 10 })).toEqual([]);
    });

    it('gives back what was recorded, numbered and timed', async () => {
      const first = await log.record(permitted('county-analysts', 'dsa-1'));
      clock.seconds = 5;
      const second = await log.record(refused('mentor-charity'));
      expect(first).toEqual({ ...permitted('county-analysts', 'dsa-1'), id: first.id, number: 0, time: at(0) });
      expect(second).toEqual({ ...refused('mentor-charity'), id: second.id, number: 1, time: at(5) });
      expect(await log.entries({ limit: 10 })).toEqual([first, second]);
      expect(log.head()).toBe(1);
    });

    it('names each record by a random id of its own', async () => {
      const kept = await Promise.all(Array.from({ length: 50 }, () => log.record(refused('a'))));
      expect(new Set(kept.map(({ id }) => id)).size).toBe(50);
      for (const { id } of kept) expect(id).toMatch(/^[0-9a-f]{32}$/);
    });

    it('numbers concurrent records without a gap, each with its own content', async () => {
      const kept = await Promise.all(
        Array.from({ length: 700 }, (_, i) =>
          log.record(permitted(`agency-${i % 3}`, `dsa-${i % 2}`, `operation-${i}`)),
        ),
      );
      expect(kept.map(({ number }) => number).sort((a, b) => a - b)).toEqual(kept.map((_, index) => index));
      expect(kept.map(({ operation }) => operation)).toEqual(kept.map((_, index) => `operation-${index}`));
      expect(await log.entries({ limit: 1_000 })).toEqual([...kept].sort((a, b) => a.number - b.number));
    });

    it('never lets time fall', async () => {
      for (const seconds of [10, 3, 11, 0]) {
        clock.seconds = seconds;
        await log.record(refused('a'));
      }
      expect((await log.entries({ limit: 9 })).map(({ time }) => time)).toEqual([10, 10, 11, 11].map(at));
    });

    it('is asked by consumer, agreement, time and page, alone and together', async () => {
      for (let i = 0; i < 12; i++) {
        clock.seconds = i;
        await log.record(
          i % 4 === 3 ? refused('b') : permitted(i % 2 === 0 ? 'a' : 'b', i % 3 === 0 ? 'dsa-1' : 'dsa-2'),
        );
      }
      const numbers = async (query: Omit<Parameters<AccessLog['entries']>[0], 'limit'>, limit = 100) =>
        (await log.entries({ ...query, limit })).map(({ number }) => number);
      expect(await numbers({ consumer: agency('a') })).toEqual([0, 2, 4, 6, 8, 10]);
      expect(await numbers({ consumer: agency('a') }, 2)).toEqual([0, 2]);
      expect(await numbers({ consumer: agency('a'), after: 2 }, 2)).toEqual([4, 6]);
      expect(await numbers({ agreement: 'dsa-1' })).toEqual([0, 6, 9]);
      expect(await numbers({ agreement: 'dsa-1', consumer: agency('b') })).toEqual([9]);
      expect(await numbers({ agreement: 'dsa-9' })).toEqual([]);
      expect(await numbers({ from: at(3), to: at(6) })).toEqual([3, 4, 5]);
      expect(await numbers({ from: at(11) })).toEqual([11]);
      expect(await numbers({ from: at(12) })).toEqual([]);
      expect(await numbers({ to: at(0) })).toEqual([]);
      expect(await numbers({ from: at(2), to: at(9), consumer: agency('a'), agreement: 'dsa-2', after: 2 })).toEqual([
        4, 8,
      ]);
      expect(await numbers({ after: 11 })).toEqual([]);
    });

    it('finds a record once under each agreement that it rests on', async () => {
      const record = permitted('a', 'dsa-1');
      const view = { id: 'dsa-1', version: 1, gateway: 'anonymous', clauses: [] };
      const kept = await log.record({
        ...record,
        decision: { kind: 'permit', agreements: [view, view, { ...view, id: 'dsa-2' }] },
      });
      for (const agreement of ['dsa-1', 'dsa-2']) expect(await log.entries({ agreement, limit: 5 })).toEqual([kept]);
    });

    it('finishes what is under way, then rejects, once closed', async () => {
      const underWay = log.record(refused('a'));
      await log.close();
      expect(await underWay).toMatchObject({ number: 0 });
      await expect(log.record(refused('a'))).rejects.toMatchObject({ code: 'audit-closed' });
      await expect(log.entries({ limit: 1 })).rejects.toMatchObject({ code: 'audit-closed' });
    });
  });
}
