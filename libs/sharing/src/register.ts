import { eventDefinition, type Capacity, type Mode, type PlaceGrain, type TimeGrain } from '#contracts';
import type { AgencyId } from '#kernel';
import type { Agreement, Grant } from './agreement.ts';
import {
  lastDayOf,
  statusOn,
  type AgreementState,
  type AgreementStatus,
  type AgreementVersion,
} from './agreement-state.ts';
import { isEmpty, type Window } from './calendar.ts';
import { labelOf } from './grant-text.ts';
import { gatewayOf, type LawPack } from './law-pack.ts';
import { isReviewOverdue } from './note-review.ts';
import type { CompiledPolicy } from './policy.ts';
import { PURPOSE_WORDS } from './words.ts';

/** What the public may know of the uses of data: nothing of drafts, of people, or of what was ever counted or asked. */
export interface Register {
  /** `YYYY-MM-DD`, Europe/London. */
  readonly day: string;
  /** By id. */
  readonly agreements: readonly RegisteredAgreement[];
}
export interface RegisteredAgreement {
  readonly id: string;
  readonly title: string;
  /** Those that are or were in force, by number. */
  readonly versions: readonly [RegisteredVersion, ...RegisteredVersion[]];
}
export interface RegisteredVersion {
  readonly version: number;
  readonly status: AgreementStatus;
  /** Its days of force, inclusive. */
  readonly from: string;
  readonly to: string;
  /** The day by which its parties review it; they have not while it is `overdue`. */
  readonly review: string;
  readonly reviewOverdue: boolean;
  readonly privacyNotice: string;
  readonly parties: readonly RegisteredParty[];
  readonly purposes: readonly Named<'purpose'>[];
  readonly uses: readonly RegisteredUse[];
}
export interface RegisteredParty {
  readonly agency: AgencyId;
  readonly name: string;
  readonly capacity: Capacity;
  /** Of one that takes part for some of the days. */
  readonly from?: string;
  readonly to?: string;
}
/** A grant: who is shown what of whom. */
export interface RegisteredUse {
  /** Of the agreement's text. */
  readonly clause: string;
  readonly publishers: readonly Named<'agency'>[];
  readonly consumer: Named<'agency'>;
  readonly purposes: readonly Named<'purpose'>[];
  readonly mode: Mode;
  /** `section`: where the power stands; absent where the adopted law no longer has it. */
  readonly gateway: {
    readonly id: string;
    readonly title?: string;
    readonly section?: string;
    readonly verified: boolean;
  };
  readonly types: readonly Named<'type'>[];
  readonly fields: readonly Named<'field'>[];
  /** The finest that is shown. */
  readonly place: PlaceGrain;
  readonly time: TimeGrain;
}
/** A name of the API with what people call it. */
export type Named<K extends string> = { readonly [k in K]: string } & { readonly name: string };

/**
 * Every agreement that is or was in force, on a day. Pure: it follows from the policy and the day alone. Left out: what no
 * party signed or some have not, what has yet to begin, a version that another replaced from its own first day on, and one
 * whose text is lost, which grants nothing.
 */
export function registerOf(policy: CompiledPolicy, day: string): Register {
  const agreements = [...policy.agreements.values()]
    .map((state) => registered(state, policy, day))
    .filter((one) => one !== undefined)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  return { day, agreements };
}

function registered(state: AgreementState, policy: CompiledPolicy, day: string): RegisteredAgreement | undefined {
  const [first, ...others] = state.versions.flatMap((version): readonly [Agreement, RegisteredVersion][] => {
    const { agreement, window } = version;
    if (agreement === undefined || window === undefined || isEmpty(window) || window.from > day) return [];
    return [[agreement, versionOf(state, version, { agreement, window }, { policy, day })]];
  });
  if (first === undefined) return undefined;
  const [{ title }] = others.at(-1) ?? first;
  return { id: state.id, title, versions: [first[1], ...others.map(([, version]) => version)] };
}

function versionOf(
  state: AgreementState,
  version: AgreementVersion,
  { agreement, window }: { readonly agreement: Agreement; readonly window: Window },
  { policy, day }: { readonly policy: CompiledPolicy; readonly day: string },
): RegisteredVersion {
  return {
    version: version.version,
    status: statusOn(state, version, day),
    ...window,
    review: agreement.review,
    reviewOverdue: isReviewOverdue(state, version, day),
    privacyNotice: agreement.lawful.privacyNotice,
    parties: agreement.parties.map(({ agency, capacity, from }) => {
      const to = lastDayOf(state, version, agency);
      return {
        ...agencyNamed(policy, agency),
        capacity,
        ...(from === undefined || from <= window.from ? {} : { from }),
        ...(to === undefined || to >= window.to ? {} : { to }),
      };
    }),
    purposes: agreement.purposes.map(purposeNamed),
    uses: agreement.grants.map((grant, i) => useOf(grant, `7.${i + 1}`, policy)),
  };
}

const useOf = (grant: Grant, clause: string, policy: CompiledPolicy): RegisteredUse => ({
  clause,
  publishers: grant.publishers.map((agency) => agencyNamed(policy, agency)),
  consumer: agencyNamed(policy, grant.consumer),
  purposes: grant.purposes.map(purposeNamed),
  mode: grant.mode,
  gateway: gatewayNamed(policy.law, grant.gateway),
  types: grant.types.map((type) => ({ type, name: eventDefinition(type)?.title ?? type })),
  fields: grant.fields.map((field) => ({ field, name: labelOf(grant.types, field) ?? field })),
  place: grant.place,
  time: grant.time,
});

function gatewayNamed(law: LawPack | undefined, id: string): RegisteredUse['gateway'] {
  const gateway = gatewayOf(law, id);
  if (gateway === undefined) return { id, verified: false };
  return { id, title: gateway.title, section: gateway.source, verified: gateway.verified };
}

const agencyNamed = ({ agencies }: CompiledPolicy, agency: AgencyId) => ({
  agency,
  name: agencies.get(agency)?.name ?? agency,
});
const purposeNamed = (purpose: Grant['purposes'][number]) => ({ purpose, name: PURPOSE_WORDS[purpose] });
