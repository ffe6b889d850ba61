import {
  PURPOSES,
  type AccessRecord,
  type Decision,
  type Permit,
  type Principal,
  type RecordedRequest,
  type Refusal,
  type Request,
  type View,
} from '#contracts';
import { canonicalJson, Problem, sha256, type Instant, type Position } from '#kernel';
import { decide, RULES, type CompiledPolicy } from '#sharing';
import { constructDisclosed, type Disclosed, type Refused, type Rendering, type Sharing } from './disclosed.ts';
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
  const base = {
    operation: question.operation,
    who: { issuer: who.issuer, person: who.person, agency: who.agency, roles: [...who.roles].sort() },
    purpose: 'audit',
    question: question.asked,
    policy: { position: policy.position, digest: policy.digest },
    build: ports.build,
  };
  if (!who.roles.has('auditor')) {
    const refused: Refusal = {
      kind: 'refuse',
      rule: 'role-not-held',
      missing: ['auditor'],
      alternatives: [],
      conceal: false,
    };
    const { id } = await ports.access.record({ ...base, kind: 'refused', decision: reasonOf(refused) });
    return { refused, disclosureId: id };
  }
  const data = await question.answer().catch((error: unknown) => unanswered(ports, base, error));
  const digest = sha256(canonicalJson(data));
  const oversight = { id: 'oversight', version: 1, clauses: ['oversight'], gateway: 'oversight' };
  const { id } = await ports.access.record({
    ...base,
    kind: 'consultation',
    decision: { kind: 'permit', agreements: [oversight] },
    resultHmac: ports.keys.resultHmac(digest),
  });
  return constructDisclosed(
    who,
    data,
    {
      agreements: [{ ...oversight, publishers: [] }],
      purpose: 'audit',
      precision: { place: 'none', time: 'instant' },
      withheld: [],
      obligations: [],
      labels: [],
      asAt: ports.keys.asAt(who.agency, 'audit', policy.position),
      digest,
      disclosureId: id,
    },
    question.rendering,
  );
}

/** Without whom it was about, and without a purpose of the asker's own. */
const recordedRequest = ({ subject: _, ...request }: Request): RecordedRequest => ({
  ...request,
  purpose: knownPurpose(request.purpose),
});

/** One who may ask and asks for what there is not leaves a record too. */
async function unanswered(
  { access }: HubPorts,
  base: Omit<AccessRecord, 'kind' | 'decision'>,
  error: unknown,
): Promise<never> {
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
