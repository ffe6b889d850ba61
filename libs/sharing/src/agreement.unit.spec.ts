import { eventTypesOf } from '#contracts';
import type { Agreement } from './agreement.ts';
import { AGREEMENT_LIMITS, readAgreement } from './agreement.ts';
import { checkAgreement } from './check-agreement.ts';
import { readLawPack, type LawPack } from './law-pack.ts';
import {
  agreement,
  ANALYSTS,
  ATTENDANCE,
  bytesOf,
  CHARITY,
  grant,
  History,
  INCIDENT,
  LAW_BYTES,
  POLICE,
  tested,
} from './testing/personas.ts';

const refusal = (document: unknown) => {
  const read = readAgreement(bytesOf(document));
  return read.ok ? 'read' : `${read.code} ${read.field}`;
};
const shipped = (): LawPack => {
  const read = readLawPack(LAW_BYTES);
  if (!read.ok) throw new Error(read.field);
  return read.law;
};
const begun = History.begun().compiled();
const check = (document: Agreement, law = shipped()) => checkAgreement(document, { ...begun, law });
const gaps = (changes: Partial<Agreement>, law?: LawPack) =>
  check(agreement(changes), law).map((gap) => `${gap.rule} ${gap.field}`);

describe('an agreement document', () => {
  it('is read into its canonical form and digest', () => {
    const read = readAgreement(new TextEncoder().encode(JSON.stringify(agreement(), undefined, 2)));
    expect(read).toMatchObject({ ok: true, agreement: agreement(), canonical: bytesOf(agreement()) });
  });

  const party = { agency: POLICE, capacity: 'specified-authority' } as const;
  it.each<[string, unknown, string]>([
    ['an unknown member', { ...agreement(), conditions: [] }, 'agreement-invalid document'],
    [
      'an unknown member of a grant',
      { ...agreement(), grants: [{ ...grant(), also: 1 }] },
      'agreement-invalid grants.0',
    ],
    ['a missing member', { ...agreement(), review: undefined }, 'agreement-invalid review'],
    ['one party', agreement({ parties: [party] }), 'agreement-invalid parties'],
    ['one agency twice', agreement({ parties: [party, { ...party, capacity: 'host' }] }), 'agreement-invalid parties'],
    ['two grants of one id', agreement({ grants: [grant(), grant()] }), 'agreement-invalid grants'],
    ['a day that is none', agreement({ review: '2027-02-29' }), 'agreement-invalid review'],
    ['the id of the built-in agreement', agreement({ id: 'oversight' }), 'agreement-invalid id'],
    ['the id of the other one', agreement({ id: 'rehearsal' }), 'agreement-invalid id'],
    ['an id in capitals', agreement({ id: 'Counts' }), 'agreement-invalid id'],
    [
      'a threshold looser than 7',
      { ...agreement(), grants: [{ ...grant(), threshold: 5 }] },
      'agreement-invalid grants.0.threshold',
    ],
    ['a purpose that is none', { ...agreement(), purposes: ['immigration'] }, 'agreement-invalid purposes.0'],
    [
      'a mode that is none',
      { ...agreement(), grants: [{ ...grant(), mode: 'all' }] },
      'agreement-invalid grants.0.mode',
    ],
    ['a control character', agreement({ title: 'a\u0007b' }), 'agreement-invalid title'],
    ['a list', [], 'agreement-invalid document'],
  ])('is refused for %s', (_, document, expected) => {
    expect(refusal(JSON.parse(JSON.stringify(document)))).toBe(expected);
  });

  it('is refused for a key written twice and for its size', () => {
    const text = new TextDecoder().decode(bytesOf(agreement()));
    expect(readAgreement(new TextEncoder().encode(text.replace('{', '{"id":"x",')))).toMatchObject({
      code: 'json-duplicate-key',
      field: 'document',
    });
    const big = new Uint8Array(AGREEMENT_LIMITS.bytes + 1).fill(0x20);
    expect(readAgreement(big)).toMatchObject({ ok: false, code: 'json-too-large' });
  });
});

describe('what stands between a draft and force', () => {
  it('is nothing for a complete one', () => {
    expect(gaps({})).toEqual([]);
    const open = { openness: 'open', licence: 'OGL v3.0', address: 'https://data.police.uk' } as const;
    expect(gaps({ grants: [grant(open)] })).toEqual([]);
  });

  const lawful = agreement().lawful;
  const of = (changes: Parameters<typeof grant>[0]) => ({ grants: [grant(changes)] });
  it.each<[string, Partial<Agreement>, string]>([
    ['no grants', { grants: [] }, 'grants-missing grants'],
    ['a publisher outside', of({ publishers: [CHARITY] }), 'publisher-not-a-party grants.0.publishers.0'],
    ['a consumer outside', of({ consumer: CHARITY }), 'consumer-not-a-party grants.0.consumer'],
    ['a purpose outside', of({ purposes: ['evaluation'] }), 'purpose-not-of-agreement grants.0.purposes.0'],
    ['an unknown gateway', of({ gateway: 'goodwill' }), 'gateway-unknown grants.0.gateway'],
    ['a record grant without its k', of({ mode: 'record' }), 'k-missing grants.0.k'],
    [
      'records of several types',
      of({ mode: 'record', k: 10, types: [INCIDENT, ATTENDANCE] }),
      'records-of-several-types grants.0.types',
    ],
    [
      'records under a test of counts',
      of({ mode: 'record', k: 10 }),
      'anonymisation-test-of-counts-only grants.0.mode',
    ],
    ['a subject grant', of({ mode: 'subject' }), 'mode-not-available grants.0.mode'],
    [
      'open without a licence',
      of({ openness: 'open', address: 'https://a.example' }),
      'licence-missing grants.0.licence',
    ],
    ['open without an address', of({ openness: 'open', licence: 'OGL' }), 'address-missing grants.0.address'],
    ['a licence on a protected grant', of({ licence: 'OGL' }), 'openness-contradicted grants.0.openness'],
    [
      'a test too coarse',
      { anonymisationTests: [tested(ANALYSTS, { place: 'district' })] },
      'anonymisation-test-too-coarse grants.0.place',
    ],
    [
      'a test reviewed late',
      { anonymisationTests: [tested(ANALYSTS, { review: '2027-01-11' })] },
      'anonymisation-test-review-too-late anonymisationTests.0.review',
    ],
    ['reversed days', { validity: { from: '2027-12-31', to: '2026-01-01' } }, 'validity-reversed validity.to'],
    ['a late review', { review: '2028-01-01' }, 'review-outside-validity review'],
    ['no DPIA', { lawful: { ...lawful, dpia: ' ' } }, 'dpia-missing lawful.dpia'],
    ['no privacy notice', { lawful: { ...lawful, privacyNotice: '' } }, 'privacy-notice-missing lawful.privacyNotice'],
    ['nobody to write to', { contacts: [] }, 'contact-missing contacts'],
    [
      'force before the gateway',
      { validity: { from: '2018-01-01', to: '2027-12-31' } },
      'gateway-not-in-force grants.0.gateway',
    ],
    ['health without a Guardian', of({ types: [ATTENDANCE] }), 'caldicott-sign-off-missing caldicott'],
  ])('%s', (_, changes, expected) => {
    expect(gaps(changes)).toContain(expected);
  });

  it('a missing anonymisation test', () => {
    const found = check(agreement({ anonymisationTests: [tested(POLICE)] }));
    expect(found).toMatchObject([{ rule: 'anonymisation-test-missing', field: 'anonymisationTests' }]);
  });

  it('a consented type under the anonymous gateway', () => {
    const types = ['uk.svd.police.involvement-recorded.v1'] as unknown as Agreement['grants'][number]['types'];
    expect(gaps({ grants: [grant({ types })] })).toEqual(['type-not-carried grants.0.types.0']);
  });

  it('a rule of the gateway that this build does not know', () => {
    const law = shipped();
    const [anonymous] = law.gateways;
    const [known] = anonymous?.requires ?? [];
    if (anonymous === undefined || known === undefined) throw new Error('the shipped law has one');
    const changed = { ...law, gateways: [{ ...anonymous, requires: [{ ...known, rule: 'necessity-note' }] }] };
    expect(gaps({}, changed)).toEqual(['gateway-rule-unknown grants.0.gateway']);
  });

  it('asks no gateway about who is no party, and ranks the ways that are left once for each gap', () => {
    const publishers = Array.from(
      { length: 500 },
      (_, i) => `stranger-${i}`,
    ) as unknown as Agreement['grants'][number]['publishers'];
    const types = Array.from(
      { length: 500 },
      (_, i) => `uk.x${i}.v1`,
    ) as unknown as Agreement['grants'][number]['types'];
    const { gateways, ...law } = shipped();
    let looks = 0;
    const counting = {
      ...law,
      get gateways() {
        looks++;
        return gateways;
      },
    };
    const found = gaps({ grants: [grant({ publishers: [...publishers, POLICE], types })] }, counting);
    expect(found.filter((gap) => gap.startsWith('publisher-not-a-party'))).toHaveLength(500);
    expect(found.filter((gap) => gap.startsWith('type-not-carried'))).toHaveLength(500);
    expect(looks).toBeLessThan(2 * 500);
  });

  it('names the section that asks for it', () => {
    const found = check(agreement({ grants: [grant({ mode: 'subject' })] }));
    expect(found.find(({ rule }) => rule === 'mode-not-available')?.section).toMatch(/recital 26/);
  });

  it('lets the anonymous gateway carry every anonymised type and no consented one', () => {
    const anonymised = [...eventTypesOf('P'), ...eventTypesOf('D')];
    expect(new Set(shipped().gateways[0]?.types)).toEqual(new Set(anonymised));
  });

  it('reads the shipped law strictly', () => {
    expect(shipped().gateways.map(({ id }) => id)).toEqual([
      'anonymous',
      'pcsc-16',
      'pcsc-17',
      'confidence-consent',
      'cda1998-115',
      'oma2007-14',
      'ca1989-47',
      'ca2004-10-11',
      'care2014-42-45',
      'vital-interests',
      'ca2004-16la',
    ]);
    const law = JSON.parse(new TextDecoder().decode(LAW_BYTES)) as LawPack;
    expect(readLawPack(bytesOf({ ...law, notes: '' }))).toMatchObject({ code: 'law-pack-invalid', field: 'document' });
    expect(readLawPack(bytesOf({ ...law, gateways: [...law.gateways, ...law.gateways] }))).toMatchObject({ ok: false });
  });
});
