import { decide } from './decide.ts';
import { explain } from './explain.ts';
import {
  agreement,
  ANALYSTS,
  asha,
  ATTENDANCE,
  grant,
  INCIDENT,
  mo,
  NOW,
  person,
  POLICE,
  policyWith,
  request,
  tested,
} from './testing/personas.ts';

const two = agreement({
  anonymisationTests: [tested(ANALYSTS, { place: 'district' })],
  grants: [grant({ place: 'ward' }), grant({ id: 'g2', place: 'district' })],
});

describe('an explanation', () => {
  it('holds the very decision', () => {
    const policy = policyWith(two);
    for (const who of [asha, mo, person('x', ANALYSTS)])
      for (const asked of [request(), request({ place: 'lsoa' }), request({ purpose: undefined })])
        expect(explain(policy, who, asked, NOW).decision).toEqual(decide(policy, who, asked, NOW));
  });

  it('weighs each clause, and tells what the law refuses from what the grant does', () => {
    const { decision, weighed } = explain(policyWith(two), asha, request({ place: 'ward' }), NOW);
    expect(decision).toMatchObject({ kind: 'refuse', rule: 'place-too-fine' });
    expect(weighed).toMatchObject([
      {
        agreement: 'police-counts',
        version: 1,
        clause: '7.1',
        gateway: 'anonymous',
        publisher: POLICE,
        gatewayObstacle: { rule: 'anonymisation-test-too-coarse' },
        grantObstacle: undefined,
      },
      { clause: '7.2', gatewayObstacle: undefined, grantObstacle: { rule: 'place-too-fine' } },
    ]);
  });

  it('weighs only what covers all the types of the question', () => {
    const { decision, weighed } = explain(policyWith(two), asha, request({ types: [INCIDENT, ATTENDANCE] }), NOW);
    expect(decision.kind).toBe('refuse');
    expect(weighed).toEqual([]);
  });

  it('weighs nothing for one who may not ask, and shows nobody the clauses of others', () => {
    expect(explain(policyWith(two), person('x', ANALYSTS), request(), NOW).weighed).toEqual([]);
    expect(explain(policyWith(two), mo, request(), NOW).weighed).toEqual([]);
  });
});
