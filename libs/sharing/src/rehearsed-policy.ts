import { canonicalJson, type AgencyId } from '#kernel';
import { index } from './compile.ts';
import type { AgreementState, AgreementVersion } from './agreement-state.ts';
import { cut, dayBefore, isEmpty, type Window } from './calendar.ts';
import type { CompiledPolicy } from './policy.ts';

/** Two sets of agreements, one of them imagined: for `rehearsal.ts` alone, since `decide` can't tell them apart. */
export interface Imagined {
  readonly now: CompiledPolicy;
  readonly then: CompiledPolicy;
  /** False where every party has signed it already: both sets are then the same. */
  readonly drafted: boolean;
  /** The draft's days, had every party signed it. */
  readonly window: Window;
}

/**
 * The policy as it stands, and as it would if every party had signed the newest version of one agreement: it then stands on
 * its days and supersedes the versions before it from its first one on. In both, no suspension of that agreement stands:
 * what is suspended and what would be can't be compared otherwise. `undefined` where there is no text that could be signed.
 */
export function imagined(policy: CompiledPolicy, id: string): Imagined | undefined {
  const state = policy.agreements.get(id);
  if (state?.agreement === undefined || state.ended !== undefined) return undefined;
  const window: Window = { ...state.agreement.validity };
  const lifted: AgreementState = { ...state, suspensions: [] };
  const drafted = state.window === undefined;
  return {
    now: withState(policy, lifted),
    then: withState(policy, drafted ? signedByAll(lifted, window) : lifted),
    drafted,
    window,
  };
}

/** A copy, so that what is prepared for it by the day is not the policy's that answers. */
function withState(policy: CompiledPolicy, state: AgreementState): CompiledPolicy {
  const agreements = new Map(policy.agreements).set(state.id, state);
  return { ...policy, agreements, ...index(agreements) };
}

/** As the facts of its signatures would make it (`compile.ts`). */
function signedByAll(state: AgreementState, window: Window): AgreementState {
  const versions = state.versions.map((one): AgreementVersion => {
    if (one.version === state.version) return { ...one, window };
    if (one.window === undefined || isEmpty(one.window)) return one;
    const left = cut(one.window, undefined, dayBefore(window.from));
    return left.to < one.window.to ? { ...one, window: left, supersededBy: state.version } : one;
  });
  return { ...state, window, versions };
}

/**
 * The policy as far as an agency may know it on a day: without what others have signed and has yet to begin, which the
 * register leaves out too (`register.ts`). Of the agreement itself nothing is left out.
 */
export function asKnownTo(
  policy: CompiledPolicy,
  reader: { readonly agency: AgencyId; readonly day: string; readonly agreement: string },
): CompiledPolicy {
  const agreements = new Map(
    [...policy.agreements].map(([id, state]): [string, AgreementState] => {
      const known = ({ window, parties }: AgreementVersion) =>
        window === undefined || window.from <= reader.day || parties.includes(reader.agency);
      return [id, id === reader.agreement ? state : { ...state, versions: state.versions.filter(known) }];
    }),
  );
  return { ...policy, agreements, ...index(agreements) };
}

/** Nothing that stands under one stands otherwise under the other, whatever was drafted or signed in part. */
export const standAlike = (one: CompiledPolicy, other: CompiledPolicy): boolean =>
  one.digest === other.digest || standing(one) === standing(other);

const standing = ({ agencies, packs, dutyRequests, agreements }: CompiledPolicy): string =>
  canonicalJson({
    packs,
    agencies: [...agencies.values()].sort((a, b) => (a.agency < b.agency ? -1 : 1)),
    dutyRequests: [...dutyRequests.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    agreements: [...agreements.values()]
      .map(({ id, versions, suspensions, ended, left }) => ({
        id,
        versions: versions.flatMap(({ version, window }) => (window === undefined ? [] : [{ version, ...window }])),
        suspendedBy: suspensions.map(({ agency }) => agency).sort(),
        ended: ended?.on ?? null,
        left: left.map(({ agency, on, version }) => `${agency} ${on} ${version}`).sort(),
      }))
      .filter(({ versions }) => versions.length > 0)
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
  });
