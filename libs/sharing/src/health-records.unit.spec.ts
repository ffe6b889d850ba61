import type { Agreement, Grant } from './agreement.ts';
import { checkAgreement } from './check-agreement.ts';
import { decide } from './decide.ts';
import {
  agency,
  agreement,
  ATTENDANCE,
  enrolled,
  grant,
  History,
  INCIDENT,
  NOW,
  person,
  POLICE,
  request,
  tested,
} from './testing/personas.ts';

const BOARD = agency('county-board');
const COUNCIL = agency('county-council');
const analyst = person('noor', COUNCIL, 'analyst');
const begun = () =>
  History.begun().add(
    enrolled(BOARD, 'integrated-care-board', 'specified-authority'),
    enrolled(COUNCIL, 'local-authority'),
  );
const text = (changes: Partial<Grant> = {}, others: Partial<Agreement> = {}): Agreement =>
  agreement({
    parties: [
      { agency: BOARD, capacity: 'integrated-care-board' },
      { agency: POLICE, capacity: 'specified-authority' },
      { agency: COUNCIL, capacity: 'local-authority' },
    ],
    anonymisationTests: [],
    grants: [
      grant({
        publishers: [BOARD],
        types: [ATTENDANCE],
        fields: ['method'],
        consumer: COUNCIL,
        gateway: 'pcsc-16',
        mode: 'record',
        k: 10,
        heldForFunctions: true,
        ...changes,
      }),
    ],
    ...others,
  });
const told = (of: Agreement, changes: Parameters<typeof request>[0] = {}): string => {
  const asked = request({ types: [ATTENDANCE], mode: 'record', fields: ['method'], ...changes });
  const decision = decide(begun().inForce(of).compiled(), analyst, asked, NOW);
  return decision.kind === 'permit' ? 'permit' : decision.rule;
};

describe('records of patients under s.16', () => {
  it('leave a board once they have passed a test of records for this recipient, and not before', () => {
    expect(told(text())).toBe('anonymisation-test-missing');
    const by = (changes: Parameters<typeof tested>[1]) => text({}, { anonymisationTests: [tested(COUNCIL, changes)] });
    expect(told(by({}))).toBe('anonymisation-test-of-counts-only');
    expect(told(by({ mode: 'record', place: 'district' }))).toBe('anonymisation-test-too-coarse');
    expect(told(by({ mode: 'record', date: '2025-06-01', review: '2026-06-01' }))).toBe('anonymisation-test-expired');
    expect(told(by({ mode: 'record' }))).toBe('permit');
  });

  it('need one in whatever capacity the board is a party, and of an injury in a police record too', () => {
    const otherwise = text(
      { types: [INCIDENT], fields: ['category'] },
      {
        parties: [
          { agency: BOARD, capacity: 'specified-authority' },
          { agency: COUNCIL, capacity: 'local-authority' },
        ],
      },
    );
    const asked = { types: [INCIDENT], fields: [] };
    expect(told(otherwise, asked)).toBe('anonymisation-test-missing');
    const police = { publishers: [POLICE], types: [INCIDENT] };
    expect(told(text({ ...police, fields: ['category', 'injury'] }), asked)).toBe('anonymisation-test-missing');
    expect(told(text({ ...police, fields: ['category'] }), asked)).toBe('permit');
  });

  it('can’t be signed for without it, and counts can', () => {
    const policy = begun().compiled();
    const gaps = (of: Agreement) => checkAgreement(of, policy).map(({ rule, field }) => `${rule} ${field}`);
    expect(gaps(text())).toContain('anonymisation-test-missing anonymisationTests');
    expect(gaps(text({ mode: 'count' }))).not.toContain('anonymisation-test-missing anonymisationTests');
    expect(told(text({ mode: 'count' }), { mode: 'count' })).toBe('permit');
  });
});
