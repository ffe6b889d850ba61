import {
  PURPOSES,
  type AccessRecord,
  type Decision,
  type Permit,
  type Principal,
  type RecordedRequest,
  type Refusal,
  type Request,
  type Role,
  type View,
} from '#contracts';
import { canonicalJson, Problem, sha256, type Instant, type Position } from '#kernel';
import { decide, RULES, standAlike, type CompiledPolicy } from '#sharing';
import { constructDisclosed, type Disclosed, type Refused, type Rendering, type Sharing } from './disclosed.ts';
import { constructDisclosing, type Disclosing, type Progress, type Writing } from './disclosing.ts';
import type { PolicyFeed } from './policy-feed.ts';
import type { HubPorts } from './ports.ts';

export interface Answer<T> {
  readonly data: T;
  readonly withheld: Sharing['withheld'];
  readonly release?: string;
  /** Position of the model or release that answered. */
  readonly asOf: Position | 'empty';
  /** Parameters for the access record where only the answer knows that they are codes. */
  readonly asked?: Readonly<Record<string, string>>;
}

export interface Question<T> {
  /** What is asked, as the policy sees it. More than one: the answer covers those that are permitted, and is refused when none is. */
  readonly requests: readonly [Request, ...Request[]];
  /** Parameters as asked, for the access record: never a result. */
  readonly asked: Readonly<Record<string, string>>;
  /** Builds the answer from an allow-list of fields, under these views and nothing else. */
  answer(views: readonly [View, ...View[]], policy: CompiledPolicy): Promise<Answer<T>>;
  /** JSON when absent. */
  readonly rendering?: Rendering<T>;
}

/** Of a question that names no subject: nothing to justify, no case. */
export const ABOUT_NOBODY = { justification: false, caseReference: false, subject: 'none' } as const;

/**
 * The only way out of the hub for what agencies published (`hub.md` §2): decide, answer under the views only, record, then
 * hand over. The access record of an answer or of a refusal is durable before this resolves.
 * @throws Problem `policy-stale`, `audit-unavailable` (503): no fresh policy or no record, no answer.
 */
export async function disclose<T>(
  ports: HubPorts,
  feed: PolicyFeed,
  who: Principal,
  question: Question<T>,
): Promise<Disclosed<T> | Refused> {
  const policy = await feed.confirmed();
  const decision = decideAll(policy, who, question.requests, ports.clock.now());
  const base = {
    operation: question.requests[0].operation,
    requests: question.requests.map(recordedRequest),
    who: { issuer: who.issuer, person: who.person, agency: who.agency, roles: [...who.roles].sort() },
    purpose: knownPurpose(question.requests[0].purpose),
    question: question.asked,
    policy: { position: policy.position, digest: policy.digest },
    build: ports.build,
  };
  if (decision.kind === 'refuse') {
    const { id } = await ports.access.record({ ...base, kind: 'refused', decision: reasonOf(decision) });
    return { refused: decision, disclosureId: id };
  }
  const answer = await question
    .answer(decision.views, policy)
    .catch((error: unknown) => unanswered(ports, base, error));
  const digest = sha256(canonicalJson(answer.data));
  const agreements = named(decision.views);
  const record: AccessRecord = {
    ...base,
    question: answer.asked ?? question.asked,
    kind: 'disclosure',
    decision: { kind: 'permit', agreements: agreements.map(recorded) },
    ...(answer.asOf === 'empty' ? {} : { model: answer.asOf }),
    ...(answer.release === undefined ? {} : { release: answer.release }),
    resultHmac: ports.keys.resultHmac(digest),
  };
  const { id } = await ports.access.record(record);
  return constructDisclosed(
    who,
    answer.data,
    {
      agreements,
      purpose: question.requests[0].purpose ?? '',
      precision: { place: question.requests[0].place, time: question.requests[0].time },
      withheld: answer.withheld,
      obligations: decision.obligations,
      labels: [...new Set(decision.views.flatMap((view) => [...view.labels]))].sort(),
      ...(answer.release === undefined ? {} : { release: answer.release }),
      asAt: ports.keys.asAt(who.agency, question.requests[0].purpose ?? '', answer.asOf),
      digest,
      disclosureId: id,
    },
    question.rendering,
  );
}

/** An audit question: permitted by role under the built-in agreement `oversight`, whose view has no payload fields. */
export async function discloseAudit<T>(
  ports: HubPorts,
  feed: PolicyFeed,
  who: Principal,
  question: {
    readonly operation: string;
    readonly asked: Readonly<Record<string, string>>;
    answer(): Promise<T>;
    /** JSON when absent. */
    readonly rendering?: Rendering<T>;
  },
): Promise<Disclosed<T> | Refused> {
  const policy = await feed.confirmed();
  const base = overseeing(ports, who, policy, question);
  if (!who.roles.has('auditor')) return refusedOnRecord(ports, base, roleNotHeld('auditor'));
  const data = await question.answer().catch((error: unknown) => unanswered(ports, base, error));
  return underBuiltIn(ports, who, { basis: 'oversight', kind: 'consultation', base, data }, question.rendering);
}

/**
 * A rehearsal: permitted under the built-in agreement `rehearsal` (ADR 0008), whose view has no payload fields. It takes
 * long, so that it is on record twice: as a consultation before anything of it leaves, which is then how far it is, and as a
 * disclosure before the report does. Whoever may have it no longer by then isn't told, and nobody is when what stands has
 * changed meanwhile: what it tells may have been taken back.
 */
export async function discloseRehearsal<T>(
  ports: HubPorts,
  feed: PolicyFeed,
  who: Principal,
  question: {
    readonly operation: string;
    readonly asked: Readonly<Record<string, string>>;
    /** Why this person may not have it. */
    refusal(policy: CompiledPolicy): Refusal | undefined;
    /** @throws Problem where there is nothing to rehearse */
    work(policy: CompiledPolicy): AsyncGenerator<Progress, T>;
    readonly writing: Writing<T>;
    readonly gone: AbortSignal;
  },
): Promise<Disclosing | Refused> {
  const policy = await feed.confirmed();
  const base = overseeing(ports, who, policy, question);
  const refused = question.refusal(policy);
  if (refused !== undefined) return refusedOnRecord(ports, base, refused);
  let work: AsyncGenerator<Progress, T>;
  try {
    work = question.work(policy);
  } catch (error) {
    return unanswered(ports, base, error);
  }
  const begun = { kind: 'permit', agreements: [builtIn('rehearsal')] } as const;
  await ports.access.record({ ...base, kind: 'consultation', decision: begun });
  return constructDisclosing(who, { steps: reported(), gone: question.gone }, question.writing);

  async function* reported(): AsyncGenerator<Progress, Disclosed<T>> {
    let data: T;
    try {
      data = yield* work;
    } catch (error) {
      return unanswered(ports, base, error);
    }
    const latest = await feed.confirmed();
    const late = question.refusal(latest);
    if (late !== undefined) {
      await refusedOnRecord(ports, base, late);
      throw new Problem('not-found');
    }
    if (!standAlike(policy, latest)) return unanswered(ports, base, new Problem('policy-stale', { retryAfter: 1 }));
    return underBuiltIn(ports, who, { basis: 'rehearsal', kind: 'disclosure', base, data });
  }
}

type Base = Omit<AccessRecord, 'kind' | 'decision'>;

const overseeing = (
  { build }: HubPorts,
  who: Principal,
  policy: CompiledPolicy,
  { operation, asked }: { readonly operation: string; readonly asked: Readonly<Record<string, string>> },
): Base => ({
  operation,
  who: { issuer: who.issuer, person: who.person, agency: who.agency, roles: [...who.roles].sort() },
  purpose: 'audit',
  question: asked,
  policy: { position: policy.position, digest: policy.digest },
  build,
});

export const roleNotHeld = (role: Role): Refusal => ({
  kind: 'refuse',
  rule: 'role-not-held',
  missing: [role],
  alternatives: [],
  conceal: false,
});

async function refusedOnRecord({ access }: HubPorts, base: Base, refused: Refusal): Promise<Refused> {
  const { id } = await access.record({ ...base, kind: 'refused', decision: reasonOf(refused) });
  return { refused, disclosureId: id };
}

/** What access records call an agreement that nobody signs. */
const builtIn = (basis: 'oversight' | 'rehearsal') => ({ id: basis, version: 1, clauses: [basis], gateway: basis });

/** Records what rests on no agreement of anyone's, and hands it over. */
async function underBuiltIn<T>(
  ports: HubPorts,
  who: Principal,
  answered: {
    readonly basis: 'oversight' | 'rehearsal';
    readonly kind: AccessRecord['kind'];
    readonly base: Base;
    readonly data: T;
  },
  rendering?: Rendering<T>,
): Promise<Disclosed<T>> {
  const { basis, kind, base, data } = answered;
  const digest = sha256(canonicalJson(data));
  const agreement = builtIn(basis);
  const { id } = await ports.access.record({
    ...base,
    kind,
    decision: { kind: 'permit', agreements: [agreement] },
    resultHmac: ports.keys.resultHmac(digest),
  });
  return constructDisclosed(
    who,
    data,
    {
      agreements: [{ ...agreement, publishers: [] }],
      purpose: 'audit',
      precision: { place: 'none', time: 'instant' },
      withheld: [],
      obligations: [],
      labels: [],
      asAt: ports.keys.asAt(who.agency, 'audit', base.policy.position),
      digest,
      disclosureId: id,
    },
    rendering,
  );
}

/** Without whom it was about, and without a purpose of the asker's own. */
const recordedRequest = ({ subject: _, ...request }: Request): RecordedRequest => ({
  ...request,
  purpose: knownPurpose(request.purpose),
});

/** One who may ask and asks for what there is not leaves a record too. */
async function unanswered({ access }: HubPorts, base: Base, error: unknown): Promise<never> {
  if (error instanceof Problem)
    await access.record({ ...base, kind: 'refused', decision: { kind: 'refuse', rule: error.code } });
  throw error;
}

/** A purpose that is none of ours is not kept: whoever asks may not write text of their own into the log. */
const knownPurpose = (purpose: string | undefined): string | undefined =>
  purpose === undefined || PURPOSES.some((known) => known === purpose) ? purpose : 'unknown';

/** The contributing agreements, each once for each gateway and way of showing, with every clause that was used. */
function named(views: readonly View[]): Sharing['agreements'] {
  const groups = Map.groupBy(views, ({ agreement, gateway, openness }) => `${agreement.id} ${gateway} ${openness}`);
  return [...groups.values()].map((group) => {
    const [{ agreement, gateway, licence, address }] = group as [View, ...View[]];
    return {
      id: agreement.id,
      version: agreement.version,
      clauses: [...new Set(group.flatMap((view) => view.agreement.clauses))],
      gateway,
      publishers: [...new Set(group.flatMap((view) => [...view.publishers]))].sort(),
      ...(licence === undefined ? {} : { licence }),
      ...(address === undefined ? {} : { address }),
    };
  });
}

const recorded = ({ id, version, gateway, clauses }: Sharing['agreements'][number]) => ({
  id,
  version,
  gateway,
  clauses,
});

function decideAll(
  policy: CompiledPolicy,
  who: Principal,
  requests: Question<unknown>['requests'],
  at: Instant,
): Decision {
  const decisions = requests.map((request) => decide(policy, who, request, at));
  const permits = decisions.filter((decision): decision is Permit => decision.kind === 'permit');
  const [view, ...views] = permits.flatMap((permit) => permit.views);
  // of several refusals the one that came furthest says best what is missing
  if (view === undefined) {
    const refusals = decisions.filter((decision): decision is Refusal => decision.kind === 'refuse');
    return refusals.reduce((a, b) => (RULES.indexOf(b.rule) > RULES.indexOf(a.rule) ? b : a));
  }
  const owed = permits.flatMap((permit) => permit.obligations);
  const obligations = [...new Map(owed.map((one) => [`${one.agreement} ${one.obligation}`, one])).values()];
  return { kind: 'permit', views: [view, ...views], obligations };
}

const reasonOf = (refusal: Refusal): AccessRecord['decision'] => ({
  kind: 'refuse',
  rule: refusal.rule,
  ...(refusal.section === undefined ? {} : { section: refusal.section }),
});
