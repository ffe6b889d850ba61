import type { KeptAccessRecord, Principal, RecordedRequest } from '#contracts';
import { londonDay, millis, type AgencyId, type Instant } from '#kernel';
import { changesBetween, isPartyOn, statusOn, type Change, type CompiledPolicy, type Rehearsal } from '#sharing';
import { shown } from '#statistics';
import {
  LOG_CHANGES,
  type LogChange,
  type LogChanges,
  type LogRehearsed,
  type UnusedGrant,
} from './rehearsal-report.ts';

export const UNUSED_AFTER_DAYS = 90;
const DAY_MS = 86_400_000;
/** Other questions are decided once each: analysts ask the same ones again and again. */
const KNOWN_QUESTIONS = 20_000;

type Decided = Pick<LogChanges, 'changes' | 'blocked'>;
const UNCHANGED: Decided = { changes: [], blocked: false };

/** What the access log says of a draft: which questions would be answered otherwise, and which grants nobody has used. */
export class LogTally {
  readonly #rehearsal: Rehearsal;
  readonly #policy: CompiledPolicy;
  readonly #reader: AgencyId;
  readonly #at: Instant;
  readonly #consumers: ReadonlySet<AgencyId>;
  readonly #bound: ReadonlySet<AgencyId>;
  /** Those of whom the reader may know what they asked. */
  readonly #askers: ReadonlySet<AgencyId>;
  readonly #known = new Map<string, Decided>();
  readonly #counts = new Map<string, { readonly of: Omit<LogChanges, 'questions'>; count: number }>();
  readonly #used = new Set<string>();
  #aboutPeople = 0;
  #unreadable = 0;

  constructor(rehearsal: Rehearsal, policy: CompiledPolicy, reader: AgencyId, at: Instant) {
    this.#rehearsal = rehearsal;
    this.#policy = policy;
    this.#reader = reader;
    this.#at = at;
    const grants = [...rehearsal.standing, rehearsal.agreement].flatMap((text) => text.grants);
    // a grant is for its consumer: to nobody else is anything answered otherwise
    this.#consumers = new Set(grants.map(({ consumer }) => consumer));
    this.#bound = boundWith(reader, policy, rehearsal.agreement.id, londonDay(at));
    this.#askers = new Set([...this.#consumers].filter((one) => one === reader || this.#bound.has(one)));
  }

  take(record: KeptAccessRecord): void {
    if (record.decision.kind === 'permit' && millis(record.time) > millis(this.#at) - UNUSED_AFTER_DAYS * DAY_MS)
      for (const { id, version, clauses } of record.decision.agreements)
        for (const clause of clauses) this.#used.add(`${id} ${version} ${clause}`);
    const { agency } = record.who;
    // what audits and rehearses rests on no agreement
    if (!this.#askers.has(agency) || (record.requests === undefined && record.purpose === 'audit')) return;
    const own = agency === this.#reader ? 1 : 0;
    // whom it was about can't be told of these, so that of others' not even how many is the reader's affair
    if (record.requests === undefined) this.#unreadable += own;
    else if (record.requests.some(({ mode }) => mode === 'subject')) this.#aboutPeople += own;
    else this.#count(record, this.#changeOf(record, record.requests));
  }

  #count({ who, operation, purpose = '' }: KeptAccessRecord, { changes, blocked }: Decided): void {
    if (changes.length === 0) return;
    const of = { consumer: who.agency, operation, purpose, changes, blocked };
    const key = JSON.stringify(of);
    const known = this.#counts.get(key);
    if (known === undefined) this.#counts.set(key, { of, count: 1 });
    else known.count++;
  }

  #changeOf({ who }: KeptAccessRecord, requests: readonly RecordedRequest[]): Decided {
    const key = JSON.stringify([who.issuer, who.agency, who.roles, requests]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.#known.size >= KNOWN_QUESTIONS) this.#known.clear();
    const change = this.#decided({ ...who, roles: new Set(who.roles) }, requests);
    this.#known.set(key, change);
    return change;
  }

  #decided(who: Principal, requests: readonly RecordedRequest[]): Decided {
    const each = requests.map((request) => this.#rehearsal.compare(who, { ...request, subject: 'none' }));
    const told = each.flatMap((compared) => this.#told(who.agency, compared));
    if (told.length === 0) return UNCHANGED;
    const found = new Set(told.flatMap(({ changes }) => changes.map((change) => IN_LOG[change])));
    const blocked = told.some((one) => one.blocked);
    if (found.has('more') && each.every(({ now }) => now.size === 0)) return { changes: ['answered'], blocked };
    if (found.has('less') && each.every(({ then }) => then.size === 0)) return { changes: ['refused'], blocked };
    return { changes: LOG_CHANGES.filter((change) => found.has(change)), blocked };
  }

  /** What changes of each publisher: of one that a draft alone names, what others ask is not the reader's affair. */
  #told(consumer: AgencyId, { now, then }: ReturnType<Rehearsal['compare']>) {
    return [...new Set([...now.keys(), ...then.keys()])]
      .filter((publisher) => consumer === this.#reader || this.#bound.has(publisher))
      .map((publisher) => {
        const showing = then.get(publisher);
        return { changes: changesBetween(now.get(publisher), showing), blocked: showing?.blockedBy !== undefined };
      })
      .filter(({ changes }) => changes.length > 0);
  }

  result(): LogRehearsed {
    const tell = (count: number) => shown(count, { threshold: 7, exact: false });
    const changed = [...this.#counts.values()]
      .map(({ of, count }) => ({ ...of, questions: tell(count) }))
      // that another agency asked at all is a small count too
      .filter(({ consumer, questions }) => consumer === this.#reader || 'value' in questions);
    const nameOf = ({ consumer, operation, purpose, changes }: LogChanges) =>
      [consumer, operation, purpose, ...changes].join(' ');
    return {
      changed: changed.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)),
      aboutPeople: tell(this.#aboutPeople),
      unreadable: tell(this.#unreadable),
      notTold: [...this.#consumers].filter((one) => !this.#askers.has(one)).sort(),
    };
  }

  /** Grants in force, of agreements that the reader's agency is a party to, on which no answer rested of late. */
  unused(): readonly UnusedGrant[] {
    const day = londonDay(this.#at);
    return [...this.#policy.agreements.values()]
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .flatMap((state) =>
        state.versions.flatMap((one) => {
          const inForce = statusOn(state, one, day) === 'in-force' && isPartyOn(state, one, this.#reader, day);
          const grants = inForce ? (one.agreement?.grants ?? []) : [];
          return grants.flatMap((grant, i): readonly UnusedGrant[] => {
            const clause = `7.${i + 1}`;
            if (this.#used.has(`${state.id} ${one.version} ${clause}`)) return [];
            const { consumer, publishers, types, purposes, mode } = grant;
            const told = { consumer, publishers, types, purposes, mode };
            return [{ agreement: state.id, version: one.version, clause, ...told, since: one.window?.from ?? day }];
          });
        }),
      );
  }
}

/** Parties with the reader's agency to a version in force: what one of them asks of another is then its affair too. */
function boundWith(reader: AgencyId, { agreements }: CompiledPolicy, id: string, day: string): ReadonlySet<AgencyId> {
  const state = agreements.get(id);
  const together = (state?.versions ?? []).flatMap((version) => {
    const inForce = state !== undefined && ['in-force', 'suspended'].includes(statusOn(state, version, day));
    const parties = inForce ? version.parties.filter((agency) => isPartyOn(state, version, agency, day)) : [];
    return parties.includes(reader) ? parties : [];
  });
  return new Set(together);
}

/** A question has one grain: what is shown more finely is another question. */
const IN_LOG: Readonly<Record<Change, LogChange>> = {
  'newly-disclosed': 'more',
  'more-finely': 'more',
  'more-exactly': 'more-exactly',
  'on-fewer-conditions': 'on-fewer-conditions',
  'other-power': 'other-power',
  'labelled-otherwise': 'labelled-otherwise',
  'guarded-more': 'guarded-more',
  'less-finely': 'less',
  stopped: 'less',
};
