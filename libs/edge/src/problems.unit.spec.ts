import type { Refusal } from '#contracts';
import { Problem } from '#kernel';
import { isProblemCode, PROBLEMS } from './problem-table.ts';
import { START_FAULTS } from './start-faults.ts';
import { codeOf, problemBody, Refused, retryAfterOf } from './problems.ts';

const refusal = (conceal: boolean): Refusal => ({
  kind: 'refuse',
  rule: 'no-agreement',
  section: 'PCSC Act 2022 s.16',
  missing: ['agreement'],
  alternatives: [],
  conceal,
});

describe('problems', () => {
  it.each(Object.entries(PROBLEMS))('explains %s to people, under a status that may be answered', (code, kind) => {
    expect(code).toMatch(/^[a-z]+(-[a-z0-9]+)*$/);
    expect(kind.status === 503 || (kind.status >= 400 && kind.status < 500)).toBe(true);
    expect(kind.title.length).toBeGreaterThan(5);
    expect(kind.explanation).toMatch(/\.$/);
    expect(Object.hasOwn(START_FAULTS, code)).toBe(false);
  });

  it('names field and index, and never a message', () => {
    expect(problemBody(new Problem('field-invalid', { field: 'data.category', index: 3 }), 'c')).toEqual({
      type: '/problems/field-invalid',
      title: PROBLEMS['field-invalid'].title,
      status: 422,
      correlationId: 'c',
      field: 'data.category',
      index: 3,
    });
  });

  it.each([
    ['an unknown error', new Error('secret')],
    ['a code outside the table', new Problem('toString', { field: 'secret' })],
    ['an error that carries a status of its own', Object.assign(new Error('secret'), { statusCode: 418, status: 418 })],
    ['a text', 'secret'],
    ['nothing', undefined],
  ])('answers %s as unavailable', (_name, thrown) => {
    expect(codeOf(thrown)).toBe('unavailable');
    expect(JSON.stringify(problemBody(thrown))).not.toContain('secret');
  });

  it('tells the rule of a refusal, and nothing of one that conceals', () => {
    expect(problemBody(new Refused(refusal(false), 'd-1'), 'c')).toMatchObject({
      type: '/problems/refused',
      status: 403,
      rule: 'no-agreement',
      section: 'PCSC Act 2022 s.16',
      missing: ['agreement'],
      alternatives: [],
      disclosureId: 'd-1',
    });
    expect(problemBody(new Refused(refusal(true), 'd-1'), 'c')).toEqual(problemBody(new Problem('not-found'), 'c'));
  });

  it('says when to come back, only where coming back helps', () => {
    expect(retryAfterOf(new Problem('queue-full', { retryAfter: 7 }))).toBe(7);
    expect(retryAfterOf(new Problem('unavailable'))).toBeGreaterThan(0);
    expect(retryAfterOf(new Problem('field-invalid', { retryAfter: 7 }))).toBeUndefined();
    expect(isProblemCode('constructor')).toBe(false);
  });
});
