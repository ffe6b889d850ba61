import { eventDefinition } from '#contracts';
import { eventType } from '#kernel';
import { readAgreement, type Agreement } from './agreement.ts';
import { agreementText } from './agreement-text.ts';
import { checkAgreement } from './check-agreement.ts';
import { GAP_MEANINGS, gapMeaning } from './gap-words.ts';
import { RULES } from './rules.ts';
import { Acting, guardianOf } from './testing/acting.ts';
import {
  agreement,
  ANALYSTS,
  asha,
  ATTENDANCE,
  bytesOf,
  CHARITY,
  grant,
  History,
  HOSPITAL,
  INCIDENT,
  piotr,
  POLICE,
  tested,
} from './testing/personas.ts';
import { readClauses, wholeClause } from './testing/read-clauses.ts';

const TODAY = '2026-11-23';
/** What the text of a version is told, the newest unless a number is given. */
function toldOf({ id }: Agreement, history: History, day = TODAY, number?: number) {
  const policy = history.compiled();
  const state = policy.agreements.get(id);
  const version = state?.versions.find((one) => one.version === (number ?? state.version));
  if (state === undefined || version === undefined) throw new Error('no such version');
  return { state, version, policy, day };
}
/** The text of a draft. */
const textOf = (text: Agreement): string => agreementText(text, toldOf(text, History.begun().drafted(text)));

/** Says everything that an agreement can say, each text once. */
const FULL = agreement({
  title: 'Everything at once',
  parties: [
    { agency: POLICE, capacity: 'specified-authority', from: '2026-02-03' },
    { agency: ANALYSTS, capacity: 'analysis-unit' },
    { agency: HOSPITAL, capacity: 'health-provider', from: '2026-03-04', to: '2027-05-06' },
    { agency: CHARITY, capacity: 'voluntary-sector', to: '2027-06-07' },
  ],
  jointControllers: [POLICE, HOSPITAL],
  purposes: ['sv-needs-assessment', 'evaluation'],
  retention: 'P18M',
  onwardSharing: 'with-consent-of-publisher',
  contacts: [
    { agency: POLICE, role: 'Information governance', mailbox: 'ig@police.example' },
    { agency: HOSPITAL, role: 'Caldicott office', mailbox: 'guardian@hospital.example' },
  ],
  lawful: {
    dpia: 'DPIA-77',
    dpoAdvice: 'Go ahead with care',
    article6: '6(1)(e), public task',
    article9: '9(2)(g), substantial public interest',
    schedule1: 'Paragraph 10, unlawful acts',
    lawEnforcement: true,
    privacyNotice: `https://police.example/${'long/'.repeat(40)}privacy`,
    equalityAssessment: 'EIA-12',
  },
  anonymisationTests: [
    tested(ANALYSTS),
    tested(CHARITY, { method: 'Other method', place: 'district', mode: 'record' }),
  ],
  caldicott: {
    guardian: 'Guardian of the north',
    date: '2026-04-05',
    principles: {
      justifyPurpose: 'Principle a',
      onlyWhenNecessary: 'Principle b',
      minimumNecessary: 'Principle c',
      needToKnow: 'Principle d',
      awareOfResponsibilities: 'Principle e',
      complyWithLaw: 'Principle f',
      dutyToShare: 'Principle g',
      informPatients: 'Principle h',
    },
  },
  optOutCheck: { method: 'Batch look-up', by: 'Hospital informatics', date: '2026-05-06' },
  returns: [
    {
      publisher: HOSPITAL,
      kind: 'istv-monthly',
      types: [ATTENDANCE],
      owner: { role: 'Head of emergency care', mailbox: 'ed@hospital.example' },
      department: '01',
    },
    {
      publisher: POLICE,
      kind: 'cda-17a-quarterly',
      types: [INCIDENT],
      owner: { role: 'Performance lead', mailbox: 'performance@police.example' },
    },
  ],
  grants: [
    grant({ id: 'counts', publishers: [POLICE, HOSPITAL], types: [INCIDENT, ATTENDANCE], heldForFunctions: true }),
    grant({
      id: 'records',
      consumer: CHARITY,
      purposes: ['evaluation'],
      mode: 'record',
      gateway: 'cda1998-115',
      fields: ['category', 'weapon', 'noSuchField'],
      place: 'district',
      time: 'quarter',
      threshold: 12,
      k: 25,
      admits: ['sexual', 'exploitation-victim'],
      heldForFunctions: false,
      provision: 'Section 6',
      necessity: 'The strategy needs it',
      dutyRequest: '0123456789abcdef0123456789abcdef',
      conditions: [
        { condition: 'maximum-age', value: 'P3Y' },
        { condition: 'not-before', value: '2026-07-08' },
        { condition: 'not-after', value: '2027-08-09' },
        { condition: 'role', value: 'analyst' },
        { condition: 'justification' },
        { condition: 'case-reference' },
        { condition: 'full-moon', value: 'every-one' },
      ],
    }),
    grant({
      id: 'open',
      gateway: 'goodwill',
      types: [eventType('uk.svd.weather.storm-recorded.v1')],
      fields: [],
      openness: 'open',
      licence: 'OGL-UK-3.0',
      address: 'https://data.police.example/',
    }),
  ],
});

/** Section that tells a member of the document; the head tells the first two. */
const SECTIONS: Readonly<Record<string, string>> = {
  parties: '1',
  jointControllers: '1',
  purposes: '2',
  validity: '3',
  review: '3',
  retention: '3',
  onwardSharing: '3',
  lawful: '4',
  anonymisationTests: '5',
  optOutCheck: '5',
  caldicott: '6',
  grants: '7',
  returns: '8',
  handling: '9',
  contacts: '10',
};

type Leaf = readonly [path: readonly string[], value: string | number | boolean];
const leaves = (value: unknown, path: readonly string[] = []): readonly Leaf[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]))
    : [[path, value as Leaf[1]]];

const LONG_DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
/** What a reader looks for. */
function sought([path, value]: Leaf): string {
  const name = path.at(-1) ?? '';
  if (name === 'lawEnforcement') return value === true ? 'applies to' : 'does not apply to';
  if (name === 'heldForFunctions') return value === true ? 'publishers hold it' : 'do not hold it';
  if (name === 'threshold') return `0 to ${value} `;
  if (name === 'k') return `${value} rows or more`;
  if (name === 'department') return `type ${value}`;
  if (typeof value !== 'string') throw new Error(`what stands for ${path.join('.')}?`);
  if (/^\d{4}-\d\d-\d\d$/.test(value)) return LONG_DAY.format(new Date(value));
  if (/^P\d+[YMD]$/.test(value))
    return value.replace(/^P(\d+)(.)$/, (_, n: string, unit: string) => `${n} ${{ Y: 'year', M: 'month' }[unit]}s`);
  return value;
}
/** The clause in which it must stand: a grant's own, or its section. */
const placeOf = ([path]: Leaf): string => {
  const [member = '', index] = path;
  return member === 'grants' ? `7.${Number(index) + 1}` : (SECTIONS[member] ?? 'none');
};

/** Paths of what a reader of the text does not find. */
function missing(document: Agreement, text: string): readonly string[] {
  const clauses = readClauses(text);
  const head = text.split('\n1 ')[0] ?? '';
  return leaves(document)
    .filter((leaf) => {
      const [path] = leaf;
      const where = path[0] === 'id' || path[0] === 'title' ? head : wholeClause(clauses, placeOf(leaf));
      return !where.includes(sought(leaf));
    })
    .map(([path]) => path.join('.'));
}

describe('the text of an agreement', () => {
  const text = textOf(FULL);

  it('is of a document that can be', () => {
    expect(readAgreement(bytesOf(FULL))).toMatchObject({ ok: true });
  });

  it('says every value of the document, where it belongs', () => {
    expect(missing(FULL, text)).toEqual([]);
    expect(missing(agreement(), textOf(agreement()))).toEqual([]);
  });

  it.each([...new Set(Object.values(SECTIONS))])('is not whole without its section %s', (number) => {
    const [before = '', after = ''] = text.split(new RegExp(`^${number} .*$`, 'm'));
    const cut =
      before +
      (after.includes(`\n${Number(number) + 1} `) ? after.slice(after.indexOf(`\n${Number(number) + 1} `)) : '');
    expect(cut.length).toBeLessThan(text.length);
    expect(missing(FULL, cut)).not.toEqual([]);
  });

  it('changes with every value of the document', () => {
    // in force, so that no gap names the value instead
    const told = toldOf(FULL, History.begun().inForce(FULL));
    const other: Readonly<Record<string, string>> = {
      'with-consent-of-publisher': 'none',
      count: 'record',
      protected: 'open',
    };
    const changed = (value: Leaf[1]) => (typeof value === 'boolean' ? !value : (other[value] ?? `${value}x`));
    const same = leaves(FULL).filter(([path, value]) => {
      const copy = structuredClone(FULL) as unknown as Record<string, unknown>;
      const [last = '', ...above] = [...path].reverse();
      const holder = above
        .reverse()
        .reduce<Record<string, unknown>>((at, key) => at[key] as Record<string, unknown>, copy);
      holder[last] = changed(value);
      return agreementText(copy as unknown as Agreement, told) === agreementText(FULL, told);
    });
    expect(same.map(([path]) => path.join('.'))).toEqual([]);
  });

  it('is plain, in lines of at most 100 characters, and the same each time', () => {
    expect(text.split('\n').filter((line) => line.length > 100 || line !== line.trimEnd())).toEqual([]);
    expect(text).toMatch(/\S\n$/);
    expect(text).toMatch(/^[\x20-\x7e\n«»–’“”…]*$/);
    expect(textOf(FULL)).toBe(text);
  });

  it('begins no clause with a word of its title, wherever the line breaks', () => {
    const plain = [...readClauses(textOf(agreement())).keys()];
    for (let length = 80; length < 110; length++) {
      const title = `${'x'.repeat(length)} 7.2 Grant g2: county-analysts may be shown everything`;
      expect([...readClauses(textOf(agreement({ title }))).keys()]).toEqual(plain);
    }
  });

  it('writes out marks that are heaped on one another, which would cover the lines around them', () => {
    const title = `a${'\u0301'.repeat(4)}b`;
    expect(textOf(agreement({ title })).split('\n')[1]).toBe('«a\u0301\u0301\\u{301}\\u{301}b»');
  });

  it('has the sections in their order, and one clause for each recipient, grant and return', () => {
    const numbers = [...readClauses(text).keys()];
    expect(numbers.filter((number) => !number.includes('.'))).toEqual(Array.from({ length: 11 }, (_, i) => `${i + 1}`));
    const of = (section: string) => numbers.filter((number) => new RegExp(`^${section}\\.\\d+$`).test(number));
    expect([of('5'), of('7'), of('8')].map((found) => found.length)).toEqual([3, 3, 2]);
    expect(numbers.filter((number) => number.startsWith('7.2.')).length).toBe(12);
  });

  it('says what a power is, where it stands and whether anybody has checked it', () => {
    const clauses = readClauses(text);
    expect(clauses.get('7.1.5')).toContain('Not verified (as at 1 November 2026). No lawyer has reviewed it.');
    expect(clauses.get('7.2.5')).toContain('Source: https://www.legislation.gov.uk/ukpga/1998/37/section/115.');
    expect(clauses.get('7.3.5')).toBe('Power relied on: goodwill, which the adopted law does not have.');
    const duty = agreement({ grants: [grant({ gateway: 'pcsc-16' })] });
    expect(readClauses(textOf(duty)).get('7.1.5')).toContain('The primary text was read, as at 1 November 2026.');
  });

  it('names fields as people do, with what law attaches to them', () => {
    const label = eventDefinition(INCIDENT)?.fields.get('category')?.label ?? 'none';
    const clauses = readClauses(text);
    expect(clauses.get('7.1.7')).toContain(`- ${label} (category): `);
    expect(clauses.get('7.2.7')).toContain('- noSuchField: nothing');
    const consented = eventType('uk.svd.health.ed-contact-recorded.v1');
    const subjects = agreement({ grants: [grant({ types: [consented], mode: 'subject', fields: ['method'] })] });
    const told = eventDefinition(consented)?.fields.get('method')?.labels ?? [];
    expect(told).toContain('patient');
    expect(readClauses(textOf(subjects)).get('7.1.7')).toMatch(
      / law attaches: .*patient information \(patient\).* - Method/,
    );
    const requested = readClauses(textOf(agreement({ grants: [grant({ gateway: 'pcsc-17' })] })));
    expect(requested.get('7.1.7')).toContain('law attaches: for monitoring under s.14 alone (s17-only). Fields');
  });
});

describe('where an agreement stands', () => {
  const text = agreement();
  const clauses = ({ history }: Acting, document = text, number = 1, day = TODAY) =>
    readClauses(agreementText(document, toldOf(document, history, day, number)));

  it('is said with who has signed, and what a draft lacks', () => {
    const acting = new Acting();
    const lacking = agreement({ lawful: { ...text.lawful, dpoAdvice: '' }, anonymisationTests: [] });
    acting.drafts(asha, lacking);
    const told = clauses(acting, lacking);
    expect(told.get('11.1')).toBe('On 23 November 2026 this version is drafted, and signed by nobody yet (drafted).');
    expect(told.get('11.4')).toBe('Signatures: - county-police has not signed - county-analysts has not signed');
    expect(told.get('11.7.1')).toBe(
      'Clause 4.2: It records no advice of a data protection officer (dpo-advice-missing).',
    );
    expect(told.get('11.7.2')).toBe(
      'Clause 5.1: The agreement records no anonymisation test of this recipient (anonymisation-test-missing). ' +
        'ICO anonymisation guidance, the motivated intruder test and its review. ' +
        "Lawful ways that are left, best first: - Shared in confidence, with the person's consent (confidence-consent)",
    );
    expect([...told.keys()].filter((number) => number.startsWith('11.7.'))).toHaveLength(2);
  });

  it('is said of a draft that lacks nothing, and of none that stands', () => {
    const acting = new Acting();
    acting.drafts(asha, text);
    acting.signs(piotr, text);
    const signed = clauses(acting);
    expect(signed.get('11.4')).toBe('Signatures: - county-police has signed - county-analysts has not signed');
    expect(signed.get('11.7')).toBe('Nothing but signatures stands between it and force.');
    acting.signs(asha, text);
    const standing = clauses(acting);
    expect(standing.get('11.2')).toBe('In force from 1 January 2026 to 31 December 2027, both included.');
    expect(standing.has('11.7')).toBe(false);
    expect(clauses(acting, text, 1, '2027-01-02').get('11.3')).toBe(
      'Its review was due by 1 January 2027 and is overdue. That stops no disclosure.',
    );
  });

  it('follows suspensions, leaving, ending and later versions', () => {
    const acting = new Acting();
    acting.agrees(text, piotr, asha);
    acting.suspends(guardianOf('county-police'));
    const suspended = clauses(acting);
    expect(suspended.get('11.1')).toContain('(suspended)');
    expect(suspended.get('11.5')).toBe('Suspensions: - county-police, since 23 November 2026, for a concern (concern)');
    acting.resumes(guardianOf('county-police'));
    acting.ends(asha, { scope: 'own', on: '2026-12-24' });
    acting.ends(piotr, { on: '2026-12-31', reason: 'party-closed' });
    expect(clauses(acting).get('11.6')).toBe(
      'Ending and leaving: - county-police ended it, for a party has closed (party-closed): 31 December 2026 is the first ' +
        'day without it - county-analysts leaves it: 23 December 2026 is its last day',
    );
    const other = new Acting();
    const second = agreement({ title: 'Second', validity: { from: '2026-06-01', to: '2027-12-31' } });
    other.agrees(text, piotr, asha);
    other.agrees(second, piotr, asha);
    expect(clauses(other).get('11.2')).toBe(
      'In force from 1 January 2026 to 31 May 2026, both included. Version 2 takes its place.',
    );
    expect(clauses(other).get('11.1')).toContain('(superseded)');
  });
});

describe('the words', () => {
  it('are there for everything that can stand between a draft and force', () => {
    const bad = agreement({
      parties: [
        { agency: POLICE, capacity: 'specified-authority', from: '2028-01-01' },
        { agency: ANALYSTS, capacity: 'analysis-unit' },
      ],
      jointControllers: [CHARITY],
      validity: { from: '2027-01-01', to: '2026-01-01' },
      review: '2030-01-01',
      contacts: [],
      lawful: { dpia: '', dpoAdvice: '', article6: '', lawEnforcement: false, privacyNotice: '' },
      handling: { ...agreement().handling, breach: '' },
      anonymisationTests: [tested(ANALYSTS, { review: '2029-01-01' })],
      returns: [{ ...(FULL.returns[0] as Agreement['returns'][number]) }],
      grants: [
        ...FULL.grants,
        grant({ id: 'a', publishers: [HOSPITAL], consumer: CHARITY, purposes: ['audit'], types: [ATTENDANCE] }),
        grant({ id: 'b', openness: 'open', mode: 'record', types: [INCIDENT, ATTENDANCE] }),
        grant({ id: 'c', licence: 'OGL' }),
        grant({
          id: 'd',
          mode: 'subject',
          types: [eventType('uk.svd.health.ed-contact-recorded.v1')],
          fields: ['method'],
        }),
        grant({ id: 'e', types: [eventType('uk.svd.prison.release-planned.v1')], fields: ['licence', 'offenceGroup'] }),
      ],
    });
    const nothing = agreement({ grants: [], contacts: [{ agency: HOSPITAL, role: 'x', mailbox: 'x@x.example' }] });
    const policy = History.begun().compiled();
    const lawless = new History().compiled();
    const rules = [bad, nothing].flatMap((document) => [
      ...checkAgreement(document, policy),
      ...checkAgreement(document, lawless),
    ]);
    const found = new Set(rules.map(({ rule }) => rule));
    expect([...found].filter((rule) => gapMeaning(rule) === undefined)).toEqual([]);
    expect([...found].filter((rule) => !RULES.includes(rule)).sort()).toEqual([...GAP_MEANINGS.keys()].sort());
  });
});
