import { calendarPeriod, monthsIn } from '#cases';
import type { ExpectedReturn, HubFacts, PolicyFact } from '#contracts';
import { londonDay, type AgencyId, type EventType } from '#kernel';

const NIL_TYPE = 'uk.svd.hub.nil-return-made.v1';
const OVERDUE_TYPE = 'uk.svd.hub.feed-overdue.v1';
/** Facts that {@link ReturnFacts} takes. */
export const RETURN_TYPES: readonly string[] = [NIL_TYPE, OVERDUE_TYPE];

export interface NilReturn {
  readonly publisher: AgencyId;
  readonly feed: EventType;
  readonly period: string;
  /** Day on which it was recorded, Europe/London. */
  readonly made: string;
}

/** One period of a return. `types` in ascending order. */
export type Overdue = Omit<HubFacts[typeof OVERDUE_TYPE], 'due'>;

/** What the facts say of returns. They decide nothing of who may see what, so that no policy holds them. */
export class ReturnFacts {
  readonly #nil = new Map<string, NilReturn>();
  readonly #nilMonths = new Set<string>();
  readonly #overdue = new Set<string>();

  take({ type, data, recordedTime }: PolicyFact): void {
    if (type === OVERDUE_TYPE) {
      this.#overdue.add(overdueKey(data as HubFacts[typeof OVERDUE_TYPE]));
    } else if (type === NIL_TYPE) {
      const { publisher, feed, period } = data as HubFacts[typeof NIL_TYPE];
      this.#nil.set(`${publisher} ${feed} ${period}`, { publisher, feed, period, made: londonDay(recordedTime) });
      const read = calendarPeriod(period);
      for (const month of read === undefined ? [] : monthsIn(read))
        this.#nilMonths.add(`${publisher} ${feed} ${month}`);
    }
  }

  nilReturn(publisher: AgencyId, feed: EventType, period: string): NilReturn | undefined {
    return this.#nil.get(`${publisher} ${feed} ${period}`);
  }

  /** Nil returns stand for every type of the return and each of the months, whatever periods they were made for. */
  isNil({ publisher, types }: ExpectedReturn, months: readonly string[]): boolean {
    return types.every((type) => months.every((month) => this.#nilMonths.has(`${publisher} ${type} ${month}`)));
  }

  /** The fact that it became overdue has been written. */
  isToldOverdue(overdue: Overdue): boolean {
    return this.#overdue.has(overdueKey(overdue));
  }
}

/** A publisher may owe two returns of a kind, of different types: each is told. */
const overdueKey = ({ publisher, kind, types, period }: Overdue): string =>
  [publisher, kind, period, ...types].join(' ');
