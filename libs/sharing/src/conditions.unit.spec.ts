import type { Request } from '#contracts';
import { conditionObstacle, isKnownCondition } from './conditions.ts';
import { asha, mo, request } from './testing/personas.ts';

const DAY = '2026-11-23';
const met = (condition: string, value: string | undefined, changes: Partial<Request> = {}, who = asha) =>
  conditionObstacle(value === undefined ? { condition } : { condition, value }, {
    who,
    request: request(changes),
    day: DAY,
  })?.rule ?? 'met';

describe('a condition', () => {
  it.each<[string, string | undefined, Partial<Request>, string]>([
    ['maximum-age', 'P1Y', { oldest: '2025-11-23' }, 'met'],
    ['maximum-age', 'P1Y', { oldest: '2025-11-22' }, 'older-than-granted'],
    ['maximum-age', 'P1Y', { oldest: 'any' }, 'older-than-granted'],
    ['maximum-age', 'P9M', { oldest: '2026-02-23' }, 'met'],
    ['maximum-age', 'P9M', { oldest: '2026-02-22' }, 'older-than-granted'],
    ['maximum-age', 'P10D', { oldest: '2026-11-13' }, 'met'],
    ['maximum-age', 'P10D', { oldest: '2026-11-12' }, 'older-than-granted'],
    ['not-before', DAY, {}, 'met'],
    ['not-before', '2026-11-24', {}, 'outside-granted-days'],
    ['not-after', DAY, {}, 'met'],
    ['not-after', '2026-11-22', {}, 'outside-granted-days'],
    ['role', 'analyst', {}, 'met'],
    ['role', 'guardian', {}, 'role-not-granted'],
    ['justification', undefined, { justification: true }, 'met'],
    ['justification', undefined, { justification: false }, 'justification-missing'],
    ['case-reference', undefined, { caseReference: true }, 'met'],
    ['case-reference', undefined, { caseReference: false }, 'case-reference-missing'],
    ['tuesdays', undefined, {}, 'condition-unknown'],
    ['toString', undefined, {}, 'condition-unknown'],
  ])('%s %s %o: %s', (condition, value, changes, expected) => {
    expect(met(condition, value, changes)).toBe(expected);
  });

  it('is about whoever asks', () => {
    expect(met('role', 'practitioner', {}, mo)).toBe('met');
    expect(met('role', 'practitioner', {}, asha)).toBe('role-not-granted');
  });

  it('is known by its name and the form of its value', () => {
    expect(isKnownCondition({ condition: 'maximum-age', value: 'P2Y' })).toBe(true);
    expect(isKnownCondition({ condition: 'maximum-age' })).toBe(false);
    expect(isKnownCondition({ condition: 'justification', value: 'x' })).toBe(false);
    expect(isKnownCondition({ condition: 'constructor' })).toBe(false);
  });
});
