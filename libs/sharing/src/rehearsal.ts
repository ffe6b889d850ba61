import { ROLES, type LegalLabel, type Mode, type Principal, type Request, type View } from '#contracts';
import { londonDay, type AgencyId, type Instant } from '#kernel';
import type { Agreement, Condition } from './agreement.ts';
import { alternativesTo } from './alternatives.ts';
import type { Candidate } from './candidates.ts';
import { isEmpty } from './calendar.ts';
import { askerObstacle, candidatesOf, decide, obstacleFor, questionOf } from './decide.ts';
import type { Obstacle } from './gateway-rules.ts';
import { isLegalLabel, labelsShown } from './grant-labels.ts';
import { gatewayOf } from './law-pack.ts';
import type { CompiledPolicy } from './policy.ts';
import { imagined, type Imagined } from './rehearsed-policy.ts';
import { clauseOf } from './views.ts';

/** What law holds against a grant of the draft that would show it. */
export interface Blocked {
  readonly rule: string;
  readonly section?: string;
  /** Lawful ways that are left, best first. */
  readonly alternatives: readonly string[];
}
/** In what way one publisher's rows are shown in answer to a question. */
export interface Showing {
  readonly gateway: string;
  readonly openness: View['openness'];
  readonly threshold: View['threshold'];
  readonly k?: number;
  /** What law attaches to what was asked, sorted. */
  readonly labels: readonly LegalLabel[];
  /** `name` or `name:value`, sorted. */
  readonly conditions: readonly string[];
  /** Of the agreement that is rehearsed; absent where another one shows it. */
  readonly clause?: string;
  /** The draft would show it, and can't come into force with it. */
  readonly blockedBy?: Blocked;
}
/** Greater where less of a count is held back. `k` is at most 1,000. */
export const exposure = ({ openness, threshold, k = 0 }: Showing): number =>
  openness === 'open' ? 1 : -(threshold * 10_000 + k);

/** By publisher; a publisher whose rows are not shown is not in it. */
export type Showings = ReadonlyMap<AgencyId, Showing>;

/**
 * A draft, tried against what stands: what any question would be answered before and after every party had signed it.
 * Nothing in it can answer a question: it says in what way rows are shown, and no policy of it leaves.
 */
export class Rehearsal {
  readonly agreement: Agreement;
  /** Of the draft. */
  readonly version: number;
  /** `YYYY-MM-DD`: today, or the draft's first day where that is ahead. Both sets are asked on it. */
  readonly day: string;
  /** The texts of this agreement that stand on the day without the draft. */
  readonly standing: readonly Agreement[];
  readonly #sets: Imagined;
  readonly #at: Instant;

  private constructor(sets: Imagined, id: string, day: string) {
    const state = sets.now.agreements.get(id);
    if (state?.agreement === undefined) throw new Error('an agreement whose text is there');
    this.agreement = state.agreement;
    this.version = state.version;
    this.day = day;
    this.#at = `${day}T12:00:00.000Z` as Instant;
    this.standing = state.versions.flatMap(({ window, agreement }) => {
      const stands = window !== undefined && !isEmpty(window) && window.from <= day && day <= window.to;
      return stands && agreement !== undefined ? [agreement] : [];
    });
    this.#sets = sets;
  }

  /** Of the newest version of the agreement; `undefined` where it has ended, or its text is not there. */
  static of(policy: CompiledPolicy, id: string, at: Instant): Rehearsal | undefined {
    const sets = imagined(policy, id);
    if (sets === undefined) return undefined;
    const today = londonDay(at);
    return new Rehearsal(sets, id, today > sets.window.from ? today : sets.window.from);
  }

  /** What the question is answered now, and would be answered then. */
  compare(who: Principal, request: Request): { readonly now: Showings; readonly then: Showings } {
    return { now: this.#shown(this.#sets.now, who, request), then: this.#shownThen(who, request) };
  }

  /** Somebody of the agency who holds every role: of all its people the one who is refused least. */
  anyoneOf(agency: AgencyId): Principal {
    const issuer = this.#sets.now.agencies.get(agency)?.issuers[0] ?? '';
    return { issuer, person: '', agency, roles: new Set(ROLES) };
  }

  #shown(policy: CompiledPolicy, who: Principal, request: Request): Showings {
    const decision = decide(policy, who, request, this.#at);
    if (decision.kind === 'refuse') return new Map();
    return new Map(
      decision.views.flatMap((view) => {
        const text = policy.agreements
          .get(view.agreement.id)
          ?.versions.find((one) => one.version === view.agreement.version);
        return [...view.publishers].map((publisher): [AgencyId, Showing] => [
          publisher,
          this.#showing(policy, request, view, { publisher, text: text?.agreement }),
        ]);
      }),
    );
  }

  #showing(
    policy: CompiledPolicy,
    { types, fields, mode }: Pick<Request, 'types' | 'fields' | 'mode'>,
    { gateway, openness, threshold, k, agreement }: View,
    of: { readonly publisher: AgencyId; readonly text: Agreement | undefined },
  ): Showing {
    const clauses = agreement.clauses.filter((clause) => grantAt(of.text, clause)?.publishers.includes(of.publisher));
    const conditions = clauses.flatMap((clause) => grantAt(of.text, clause)?.conditions ?? []);
    const own = agreement.id === this.agreement.id ? clauses[0] : undefined;
    return {
      gateway,
      openness,
      threshold,
      ...(k === undefined ? {} : { k }),
      labels: labelsOf(policy, { types, fields, mode, gateway, openness }),
      conditions: written(conditions),
      ...(own === undefined ? {} : { clause: own }),
    };
  }

  /** A publisher that a question names is shown, or nobody is: what one of them is blocked by leaves the others as they are. */
  #shownThen(who: Principal, request: Request): Showings {
    const { publishers } = request;
    const each = publishers === 'all' ? [request] : publishers.map((one) => ({ ...request, publishers: [one] }));
    const shown = each.map((one) => {
      const real = this.#shown(this.#sets.then, who, one);
      const blocked = [...this.#blocked(who, one)].filter(([publisher, showing]) => {
        const other = real.get(publisher);
        return other === undefined || exposure(other) <= exposure(showing);
      });
      return new Map([...real, ...blocked]);
    });
    return shown.every(({ size }) => size > 0) ? new Map(shown.flatMap((one) => [...one])) : new Map();
  }

  /** What the draft's grants would show if their gateways let them. */
  #blocked(who: Principal, request: Request): Showings {
    const question = questionOf(this.#sets.then, who, request, this.#at);
    const blocked = new Map<AgencyId, Showing>();
    if (!this.#sets.drafted || askerObstacle(question) !== undefined) return blocked;
    for (const candidate of candidatesOf(question).all) {
      const { live, publisher, obstacle } = candidate;
      if (obstacle === undefined || live.agreement.id !== this.agreement.id || blocked.has(publisher)) continue;
      if (request.publishers !== 'all' && !request.publishers.includes(publisher)) continue;
      const covers = request.types.every((type) => live.grant.types.includes(type));
      if (!covers || obstacleFor(question, candidate) !== undefined) continue;
      blocked.set(publisher, this.#blockedShowing(candidate, obstacle, request));
    }
    return blocked;
  }

  #blockedShowing(
    { live, publisher }: Candidate,
    { rule, section }: Obstacle,
    { types, fields, mode }: Request,
  ): Showing {
    const policy = this.#sets.then;
    const { gateway, openness, threshold, k, conditions, consumer } = live.grant;
    const as = (agency: AgencyId) => new Set([live.parties.get(agency) ?? 'none']);
    const between = { day: this.day, mode, from: as(publisher), to: as(consumer) };
    const alternatives = alternativesTo(policy.law, { ...between, not: gateway });
    return {
      gateway,
      openness,
      threshold,
      ...(k === undefined ? {} : { k }),
      labels: labelsOf(policy, { types, fields, mode, gateway, openness }),
      conditions: written(conditions),
      clause: clauseOf(live),
      blockedBy: { rule, ...(section === undefined ? {} : { section }), alternatives },
    };
  }
}

/** The grant of a clause: `7.2` is the second. */
const grantAt = (text: Agreement | undefined, clause: string) => text?.grants[Number(clause.slice(2)) - 1];

const written = (conditions: readonly Condition[]): readonly string[] =>
  conditions.map(({ condition, value }) => (value === undefined ? condition : `${condition}:${value}`)).sort();

function labelsOf(
  policy: CompiledPolicy,
  shown: Pick<Request, 'types' | 'fields'> & {
    readonly mode: Mode;
    readonly gateway: string;
    readonly openness: View['openness'];
  },
): readonly LegalLabel[] {
  const { types, fields, gateway } = shown;
  const added = (gatewayOf(policy.law, gateway)?.adds ?? []).filter(isLegalLabel);
  return [...new Set([...labelsShown(types, fields, shown), ...added])].sort();
}
