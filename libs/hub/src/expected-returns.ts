import type { ExpectedReturn } from '#contracts';
import type { AgencyId } from '#kernel';
import {
  daysOf,
  statusOn,
  type AgreementState,
  type AgreementVersion,
  type CompiledPolicy,
  type Window,
} from '#sharing';

/** A return that an agreement names, and for which days. */
export interface Expectation {
  readonly agreement: string;
  /** Of the agreement on the day. */
  readonly parties: readonly AgencyId[];
  /** Inclusive days on which the agreement names it and its publisher takes part. */
  readonly from: string;
  readonly to: string;
  readonly expected: ExpectedReturn;
}

/**
 * Every return that the agreements in force on the day name of those who take part on it: what others send is not theirs to
 * ask about. It is owed from the first day on which its publisher took part in some version in force that named it.
 */
export const expectedOn = ({ agreements }: CompiledPolicy, day: string): readonly Expectation[] =>
  [...agreements.values()].flatMap((state) => {
    const version = state.versions.find((one) => statusOn(state, one, day) === 'in-force');
    if (version?.agreement === undefined) return [];
    const takesPart = (party: AgencyId): boolean => {
      const days = daysOf(state, version, party);
      return days !== undefined && days.from <= day && day <= days.to;
    };
    const parties = version.parties.filter(takesPart);
    return version.agreement.returns
      .filter(({ publisher }) => parties.includes(publisher))
      .map((expected) => ({ agreement: state.id, parties, expected, ...owedFor(state, version, expected) }));
  });

function owedFor(state: AgreementState, version: AgreementVersion, { publisher, kind }: ExpectedReturn): Window {
  const names = ({ agreement }: AgreementVersion) =>
    agreement?.returns.some((one) => one.publisher === publisher && one.kind === kind) === true;
  const days = state.versions.filter(names).flatMap((one) => daysOf(state, one, publisher) ?? []);
  return { from: days.map(({ from }) => from).sort()[0] ?? '', to: daysOf(state, version, publisher)?.to ?? '' };
}
