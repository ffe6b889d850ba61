import type { Decision, Principal, Request } from '#contracts';
import type { AgencyId, Instant } from '#kernel';
import { askerObstacle, candidatesOf, covering, decide, obstacleFor, questionOf } from './decide.ts';
import type { Obstacle } from './gateway-rules.ts';
import type { CompiledPolicy } from './policy.ts';
import { clauseOf } from './views.ts';

/** A clause that was weighed for one publisher, and what stood in its way; it fits where nothing did. */
export interface Weighed {
  readonly agreement: string;
  readonly version: number;
  readonly clause: string;
  readonly gateway: string;
  readonly publisher: AgencyId;
  /** What the gateway holds against it, whatever is asked. */
  readonly gatewayObstacle: Obstacle | undefined;
  /** What the grant's own terms, conditions and consents hold against the question. */
  readonly grantObstacle: Obstacle | undefined;
}
export interface Explanation {
  readonly decision: Decision;
  /** Every grant in force on the day for the asker's agency, the purpose and all the types; none where nobody may ask. */
  readonly weighed: readonly Weighed[];
}

/**
 * The decision as {@link decide} takes it, with every clause that it weighed. Discloses nothing: it reads the policy
 * alone, and every clause is of an agreement to which the asker's agency is a party.
 */
export function explain(policy: CompiledPolicy, who: Principal, request: Request, at: Instant): Explanation {
  const decision = decide(policy, who, request, at);
  const question = questionOf(policy, who, request, at);
  if (askerObstacle(question) !== undefined) return { decision, weighed: [] };
  const weighed = covering(candidatesOf(question).all, request).map((candidate): Weighed => {
    const { live, publisher, obstacle } = candidate;
    return {
      agreement: live.agreement.id,
      version: live.version,
      clause: clauseOf(live),
      gateway: live.grant.gateway,
      publisher,
      gatewayObstacle: obstacle,
      grantObstacle: obstacleFor(question, candidate),
    };
  });
  return { decision, weighed };
}
