import type { PolicyFact } from '#contracts';
import { eventType, position, type Instant } from '#kernel';
import { compile } from './compile.ts';
import { dutyRequestsOf } from './duty-requests.ts';

const AT = '2026-06-30T23:30:00.000Z' as Instant;
const BY = { issuer: 'https://id.example', person: 'p', agency: 'county-pcc' };
let next = 0;
const fact = (name: string, data: object): PolicyFact => ({
  position: position(next++),
  recordedTime: AT,
  type: eventType(`uk.svd.hub.duty-request-${name}.v1`),
  data: { ...data, by: BY },
});
const made = (request: string) =>
  fact('made', {
    request,
    under: 's17',
    to: 'county-police',
    types: ['uk.svd.police.incident-recorded.v1'],
    fields: ['weapon'],
    period: { from: '2026-01-01', to: '2026-03-31' },
    use: 'monitoring',
    asked: '2026-06-30',
    due: '2026-07-31',
  });
const answered = (request: string) => fact('answered', { request, how: 'supplied' });
const refused = (request: string) => fact('refused', { request, reasons: ['barred-by-s16-4'] });
const withdrawn = (request: string) => fact('withdrawn', { request });

describe('requests under the duty', () => {
  it('are open as made, without the person who made them', () => {
    expect([...dutyRequestsOf([made('r1')]).values()]).toEqual([
      {
        id: 'r1',
        under: 's17',
        by: 'county-pcc',
        to: 'county-police',
        types: ['uk.svd.police.incident-recorded.v1'],
        fields: ['weapon'],
        period: { from: '2026-01-01', to: '2026-03-31' },
        use: 'monitoring',
        asked: '2026-06-30',
        due: '2026-07-31',
        status: 'open',
      },
    ]);
  });

  it('end once, on London’s day', () => {
    // half past midnight in London
    const ended = '2026-07-01';
    const acts = [
      [answered, { status: 'answered', how: 'supplied', ended }],
      [refused, { status: 'refused', reasons: ['barred-by-s16-4'], ended }],
      [withdrawn, { status: 'withdrawn', ended }],
    ] as const;
    for (const [act, end] of acts) {
      const facts = [made('r1'), made('r2'), act('r1')];
      expect(dutyRequestsOf(facts).get('r1')).toMatchObject(end);
      expect(dutyRequestsOf(facts).get('r2')).toMatchObject({ status: 'open' });
      for (const [later] of acts)
        expect(dutyRequestsOf([...facts, later('r1')]).get('r1')).toEqual(dutyRequestsOf(facts).get('r1'));
    }
  });

  it('are not made twice, nor ended before they are made', () => {
    expect(dutyRequestsOf([withdrawn('r1')]).size).toBe(0);
    expect(dutyRequestsOf([made('r1'), withdrawn('r1'), made('r1')]).get('r1')).toMatchObject({ status: 'withdrawn' });
  });

  it('are not passed over when a fact about them is unknown', () => {
    expect(() => dutyRequestsOf([made('r1'), fact('forwarded', { request: 'r1' })])).toThrow(
      expect.objectContaining({ code: 'policy-fact-unknown' }),
    );
  });

  it('are part of the policy and its digest, in whatever order they were made', () => {
    const [one, two, end] = [made('r1'), made('r2'), answered('r1')];
    const digest = (...facts: readonly PolicyFact[]) => compile(facts, new Map()).digest;
    expect(compile([one], new Map()).dutyRequests.get('r1')).toMatchObject({ status: 'open' });
    expect(digest(one, two)).toBe(digest(two, one));
    expect(new Set([digest(), digest(one), digest(one, two), digest(one, two, end)]).size).toBe(4);
  });
});
