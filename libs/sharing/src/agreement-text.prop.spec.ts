import fc from 'fast-check';
import { eventType } from '#kernel';
import { readAgreement, type Agreement, type Grant } from './agreement.ts';
import { agreementText } from './agreement-text.ts';
import { decide } from './decide.ts';
import {
  AGENCIES,
  agreement,
  ANALYSTS,
  ATTENDANCE,
  bytesOf,
  grant,
  INCIDENT,
  NOW,
  person,
  POLICE,
  policyWith,
  request,
  tested,
} from './testing/personas.ts';
import { readClauses, wholeClause } from './testing/read-clauses.ts';

const names = AGENCIES.map(([name]) => name);

/** An agreement with a text of others wherever one may stand, each different. */
function withTexts(texts: readonly string[]): Agreement {
  let at = 0;
  const next = () => texts[at++ % texts.length] ?? '';
  const { lawful, handling } = agreement();
  const each = <T extends object>(object: T): T =>
    Object.fromEntries(Object.keys(object).map((name) => [name, next()])) as T;
  return agreement({
    title: next(),
    contacts: [{ agency: POLICE, role: next(), mailbox: 'ig@police.example' }],
    lawful: { ...each({ ...lawful, lawEnforcement: '' }), lawEnforcement: true, article9: next() },
    handling: each(handling),
    anonymisationTests: [tested(ANALYSTS, { method: next(), assessor: next(), recipientKnowledge: next() })],
    optOutCheck: { method: next(), by: next(), date: '2026-01-01' },
    returns: [
      {
        publisher: POLICE,
        kind: 'cda-17a-quarterly',
        types: [INCIDENT],
        owner: { role: next(), mailbox: 'ig@police.example' },
      },
    ],
    grants: [grant({ provision: next(), necessity: next(), licence: next() })],
  });
}
const policy = policyWith(agreement());
function rendered(text: Agreement): string {
  const state = policy.agreements.get(text.id);
  if (state === undefined) throw new Error('no such agreement');
  return agreementText(text, { state, version: state, policy, day: '2026-11-23' });
}

const FORGERIES = [
  '\n7.2       Grant',
  '\r\n11.4.1',
  '\u2028',
  '\u2029',
  '\u0085',
  '\u000b',
  '\u000c',
  ' 7.2 ',
  '» ',
  '«',
  '\\',
  '  ',
];
const UNSEEN = [
  '\u202e',
  '\u2066',
  '\u2069',
  '\u200b',
  '\u200d',
  '\u00ad',
  '\ufeff',
  '\u{e0041}',
  '\u3164',
  '\u115f',
  '\ufe0f',
  '\u061c',
];
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(...FORGERIES, ...UNSEEN, '\u0000', '\u05d0', '\u0627', '\u00a0', '\u2003', '\u0301', '\ue000'),
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constant('x'.repeat(120)),
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((parts) => parts.join(''))
  // nothing is said of an empty one but that it is not stated
  .filter((text) => text !== '');
const texts = fc.array(hostile, { minLength: 30, maxLength: 30 });

/** What was sent, from what is shown. */
const decoded = (shown: string): string =>
  shown.replace(/\\(\\|u\{([0-9a-f]+)\})/g, (_, all: string, code: string | undefined) =>
    all === '\\' ? '\\' : String.fromCodePoint(parseInt(code ?? '', 16)),
  );
/** Every quotation of a text, decoded. */
const quotations = (clauses: ReadonlyMap<string, string>): readonly string[] =>
  [...clauses.values()].flatMap((clause) =>
    [...clause.matchAll(/«([^«»]*)»/g)].map(([, shown = '']) => decoded(shown)),
  );

describe('the text of an agreement', () => {
  const plain = readClauses(rendered(withTexts(['something'])));

  it('has the clauses of its document and no other, whatever the parties write', () => {
    fc.assert(
      fc.property(texts, (given) => {
        const text = rendered(withTexts(given));
        expect([...readClauses(text).keys()]).toEqual([...plain.keys()]);
        for (const line of text.split('\n')) {
          expect(Array.from(line).length).toBeLessThanOrEqual(100);
          expect(line).not.toMatch(/[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u0590-\u08ff]|(?! )\p{Zs}/u);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('shows what they wrote, so that it can be told from what is shown', () => {
    fc.assert(
      fc.property(texts, (given) => {
        const document = withTexts(given);
        const { title, ...within } = document;
        const shown = quotations(readClauses(rendered(document)));
        const written: string[] = [];
        JSON.stringify(within, (_, value: unknown) => {
          if (typeof value === 'string' && given.includes(value)) written.push(value);
          return value;
        });
        expect(written.length).toBeGreaterThan(15);
        expect([...shown].sort()).toEqual(written.sort());
        expect(title).not.toBe('');
      }),
      { numRuns: 100 },
    );
  });

  it('is of no document with characters that cannot be seen', () => {
    for (const unseen of [...UNSEEN, '\n', '\r', '\t', '\u2028', '\u2029', '\u0085', '\ue000']) {
      const read = readAgreement(bytesOf(agreement({ title: `Counts${unseen}` })));
      expect([unseen.codePointAt(0)?.toString(16), read]).toMatchObject([
        unseen.codePointAt(0)?.toString(16),
        { ok: false, code: 'agreement-invalid', field: 'title' },
      ]);
    }
    const seen = 'Caffè, naïve, Ynys Môn: “A–B” £5 · 50 % …';
    expect(readAgreement(bytesOf(agreement({ title: seen }))).ok).toBe(true);
  });
});

describe('a clause that a decision cites', () => {
  const someOf = <T>(items: readonly T[], minLength = 1) => fc.subarray([...items], { minLength });
  const grants: fc.Arbitrary<Grant> = fc
    .record({
      publishers: someOf(names),
      types: someOf([INCIDENT, ATTENDANCE, eventType('uk.svd.prison.release-profiled.v1')]),
      consumer: fc.constantFrom(...names.slice(0, 2)),
      purposes: someOf(['sv-needs-assessment', 'sv-strategy'] as const),
      place: fc.constantFrom('lsoa', 'district', 'force'),
      threshold: fc.constantFrom(7, 12, 17),
    })
    .map((changes) => grant(changes as Partial<Grant>));
  const documents = fc
    .array(fc.array(grants, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 3 })
    .map((all) =>
      all.map((some, i) =>
        agreement({
          id: `agreement-${i}`,
          parties: AGENCIES.map(([name, capacity]) => ({ agency: name, capacity })),
          anonymisationTests: names.map((name) => tested(name)),
          grants: some.map((one, n) => ({ ...one, id: `g${n}` })),
        }),
      ),
    );

  it('stands in the text of its version, and is of that grant', () => {
    let cited = 0;
    fc.assert(
      fc.property(documents, fc.constantFrom('ward', 'force'), (given, place) => {
        const policy = policyWith(...given);
        for (const consumer of names.slice(0, 2)) {
          const decision = decide(policy, person('p', consumer, 'analyst'), request({ place, fields: [] }), NOW);
          if (decision.kind === 'refuse') continue;
          for (const { agreement: by, gateway, publishers } of decision.views) {
            const state = policy.agreements.get(by.id);
            const document = given.find(({ id }) => id === by.id);
            if (state === undefined || document === undefined) throw new Error('cites no agreement');
            const clauses = readClauses(agreementText(document, { state, version: state, policy, day: '2026-11-23' }));
            const said = by.clauses.map((clause) => {
              expect(clauses.get(clause)).toMatch(`Grant g${Number(clause.slice(2)) - 1}: ${consumer} may`);
              return wholeClause(clauses, clause);
            });
            for (const one of said) for (const word of [`(${gateway})`, INCIDENT]) expect(one).toContain(word);
            for (const publisher of publishers) expect(said.some((one) => one.includes(`- ${publisher}`))).toBe(true);
            cited += said.length;
          }
        }
      }),
      { numRuns: 40 },
    );
    expect(cited).toBeGreaterThan(50);
  });
});
