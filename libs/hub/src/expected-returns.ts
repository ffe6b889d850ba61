import type { ExpectedReturn } from '#contracts';
import type { AgencyId } from '#kernel';
import { isPartyOn, statusOn, type AgreementState, type CompiledPolicy } from '#sharing';

/** A return that an agreement names, and for which days. */
export interface Expectation {
  readonly agreement: string;
  /** Of the agreement on the day. */
  readonly parties: readonly AgencyId[];
  /** Inclusive days on which the agreement names it. */
  readonly from: string;
  readonly to: string;
  readonly expected: ExpectedReturn;
}

/**
 * Every return that the agreements in force on the day name of those who take part on it: what others send is not theirs to
 * ask about. It is owed from the first day on which some version in force named it.
 */
export const expectedOn = ({ agreements }: CompiledPolicy, day: string): readonly Expectation[] =>
  [...agreements.values()].flatMap((state) => {
    const version = state.versions.find((one) => statusOn(state, one, day) === 'in-force');
    if (version?.agreement === undefined || version.window === undefined) return [];
    const parties = version.parties.filter((party) => isPartyOn(state, version, party, day));
    const { to } = version.window;
    return version.agreement.returns
      .filter(({ publisher }) => parties.includes(publisher))
      .map((expected) => ({ agreement: state.id, parties, from: firstNamed(state, expected), to, expected }));
  });

function firstNamed({ versions }: AgreementState, { publisher, kind }: ExpectedReturn): string {
  const days = versions.flatMap(({ window, agreement }) =>
    window !== undefined &&
    window.from <= window.to &&
    agreement?.returns.some((one) => one.publisher === publisher && one.kind === kind) === true
      ? [window.from]
      : [],
  );
  return days.sort()[0] ?? '';
}
