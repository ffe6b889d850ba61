import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Mode, PlaceGrain, Principal, Request, Role, TimeGrain } from '#contracts';
import { Problem, type AgencyId, type EventType, type Instant, type Sha256 } from '#kernel';
import { explain, RULE_MEANINGS, type CompiledPolicy, type Explanation, type Obstacle, type Weighed } from '#sharing';
import { PolicyFeed } from './policy-feed.ts';
import { HubPorts } from './ports.ts';

/** A question that is weighed and not asked. */
export interface Hypothesis {
  readonly mode: Mode;
  readonly purpose: string;
  readonly types: readonly EventType[];
  readonly publishers: readonly AgencyId[] | 'all';
  readonly fields: readonly string[];
  readonly place: PlaceGrain;
  readonly time: TimeGrain;
  /** First day that the answer would reach back to, or `any`. */
  readonly oldest: string;
  /** Of the person who would ask. */
  readonly role: Role;
  /** The policy and the day of then; now when absent. */
  readonly at: Instant | undefined;
}
export interface ObstacleView {
  readonly rule: string;
  readonly meaning: string;
  readonly section?: string;
  readonly missing: readonly string[];
}
export interface ExplanationView {
  readonly at: Instant;
  /** Of the policy that decided: equal for policies that decide alike. */
  readonly policy: Sha256;
  readonly decision:
    | {
        readonly kind: 'permit';
        readonly views: readonly Readonly<Record<string, unknown>>[];
        readonly obligations: readonly Readonly<Record<string, unknown>>[];
      }
    | ({ readonly kind: 'refuse'; readonly alternatives: readonly string[] } & ObstacleView);
  readonly weighed: readonly Readonly<Record<string, unknown>>[];
}

/** What the policy would say to a person of the asker's own agency: decided and not answered, about nobody. */
export class ExplainDecision extends Query<ExplanationView> {
  readonly who: Principal;
  readonly asked: Hypothesis;
  constructor(who: Principal, asked: Hypothesis) {
    super();
    this.who = who;
    this.asked = asked;
  }
}

@QueryHandler(ExplainDecision)
export class ExplainDecisionHandler implements IQueryHandler<ExplainDecision> {
  readonly #ports: HubPorts;
  readonly #feed: PolicyFeed;
  constructor(ports: HubPorts, feed: PolicyFeed) {
    this.#ports = ports;
    this.#feed = feed;
  }

  /** @throws Problem `field-invalid` for a time that is still to come. */
  async execute({ who, asked }: ExplainDecision): Promise<ExplanationView> {
    const now = this.#ports.clock.now();
    const at = asked.at ?? now;
    if (at > now) throw new Problem('field-invalid', { field: 'at' });
    const policy = asked.at === undefined ? await this.#feed.confirmed() : await this.#feed.policyAt(at);
    const would: Principal = { ...who, roles: new Set([asked.role]) };
    return viewOf(policy, explain(policy, would, requestOf(asked), at), at);
  }
}

/** Roles in which a question of the mode is asked (`api.md`, Ask): any other is told that it lacks one. */
const ASKING: Readonly<Record<Mode, readonly Role[]>> = {
  count: ['analyst'],
  record: ['analyst'],
  subject: ['practitioner', 'supervisor'],
};

/** As it would be asked: of a subject who consented, with everything that a careful asker adds. */
function requestOf({ at: _, role: __, ...asked }: Hypothesis): Request {
  const subject = asked.mode === 'subject' ? ({ consented: true, limitedAccess: 'none' } as const) : 'none';
  return {
    ...asked,
    operation: 'decisions.explain',
    roles: ASKING[asked.mode],
    justification: asked.mode === 'subject',
    caseReference: asked.mode === 'subject',
    subject,
  };
}

function viewOf(policy: CompiledPolicy, { decision, weighed }: Explanation, at: Instant): ExplanationView {
  const told = { at, policy: policy.digest, weighed: weighed.map(weighedView) };
  if (decision.kind === 'refuse') {
    const { kind, alternatives } = decision;
    return { ...told, decision: { kind, ...obstacleView(decision), alternatives } };
  }
  const views = decision.views.map(({ agreement, publishers, types, fields, labels, ...view }) => ({
    ...agreement,
    ...view,
    publishers: [...publishers].sort(),
    types: [...types],
    fields: [...fields],
    labels: [...labels].sort(),
  }));
  return { ...told, decision: { kind: 'permit', views, obligations: decision.obligations.map((one) => ({ ...one })) } };
}

const weighedView = ({ gatewayObstacle, grantObstacle, ...clause }: Weighed): Readonly<Record<string, unknown>> => ({
  ...clause,
  fits: gatewayObstacle === undefined && grantObstacle === undefined,
  ...(gatewayObstacle === undefined ? {} : { law: obstacleView(gatewayObstacle) }),
  ...(grantObstacle === undefined ? {} : { grant: obstacleView(grantObstacle) }),
});

const obstacleView = ({ rule, section, missing }: Pick<Obstacle, 'rule' | 'section' | 'missing'>): ObstacleView => ({
  rule,
  meaning: RULE_MEANINGS.get(rule) ?? '',
  ...(section === undefined ? {} : { section }),
  missing,
});
