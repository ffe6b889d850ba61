import fc from 'fast-check';
import { PLACE_GRAINS, PURPOSES, TIME_GRAINS, type Decision, type Request } from '#contracts';
import { londonDay, type AgencyId } from '#kernel';
import type { Agreement, Grant } from './agreement.ts';
import { decide } from './decide.ts';
import { rehearseGrants, type GrantChange, type GrantsRehearsed } from './rehearse-grants.ts';
import { Rehearsal } from './rehearsal.ts';
import {
  AGENCIES,
  agreement,
  ANALYSTS,
  asha,
  ATTENDANCE,
  grant,
  History,
  HOSPITAL,
  INCIDENT,
  NOW,
  person,
  POLICE,
  request,
  tested,
} from './testing/personas.ts';

const CONSUMERS = [ANALYSTS, POLICE];
const PARTIES = AGENCIES.map(([agency, capacity]) => ({ agency, capacity }));
const someOf = <T>(items: readonly T[], minLength = 1) => fc.subarray([...items], { minLength });

/** Grants that their gateway lets stand, so that a draft of them could be signed. */
const lawful: fc.Arbitrary<Grant> = fc
  .record({
    publishers: someOf([POLICE, HOSPITAL]),
    types: someOf([INCIDENT, ATTENDANCE]),
    consumer: fc.constantFrom(...CONSUMERS),
    purposes: someOf(PURPOSES.slice(0, 2)),
    fields: someOf(['category', 'weapon', 'method'], 0),
    place: fc.constantFrom(...PLACE_GRAINS),
    time: fc.constantFrom(...TIME_GRAINS),
    threshold: fc.constantFrom(7, 12, 17),
    conditions: fc.constantFrom([], [], [{ condition: 'maximum-age', value: 'P1Y' }]),
  })
  .map((changes) => grant(changes as Partial<Grant>));
const textOf = (grants: readonly Grant[], changes: Partial<Agreement> = {}): Agreement =>
  agreement({
    parties: PARTIES,
    anonymisationTests: CONSUMERS.map((one) => tested(one)),
    grants: grants.map((one, i) => ({ ...one, id: `g${i}` })),
    ...changes,
  });
const grantLists = fc.array(lawful, { minLength: 1, maxLength: 3 });

function told(history: History): GrantsRehearsed {
  const rehearsal = Rehearsal.of(history.compiled(), 'police-counts', NOW);
  if (rehearsal === undefined) throw new Error('there is a draft');
  const steps = rehearseGrants(rehearsal);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Whether the change says that this question is answered otherwise, and how. */
const concerns = (change: GrantChange, publisher: AgencyId, who: AgencyId, asked: Request): boolean =>
  change.consumer === who &&
  change.publishers.includes(publisher) &&
  change.types.some((type) => type === asked.types[0]) &&
  change.purposes.some((purpose) => purpose === asked.purpose) &&
  (asked.fields[0] === undefined ? change.alone : change.fields.includes(asked.fields[0]));

describe('a rehearsal', () => {
  it('of the grants that are in force reports nothing', () => {
    fc.assert(
      fc.property(grantLists, (grants) => {
        const text = textOf(grants);
        const renamed = textOf(grants, { title: 'Under another title' });
        const { questions, changes } = told(History.begun().inForce(text).drafted(renamed, 2));
        expect(questions).toBeGreaterThan(0);
        expect(changes).toEqual([]);
        expect(told(History.begun().inForce(text)).changes).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  it('agrees with bringing the draft into force and deciding', () => {
    let differing = 0;
    fc.assert(
      fc.property(
        grantLists,
        grantLists,
        grantLists,
        fc.constantFrom('2026-01-01', '2026-11-30'),
        fc.nat(),
        (before, after, others, from, n) => {
          const draft = textOf(after, { validity: { from, to: '2027-12-31' } });
          const begun = History.begun()
            .inForce(textOf(others, { id: 'another' }))
            .inForce(textOf(before));
          const rehearsed = told(begun.drafted(draft, 2));
          const day = from > londonDay(NOW) ? from : londonDay(NOW);
          const at = `${day}T12:00:00.000Z` as typeof NOW;
          const present = begun.compiled();
          for (const signed of PARTIES) begun.signedBy(draft, `signatory of ${signed.agency}`, signed.agency, 2);
          const real = begun.declaredInForce(draft, 2).compiled();
          for (const { who, publisher, asked } of questions([...before, ...after], n)) {
            const [now, then] = [present, real].map((policy) => guardOf(decide(policy, who, asked, at), publisher));
            const found = rehearsed.changes.filter((one) => concerns(one, publisher, who.agency, asked));
            expect(found.length).toBeLessThanOrEqual(1);
            const { place, time } = asked;
            const inList = (list: 'added' | 'removed') =>
              found.some((one) =>
                one[list].some(
                  (grain) =>
                    PLACE_GRAINS.indexOf(grain.place) <= PLACE_GRAINS.indexOf(place) &&
                    TIME_GRAINS.indexOf(grain.time) <= TIME_GRAINS.indexOf(time),
                ),
              );
            if (now === undefined && then !== undefined) expect(inList('added')).toBe(true);
            if (now !== undefined && then === undefined) expect(inList('removed')).toBe(true);
            if (now !== then) {
              differing++;
              expect(found[0]?.changes).not.toEqual([]);
            }
          }
        },
      ),
      { numRuns: 40 },
    );
    expect(differing).toBeGreaterThan(100);
  });

  it('of a draft without one of the grants finds nothing newly disclosed', () => {
    let stopped = 0;
    fc.assert(
      fc.property(fc.array(lawful, { minLength: 2, maxLength: 3 }), fc.nat(), (grants, n) => {
        const fewer = grants.filter((_, i) => i !== n % grants.length);
        const { changes } = told(History.begun().inForce(textOf(grants)).drafted(textOf(fewer), 2));
        for (const change of changes) {
          expect(change.added).toEqual([]);
          expect(change.changes).not.toContain('newly-disclosed');
          expect(change.changes).not.toContain('more-finely');
          expect(change.changes).not.toContain('more-exactly');
          stopped += change.removed.length;
        }
      }),
      { numRuns: 40 },
    );
    expect(stopped).toBeGreaterThan(0);
  });

  it('changes no answer to a consumer that no grant of either version names', () => {
    let shown = 0;
    fc.assert(
      fc.property(grantLists, grantLists, grantLists, (before, after, others) => {
        const elsewhere = others.map((one) => ({ ...one, consumer: HOSPITAL }));
        const history = History.begun()
          .inForce(textOf(elsewhere, { id: 'another', anonymisationTests: [tested(HOSPITAL)] }))
          .inForce(textOf(before))
          .drafted(textOf(after), 2);
        const rehearsal = Rehearsal.of(history.compiled(), 'police-counts', NOW);
        const who = person('someone', HOSPITAL, 'analyst');
        for (const { asked } of questions(elsewhere, 0, HOSPITAL)) {
          const compared = rehearsal?.compare(who, { ...asked, publishers: 'all' });
          expect(compared?.then).toEqual(compared?.now);
          shown += compared?.now.size ?? 0;
        }
      }),
      { numRuns: 25 },
    );
    expect(shown).toBeGreaterThan(0);
  });
});

/** Questions that lie near the grants: each of their rows at a grain that moves with `n`. */
function questions(grants: readonly Grant[], n: number, only?: AgencyId) {
  return grants.flatMap(({ consumer, publishers, types, purposes, fields }, i) =>
    publishers.flatMap((publisher) =>
      types.flatMap((type) =>
        [undefined, ...fields].map((field, j) => ({
          who: person('asker', only ?? consumer, ...asha.roles),
          publisher,
          asked: request({
            purpose: purposes[(n + j) % purposes.length],
            types: [type],
            publishers: [publisher],
            fields: field === undefined ? [] : [field],
            place: PLACE_GRAINS[(n + i + j) % PLACE_GRAINS.length] ?? 'force',
            time: TIME_GRAINS[(n + i) % TIME_GRAINS.length] ?? 'year',
            oldest: '2027-12-31',
          }),
        })),
      ),
    ),
  );
}

/** How the publisher's rows are guarded; undefined where they are not shown. */
function guardOf(decision: Decision, publisher: AgencyId): string | undefined {
  if (decision.kind === 'refuse') return undefined;
  const view = decision.views.find(({ publishers }) => publishers.has(publisher));
  return view === undefined ? undefined : `${view.gateway} ${view.openness} ${view.threshold}`;
}
