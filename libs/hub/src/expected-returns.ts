import type { ExpectedReturn } from '#contracts';
import { londonDay } from '#kernel';
import { dayBefore, daysOf, isEmpty, type AgreementState, type AgreementVersion, type CompiledPolicy } from '#sharing';

/** A return that an agreement names, and for which days. */
export interface Expectation {
  readonly agreement: string;
  /** Inclusive days on which the agreement names it and its publisher takes part. */
  readonly from: string;
  readonly to: string;
  readonly expected: ExpectedReturn;
}

/**
 * Every return that agreements name of those who take or took part. It is owed from the first day on which its publisher
 * took part in some version in force that named it, to the last: what was owed by then stays owed after an end.
 */
export const expectedOn = ({ agreements }: CompiledPolicy, day: string): readonly Expectation[] =>
  [...agreements.values()].flatMap((state) => {
    const begun = state.versions.filter(({ window }) => window !== undefined && !isEmpty(window) && window.from <= day);
    const version = begun.at(-1);
    if (version?.agreement === undefined) return [];
    // while it is suspended nothing is taken in, so that nothing more is owed
    const suspended = lastDayUnsuspended(state, version);
    return version.agreement.returns.flatMap((expected): readonly Expectation[] => {
      const days = daysOf(state, version, expected.publisher);
      if (days === undefined || days.from > day) return [];
      const to = suspended !== undefined && suspended < days.to ? suspended : days.to;
      return [{ agreement: state.id, expected, from: firstOf(state, expected), to }];
    });
  });

function lastDayUnsuspended({ suspensions }: AgreementState, { parties }: AgreementVersion): string | undefined {
  const [since] = suspensions
    .filter(({ agency }) => parties.includes(agency))
    .map((one) => londonDay(one.since))
    .sort();
  return since === undefined ? undefined : dayBefore(since);
}

function firstOf(state: AgreementState, { publisher, kind }: ExpectedReturn): string {
  const names = ({ agreement }: AgreementVersion) =>
    agreement?.returns.some((one) => one.publisher === publisher && one.kind === kind) === true;
  const days = state.versions.filter(names).flatMap((one) => daysOf(state, one, publisher) ?? []);
  return days.map(({ from }) => from).sort()[0] ?? '';
}
