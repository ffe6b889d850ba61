import fc from 'fast-check';
import type { PolicyFact } from '#contracts';
import type { AgencyId } from '#kernel';
import { standingOn, type AgreementVersion } from './agreement-state.ts';
import { compile } from './compile.ts';
import type { CompiledPolicy } from './policy.ts';
import { Acting, answered, takenIn } from './testing/acting.ts';
import { ANALYSTS, History, HOSPITAL, POLICE } from './testing/personas.ts';
import { dayAt, daysSince, live, lives, type Lived } from './testing/random-life.ts';

const PUBLISHERS = [POLICE, HOSPITAL];
const DAYS = Array.from({ length: 24 }, (_, i) => dayAt(i));

/** The agreement as its rules say it, told without windows: what a person would keep on paper. */
class Paper {
  readonly versions: { publishers: readonly AgencyId[]; from: string; to: string; force: boolean }[] = [];
  readonly suspendedBy = new Set<AgencyId>();
  readonly left: { agency: AgencyId; on: string; version: number }[] = [];
  endedOn = '9999-12-31';

  did({ step, outcome: came, day, text }: Lived): void {
    if (came === 'agreement-drafted' && step.kind === 'draft' && text !== undefined)
      this.versions.push({ publishers: step.publishers, ...text.validity, force: false });
    const newest = this.versions.at(-1);
    if (came === 'agreement-signed agreement-in-force' && newest !== undefined) newest.force = true;
    if (came === 'agreement-suspended' && 'who' in step) this.suspendedBy.add(step.who);
    if (came === 'agreement-resumed' && 'who' in step) this.suspendedBy.delete(step.who);
    if (step.kind !== 'end') return;
    const on = dayAt(daysSince(day) + step.in);
    if (came === 'agreement-ended') this.endedOn = on;
    if (came === 'agreement-left') this.left.push({ agency: step.who, on, version: this.versions.length });
  }

  /** The version under which the publisher's rows go to the analysts on the day; 0 for none. */
  underOn(day: string, publisher: AgencyId): number {
    // of those that every party signed and that have begun, the newest
    const found = this.versions.findLastIndex(({ force, from }) => force && from <= day);
    const version = this.versions[found];
    if (version === undefined || day > version.to || day >= this.endedOn) return 0;
    const parties = [ANALYSTS, ...version.publishers];
    if (parties.some((agency) => this.suspendedBy.has(agency))) return 0;
    const gone = (agency: AgencyId) =>
      this.left.some((one) => one.agency === agency && one.on <= day && one.version > found);
    return parties.includes(publisher) && !gone(publisher) && !gone(ANALYSTS) ? found + 1 : 0;
  }
}

type Shown = ReadonlyMap<string, number>;
/** The version that each publisher's rows are shown under, by day; 0 where they are refused. */
const onEachDay = (version: (day: string, publisher: AgencyId) => number): Shown =>
  new Map(DAYS.flatMap((day) => PUBLISHERS.map((one): [string, number] => [`${day} ${one}`, version(day, one)])));
const decided = (policy: CompiledPolicy): Shown =>
  onEachDay((day, one) => Number(/^v(\d+) /.exec(answered(policy, day, { publishers: [one] }))?.[1] ?? 0));
/** Where something else is shown than before or is shown anew: the days and publishers. */
const otherwise = (after: Shown, before: Shown): readonly string[] =>
  [...after].filter(([key, version]) => version !== 0 && version !== before.get(key)).map(([key]) => key);

describe('the life of an agreement, whatever its parties do and in whatever order', () => {
  it('is what its rules say on every day, widens by a text that all have signed alone, and never has two texts at once', () => {
    const came = new Map<string, number>();
    fc.assert(
      fc.property(lives, (steps) => {
        const [acting, paper] = [new Acting(), new Paper()];
        let before = decided(acting.history.compiled());
        for (const lived of live(acting, steps)) {
          const { outcome } = lived;
          came.set(outcome, (came.get(outcome) ?? 0) + 1);
          paper.did(lived);
          const policy = acting.history.compiled();
          const after = decided(policy);
          expect(after).toEqual(onEachDay((on, publisher) => paper.underOn(on, publisher)));
          const takenInOn = onEachDay((on, publisher) => (takenIn(policy, on, publisher) ? 1 : 0));
          expect(takenInOn).toEqual(onEachDay((on, publisher) => Math.min(paper.underOn(on, publisher), 1)));
          const newest = policy.agreements.get(acting.id);
          // an act that is no last signature and lifts no suspension takes away or leaves alone
          if (outcome === 'agreement-signed agreement-in-force') {
            const under = (key: string) => after.get(key) === newest?.version;
            expect(otherwise(after, before).filter((key) => !under(key))).toEqual([]);
          } else if (outcome !== 'agreement-resumed') expect(otherwise(after, before)).toEqual([]);
          before = after;
          const windows = (newest?.versions ?? []).flatMap(({ window }) => (window === undefined ? [] : [window]));
          const shared = DAYS.filter((on) => windows.filter(({ from, to }) => from <= on && on <= to).length > 1);
          expect(shared).toEqual([]);
        }
      }),
      { numRuns: 60 },
    );
    const acts = ['agreement-signed agreement-in-force', 'agreement-suspended', 'agreement-resumed'];
    for (const outcome of [...acts, 'agreement-ended', 'agreement-left'])
      expect([outcome, came.has(outcome)]).toEqual([outcome, true]);
  });

  it('lets only parties of what stands suspend, end or leave it, and only parties edit it', () => {
    fc.assert(
      fc.property(lives, (steps) => {
        for (const { step, outcome, day, before } of live(new Acting(), steps)) {
          if (step.kind === 'wait' || before === undefined) continue;
          const standing = standingOn(before, day);
          const isOf = (versions: readonly AgreementVersion[]) =>
            versions.some(({ parties }) => parties.includes(step.who));
          const governs = isOf(standing.length > 0 ? standing : [before]);
          if (outcome === 'agreement-suspended') expect(isOf(standing)).toBe(true);
          if (outcome === 'agreement-ended' || outcome === 'agreement-left') expect(governs).toBe(true);
          if (outcome === 'agreement-drafted')
            expect([isOf([...standing, before]), before.ended]).toEqual([true, undefined]);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('is one and the same in whatever order the facts of different agreements came', () => {
    fc.assert(
      fc.property(
        fc.array(lives, { minLength: 2, maxLength: 4 }),
        fc.array(fc.nat(), { minLength: 99 }),
        (all, picks) => {
          const begun = History.begun();
          const queues = all.map((steps, n) => {
            const acting = new Acting(History.begun(), `agreement-${n}`);
            expect([...live(acting, steps)]).toHaveLength(steps.length);
            for (const [digest, bytes] of acting.history.artefacts) begun.artefacts.set(digest, bytes);
            return acting.history.facts.slice(begun.facts.length);
          });
          const inTurn = compile([...begun.facts, ...queues.flat()], begun.artefacts);
          const mixed: PolicyFact[] = [];
          for (let i = 0; queues.some((queue) => queue.length > 0); i++) {
            const open = queues.filter((queue) => queue.length > 0);
            const next = open[(picks[i % picks.length] ?? 0) % open.length]?.shift();
            if (next !== undefined) mixed.push(next);
          }
          const other = compile([...begun.facts, ...mixed], begun.artefacts);
          expect(other.digest).toBe(inTurn.digest);
          expect([...other.grantsByUse]).toEqual([...inTurn.grantsByUse]);
        },
      ),
      { numRuns: 60 },
    );
  });
});
