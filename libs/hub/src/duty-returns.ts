import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import {
  isOptional,
  monthsBefore,
  monthsIn,
  returnPeriodOf,
  returnPeriodsWithin,
  returnStatus,
  type ReturnStatus,
} from '#cases';
import type { ExpectedReturn, HubFacts, Principal } from '#contracts';
import { londonDay, sha256, streamName, type Instant } from '#kernel';
import { claimedEvents } from './claimed-events.ts';
import { expectedOn, type Expectation } from './expected-returns.ts';
import { unavailable } from './model-unavailable.ts';
import { ownFact } from './own-facts.ts';
import { PolicyFeed } from './policy-feed.ts';
import { HubPorts } from './ports.ts';

/** A return that an agreement names, period by period. Words and days alone: never how much was sent. */
export interface DutyReturn extends ExpectedReturn {
  readonly agreement: string;
  /** In order; the last is the one under way. */
  readonly periods: readonly { readonly period: string; readonly due: string; readonly status: ReturnStatus }[];
}

/** Calendar months before the present one that are looked back to. */
const LOOKED_BACK = 24;

/** Where each return stands. Asked of an agreement's whole periods, so that none begins before the agreement does. */
async function standing(
  { models }: HubPorts,
  feed: PolicyFeed,
  expectations: readonly Expectation[],
  at: Instant,
): Promise<readonly DutyReturn[]> {
  if (expectations.length === 0) return [];
  const day = londonDay(at);
  const looked = monthsBefore(day, LOOKED_BACK);
  const dated = expectations.map(({ agreement, expected, from, to }) => {
    const { to: underWay } = returnPeriodOf(expected.kind, day);
    const periods = returnPeriodsWithin(expected.kind, later(from, looked), earlier(to, underWay));
    return { agreement, expected, periods };
  });
  const types = [...new Set(dated.flatMap(({ expected }) => expected.types))];
  const months = [...new Set(dated.flatMap(({ periods }) => periods.flatMap(monthsIn)))];
  const hasEvents = await claimedEvents(models, types, months);
  const facts = await feed.returns();
  return dated.map(({ agreement, expected, periods }) => ({
    agreement,
    ...expected,
    periods: periods.map((one) => {
      const within = monthsIn(one);
      const known = {
        events: hasEvents(expected.publisher, expected.types, within),
        nil: facts.isNil(expected, within),
        optional: isOptional(expected),
      };
      return { period: one.period, due: one.due, status: returnStatus(one, known, day) };
    }),
  }));
}

const later = (a: string, b: string): string => (a > b ? a : b);
const earlier = (a: string, b: string): string => (a < b ? a : b);

/**
 * The returns of the asker's own agency. Where they stand follows from live events, so that nobody else is told: what others
 * may know of a feed is a disclosure.
 */
export class ReadDutyReturns extends Query<readonly DutyReturn[]> {
  readonly who: Principal;
  constructor(who: Principal) {
    super();
    this.who = who;
  }
}

@QueryHandler(ReadDutyReturns)
export class ReadDutyReturnsHandler implements IQueryHandler<ReadDutyReturns> {
  readonly #ports: HubPorts;
  readonly #feed: PolicyFeed;
  constructor(ports: HubPorts, feed: PolicyFeed) {
    this.#ports = ports;
    this.#feed = feed;
  }

  /** @throws Problem `model-unavailable` */
  async execute({ who }: ReadDutyReturns): Promise<readonly DutyReturn[]> {
    const at = this.#ports.clock.now();
    const owed = expectedOn(await this.#feed.confirmed(), londonDay(at));
    const own = owed.filter(({ expected }) => expected.publisher === who.agency);
    return standing(this.#ports, this.#feed, own, at);
  }
}

/**
 * Writes once of each return and period that it is overdue, as the live models stand when they have caught up. What is sent
 * later makes it `met`; the fact that it was late stays. The number of facts written.
 * @throws Problem `model-unavailable`; what was not written then is at the next call.
 */
export async function tellOverdue(ports: HubPorts, feed: PolicyFeed): Promise<number> {
  const at = ports.clock.now();
  const expectations = expectedOn(await feed.confirmed(), londonDay(at));
  if (expectations.length === 0) return 0;
  const head = await ports.log.head();
  if (head !== 'empty') await ports.models.caughtUp(head).catch(unavailable);
  let told = 0;
  for (const { publisher, kind, types, periods } of await standing(ports, feed, expectations, at)) {
    for (const { period, due } of periods.filter(({ status }) => status === 'overdue')) {
      const overdue = { publisher, kind, types: [...types].sort(), period };
      if ((await feed.returns()).isToldOverdue(overdue)) continue;
      if (await tell(ports, { ...overdue, due })) told += 1;
      await feed.caughtUp();
    }
  }
  return told;
}

/** False when another process has told it. */
async function tell({ keys, writer }: HubPorts, data: HubFacts['uk.svd.hub.feed-overdue.v1']): Promise<boolean> {
  const fact = ownFact(keys, 'uk.svd.hub.feed-overdue.v1', data, data.publisher);
  const of = sha256(Buffer.from(data.types.join(' ')));
  const stream = streamName(`feed-overdue:${data.publisher}:${data.kind}:${data.period}:${of}`);
  const appended = await writer.append([{ stream, fact }], new Map([[stream, 'no-stream']]));
  return appended.outcome === 'appended';
}
