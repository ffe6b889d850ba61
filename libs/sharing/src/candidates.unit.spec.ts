import { candidatesFor, heldBy } from './candidates.ts';
import { agency, agreement, ANALYSTS, INCIDENT, policyWith } from './testing/personas.ts';

describe('what is kept with a policy', () => {
  const policy = policyWith(agreement());
  const of = (purpose: string) => candidatesFor(policy, '2026-11-23', { consumer: ANALYSTS, purpose, type: INCIDENT });

  it('is worked out once for what a grant names, and is nothing for what an asker alone names', () => {
    expect(of('sv-needs-assessment').all).toHaveLength(1);
    expect(of('sv-needs-assessment')).toBe(of('sv-needs-assessment'));
    expect(of('whatever').all).toEqual([]);
    expect(of('whatever')).toBe(of('something else'));
  });

  it('holds the capacities of agencies that are enrolled, on the day, and of nobody else', () => {
    expect(heldBy(policy, '2026-11-23', ANALYSTS)).toEqual(new Set(['analysis-unit']));
    expect(heldBy(policy, '2023-01-30', ANALYSTS)).toEqual(new Set());
    expect(heldBy(policy, '2026-11-23', agency('nobody'))).toEqual(new Set());
  });
});
