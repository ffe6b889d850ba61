import fc from 'fast-check';
import { PLACE_GRAINS, PURPOSES, TIME_GRAINS, type Decision, type PolicyFact, type Request } from '#contracts';
import type { Agreement, Grant } from './agreement.ts';
import { readAgreement } from './agreement.ts';
import { compile } from './compile.ts';
import { decide } from './decide.ts';
import {
  agency,
  AGENCIES,
  agreement,
  ANALYSTS,
  asha,
  ATTENDANCE,
  bytesOf,
  grant,
  History,
  INCIDENT,
  NOW,
  person,
  POLICE,
  policyWith,
  request,
} from './testing/personas.ts';

const names = AGENCIES.map(([name]) => name);
// few enough of each that a grant often fits a request
const ASKERS = names.slice(0, 2);
const ASKED_FOR = PURPOSES.slice(0, 2);
const FIELDS = ['category', 'weapon', 'outcome'];
const someOf = <T>(items: readonly T[], minLength = 1) => fc.subarray([...items], { minLength });

const grants: fc.Arbitrary<Grant> = fc
  .record({
    publishers: someOf(names),
    types: someOf([INCIDENT, ATTENDANCE]),
    consumer: fc.constantFrom(...ASKERS),
    purposes: someOf(ASKED_FOR),
    mode: fc.constantFrom('count', 'count', 'count', 'record'),
    gateway: fc.constantFrom('anonymous', 'anonymous', 'anonymous', 'goodwill'),
    fields: someOf(FIELDS, 0),
    place: fc.constantFrom(...PLACE_GRAINS),
    time: fc.constantFrom(...TIME_GRAINS),
    threshold: fc.constantFrom(7, 12, 17),
  })
  .map((changes) => grant(changes as Partial<Grant>));

const agreements: fc.Arbitrary<readonly Agreement[]> = fc
  .array(
    fc.record({
      grants: fc.array(grants, { minLength: 1, maxLength: 3 }),
      parties: someOf(AGENCIES, 3),
      from: fc.constantFrom('2026-01-01', '2026-11-24'),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((items) =>
    items.map((item, i) =>
      agreement({
        id: `agreement-${i}`,
        parties: item.parties.map(([name, capacity]) => ({ agency: name, capacity })),
        validity: { from: item.from, to: '2027-12-31' },
        grants: item.grants.map((one, n) => ({ ...one, id: `g${n}` })),
      }),
    ),
  );

const requests: fc.Arbitrary<Request> = fc
  .record({
    purpose: fc.constantFrom(...ASKED_FOR),
    types: someOf([INCIDENT, ATTENDANCE]),
    publishers: fc.oneof(
      { weight: 2, arbitrary: fc.constant('all' as const) },
      { weight: 1, arbitrary: someOf(names) },
    ),
    fields: someOf(FIELDS.slice(0, 1), 0),
    place: fc.constantFrom(...PLACE_GRAINS),
    time: fc.constantFrom(...TIME_GRAINS),
  })
  .map((changes) => request(changes));
const askers = fc.constantFrom(...ASKERS).map((name) => person('asker', name, 'analyst'));
/** Agreements with a question: any, or what one of their grants fits. */
const scenarios = fc.tuple(agreements, requests, askers, fc.nat(), fc.boolean()).map(([texts, any, who, n, near]) => {
  const text = texts[n % texts.length];
  const one = text?.grants[n % text.grants.length];
  if (one === undefined || !near) return { texts, asked: any, who, n };
  const { purposes, types, fields, place, time, consumer } = one;
  const asked = request({ purpose: purposes[0], types: types.slice(0, 1), fields, place, time });
  return { texts, asked, who: person('asker', consumer, 'analyst'), n };
});

/** How freely each publisher's rows are shown: 0 when open, else the threshold that guards them. */
function freedom(decision: Decision): ReadonlyMap<string, number> {
  if (decision.kind === 'refuse') return new Map();
  return new Map(
    decision.views.flatMap((view) =>
      [...view.publishers].map((publisher): [string, number] => [
        publisher,
        view.openness === 'open' ? 0 : view.threshold,
      ]),
    ),
  );
}

describe('decisions', () => {
  it('never widen when an agreement is taken away', () => {
    let permits = 0;
    fc.assert(
      fc.property(scenarios, ({ texts, asked, who, n }) => {
        const all = freedom(decide(policyWith(...texts), who, asked, NOW));
        const taken = texts.filter((_, i) => i !== n % texts.length);
        const fewer = freedom(decide(policyWith(...taken), who, asked, NOW));
        permits += all.size;
        for (const [publisher, guard] of fewer) expect(all.get(publisher) ?? Infinity).toBeLessThanOrEqual(guard);
      }),
      { numRuns: 150 },
    );
    expect(permits).toBeGreaterThan(0);
  });

  it('rest each publisher on one view', () => {
    fc.assert(
      fc.property(scenarios, ({ texts, asked, who }) => {
        const decision = decide(policyWith(...texts), who, asked, NOW);
        if (decision.kind === 'refuse') return;
        const publishers = decision.views.flatMap((view) => [...view.publishers]);
        expect(new Set(publishers).size).toBe(publishers.length);
      }),
      { numRuns: 150 },
    );
  });

  it('permit nothing that no grant fits', () => {
    fc.assert(
      fc.property(scenarios, ({ texts, asked, who }) => {
        const decision = decide(policyWith(...texts), who, asked, NOW);
        if (decision.kind === 'refuse') return;
        const shown = new Set(decision.views.flatMap((view) => [...view.publishers]));
        if (asked.publishers !== 'all') expect([...shown].sort()).toEqual([...asked.publishers].sort());
        for (const publisher of shown) {
          const fits = texts.some(
            (text) =>
              text.validity.from <= '2026-11-23' &&
              text.parties.some((party) => party.agency === publisher) &&
              text.parties.some((party) => party.agency === who.agency) &&
              text.grants.some(
                (one) =>
                  one.publishers.includes(publisher) &&
                  one.consumer === who.agency &&
                  one.gateway === 'anonymous' &&
                  one.mode === 'count' &&
                  one.purposes.some((purpose) => purpose === asked.purpose) &&
                  asked.types.every((type) => one.types.includes(type)) &&
                  asked.fields.every((field) => one.fields.includes(field)) &&
                  PLACE_GRAINS.indexOf(asked.place) >= PLACE_GRAINS.indexOf(one.place) &&
                  TIME_GRAINS.indexOf(asked.time) >= TIME_GRAINS.indexOf(one.time),
              ),
          );
          expect(fits).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('refuse a purpose, field, mode, place, time or type that is none of ours', () => {
    const policy = policyWith(agreement());
    const known: readonly string[] = [...PURPOSES, ...PLACE_GRAINS, ...TIME_GRAINS, ...FIELDS, 'count'];
    const word = fc.string({ maxLength: 20 }).filter((text) => !known.includes(text));
    const strange = fc.oneof(
      word.map((purpose) => ({ purpose })),
      word.map((field) => ({ fields: ['category', field] })),
      word.map((mode) => ({ mode: mode as Request['mode'] })),
      word.map((place) => ({ place: place as Request['place'] })),
      word.map((time) => ({ time: time as Request['time'] })),
      word.map((type) => ({ types: [INCIDENT, type as typeof INCIDENT] })),
      word.map((name) => ({ publishers: [agency(name)] })),
    );
    fc.assert(
      fc.property(strange, (changes) => {
        expect(decide(policy, asha, request(changes), NOW).kind).toBe('refuse');
      }),
    );
    fc.assert(
      fc.property(word, (gateway) => {
        const elsewhere = policyWith(agreement({ grants: [grant({ gateway: `x-${gateway.length}` })] }));
        expect(decide(elsewhere, asha, request(), NOW)).toMatchObject({ kind: 'refuse', rule: 'gateway-unknown' });
      }),
      { numRuns: 10 },
    );
  });

  it('do not depend on the order in which the facts of different agreements came', () => {
    fc.assert(
      fc.property(agreements, fc.array(fc.nat(), { minLength: 60, maxLength: 60 }), requests, (texts, picks, asked) => {
        const history = History.begun();
        const begun = history.facts.length;
        for (const text of texts) history.inForce(text);
        const queues = texts.map((text) =>
          history.facts.slice(begun).filter((fact) => (fact.data as { agreement: string }).agreement === text.id),
        );
        const mixed: PolicyFact[] = history.facts.slice(0, begun);
        for (let i = 0; queues.some((queue) => queue.length > 0); i++) {
          const open = queues.filter((queue) => queue.length > 0);
          const next = open[(picks[i % picks.length] ?? 0) % open.length]?.shift();
          if (next !== undefined) mixed.push(next);
        }
        const other = compile(mixed, history.artefacts);
        expect(other.digest).toBe(history.compiled().digest);
        expect(decide(other, asha, asked, NOW)).toEqual(decide(history.compiled(), asha, asked, NOW));
      }),
      { numRuns: 100 },
    );
  });

  it('need the signature of every party, each by another person', () => {
    const text = agreement();
    const steps = fc.constantFrom('draft', 'edit', 'sign police', 'sign analysts', 'sign both by one', 'in force');
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 8 }), (taken) => {
        const history = History.begun();
        let [current, version] = [text, 0];
        let signed: readonly string[] = [];
        // once in force, it stays so while an edit waits
        let force = false;
        const sign = (name: string, of: typeof ANALYSTS) => {
          history.signedBy(current, name, of, version);
          const taken = signed.some((by) => by.startsWith(`${name} `) || by.endsWith(` ${of}`));
          if (version > 0 && !taken) signed = [...signed, `${name} ${of}`];
        };
        const redraft = (what: typeof text) => {
          [current, version, signed] = [what, version + 1, []];
          history.drafted(current, version);
        };
        const doing: Readonly<Record<string, () => unknown>> = {
          draft: () => redraft(text),
          edit: () => redraft(agreement({ title: `Edit ${version}` })),
          'sign police': () => sign('p', POLICE),
          'sign analysts': () => sign('a', ANALYSTS),
          'sign both by one': () => sign('p', ANALYSTS),
          'in force': () => {
            history.declaredInForce(current, version);
            force ||= signed.length === 2;
          },
        };
        for (const step of taken) {
          doing[step]?.();
          expect(decide(history.compiled(), asha, request(), NOW).kind).toBe(force ? 'permit' : 'refuse');
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('reading an agreement', () => {
  it('never throws, whatever the bytes', () => {
    const document = bytesOf(agreement());
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(document.length), (noise, at) => {
        expect(readAgreement(noise).ok).toBe(false);
        const cut = new Uint8Array([...document.subarray(0, at), ...noise, ...document.subarray(at)]);
        const read = readAgreement(cut);
        expect(read.ok || typeof read.code === 'string').toBe(true);
      }),
    );
  });
});
