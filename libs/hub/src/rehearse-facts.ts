import { PURPOSES, type View } from '#contracts';
import { londonDay, Problem, type AgencyId, type EventType, type Instant } from '#kernel';
import {
  decide,
  reaches,
  type CompiledPolicy,
  type Grains,
  type GrantChange,
  type Rehearsal,
  type Shown,
} from '#sharing';
import {
  cellsBehind,
  DEFINITIONS,
  definitionId,
  definitionOf,
  firstDay,
  heldAt,
  monthsOf,
  parsePeriod,
  readReleaseTable,
  type Definition,
  type Period,
  type ReleaseTable,
} from '#statistics';
import { ABOUT_NOBODY } from './disclose.ts';
import type { PolicyFeed, PublishedRelease } from './policy-feed.ts';
import type { HubPorts } from './ports.ts';
import type { Behind, NotTold } from './rehearsal-report.ts';

/** One change, in one direction, at one grain, of one type and of one field or none. */
interface Asked {
  readonly direction: Behind['direction'];
  readonly change: GrantChange;
  readonly type: EventType;
  readonly field: string | undefined;
  readonly grains: Grains;
}
/** A publisher's counts that the reader may be told of, and how they are guarded from it. */
interface Told {
  readonly publisher: AgencyId;
  /** What the reader may know exactly is never added to what it may not: the sum would tell of the rest more than its rule does. */
  readonly known: 'own' | 'open' | 'guarded';
  readonly threshold: View['threshold'];
  readonly areas: boolean;
}

/**
 * What lies behind the changes that a draft makes, from frozen releases alone (`hub.md` §2, principle 4), and of those
 * publishers alone whose counts the reader's agency may have without the draft: whoever writes a draft can name anybody
 * in it.
 */
export class FactsBehind {
  readonly #ports: HubPorts;
  readonly #feed: PolicyFeed;
  readonly #rehearsal: Rehearsal;
  readonly #policy: CompiledPolicy;
  readonly #reader: AgencyId;
  readonly #at: Instant;

  constructor(
    on: { readonly ports: HubPorts; readonly feed: PolicyFeed },
    rehearsal: Rehearsal,
    policy: CompiledPolicy,
    reader: AgencyId,
    at: Instant,
  ) {
    this.#ports = on.ports;
    this.#feed = on.feed;
    this.#rehearsal = rehearsal;
    this.#policy = policy;
    this.#reader = reader;
    this.#at = at;
  }

  /** By change. Yields before each piece of work how far it is, in per cent. */
  async *of(changes: readonly GrantChange[]): AsyncGenerator<number, ReadonlyMap<GrantChange, readonly Behind[]>> {
    const all = changes.flatMap(askedOf);
    const found = new Map<Asked, Behind[]>(all.map((one) => [one, []]));
    const counted = all.filter(({ change }) => change.mode === 'count');
    for (const one of all)
      if (one.change.mode !== 'count') found.set(one, [none(one, { symbol: 'x', reason: 'not-counted' })]);
    let done = 0;
    for (const [type, asked] of Map.groupBy(counted, (one) => one.type)) {
      // by type alone: finer steps would tell how many releases there are
      const percent = (100 * done) / all.length;
      yield percent;
      const releases = await this.#releases(type);
      for (const release of releases) {
        let reading: Promise<ReleaseTable> | undefined;
        // a release of which nothing may be told is not read
        const table = (): Promise<ReleaseTable> => (reading ??= this.#table(release));
        for (const one of asked) {
          yield percent;
          found.get(one)?.push(...(yield* saying(percent, this.#behind(one, release, table))));
        }
      }
      for (const one of asked) found.get(one)?.push(...this.#unseen(one, found.get(one) ?? [], releases.length > 0));
      done += asked.length;
    }
    const byChange = Map.groupBy(all, ({ change }) => change);
    return new Map(changes.map((one) => [one, (byChange.get(one) ?? []).flatMap((asked) => found.get(asked) ?? [])]));
  }

  /** What this release holds behind it of the publishers that the reader may count; nothing where it may count none. */
  async *#behind(
    asked: Asked,
    published: PublishedRelease,
    table: () => Promise<ReleaseTable>,
  ): AsyncGenerator<undefined, readonly Behind[]> {
    const { direction, change, field, grains } = asked;
    const definition = definitionOf(published.definition);
    const period = parsePeriod(published.period);
    if (definition === undefined || period === undefined) return [];
    const told = change.publishers.flatMap((publisher) => this.#told(publisher, asked, period));
    if (told.length === 0) return [];
    const baseFor = (some: readonly Told[]) => ({
      ...baseOf(asked),
      publishers: some.map(({ publisher }) => publisher),
      release: published.release,
    });
    const held = heldAt(definition, period, { ...grains, field });
    const [shows, already] = direction === 'added' ? [change.then, change.now] : [change.now, change.then];
    const way = held && wayAt(shows, held);
    if (held === undefined || way === undefined || wayAt(already, held) !== undefined)
      return [{ ...baseFor(told), counts: { symbol: 'z', reason: 'not-held' } }];
    const geography = await this.#feed.geographyOf(published.geography.digest);
    const behind: Behind[] = [];
    for (const [known, some] of Map.groupBy(told, (one) => one.known)) {
      const { areas, ...counts } = yield* cellsBehind(await table(), geography, {
        publishers: new Set(some.map(({ publisher }) => publisher)),
        held,
        rule: { threshold: way.threshold, exact: way.openness === 'open' },
        threshold: some.map((one) => one.threshold).reduce((a, b) => (a > b ? a : b), way.threshold),
      });
      // of others' rows, that an area has any at all is a small count too
      const named = known === 'own' ? areas : areas.filter(({ cells }) => 'value' in cells);
      behind.push({ ...baseFor(some), counts, ...(some.every((one) => one.areas) ? { areas: named } : {}) });
    }
    return behind;
  }

  /** Publishers of whom no release told anything. Whether there is a release is told to those alone who may ask for one. */
  #unseen(asked: Asked, behind: readonly Behind[], released: boolean): readonly Behind[] {
    const seen = new Set(behind.flatMap(({ publishers }) => publishers));
    const oldest = londonDay(this.#at);
    const may = (publisher: AgencyId): boolean =>
      publisher === this.#reader ||
      this.#granted(publisher, asked.type, { fields: [], place: 'force', time: 'year', oldest }) !== undefined;
    const others = asked.change.publishers.filter((publisher) => !seen.has(publisher));
    const reasons = Map.groupBy(others, (one) => (!released && may(one) ? 'no-release' : 'not-yours'));
    return [...reasons].map(([reason, some]) => none(asked, { symbol: 'x', reason }, some));
  }

  /** The publisher, where its counts of such a period are the reader's to know without the draft. */
  #told(publisher: AgencyId, { type, field, grains }: Asked, period: Period): readonly Told[] {
    if (publisher === this.#reader) return [{ publisher, known: 'own', threshold: 7, areas: true }];
    const oldest = firstDay(period);
    const coarse = this.#granted(publisher, type, { fields: [], place: 'force', time: period.grain, oldest });
    if (coarse === undefined) return [];
    const fine = this.#granted(publisher, type, { fields: field === undefined ? [] : [field], ...grains, oldest });
    const known = coarse.openness === 'open' ? 'open' : 'guarded';
    return [{ publisher, known, threshold: coarse.threshold, areas: fine !== undefined }];
  }

  /** How the policy in force lets the reader's agency count these rows, for some purpose. */
  #granted(
    publisher: AgencyId,
    type: EventType,
    asked: Grains & { readonly fields: readonly string[]; readonly oldest: string },
  ): View | undefined {
    const who = this.#rehearsal.anyoneOf(this.#reader);
    for (const purpose of PURPOSES) {
      const request = {
        operation: 'agreements.rehearse',
        roles: ['analyst'] as const,
        mode: 'count' as const,
        purpose,
        types: [type],
        publishers: [publisher],
        ...asked,
        ...ABOUT_NOBODY,
      };
      const decision = decide(this.#policy, who, request, this.#at);
      if (decision.kind === 'permit') return decision.views[0];
    }
    return undefined;
  }

  /** Of each definition that counts this type: the newest version of the last period of each length. */
  async #releases(type: EventType): Promise<readonly PublishedRelease[]> {
    const all = [...(await this.#feed.releases()).values()];
    return DEFINITIONS.filter((one) => one.types.includes(type)).flatMap((one) => latestOf(one, all));
  }

  async #table({ digest }: PublishedRelease): Promise<ReleaseTable> {
    const bytes = await this.#ports.artefacts.get(digest);
    const read = bytes === undefined ? undefined : readReleaseTable(bytes);
    if (read?.ok !== true) throw new Problem('artefact-damaged');
    return read.release;
  }
}

const baseOf = ({ direction, type, field, grains }: Asked) => ({
  direction,
  type,
  ...(field === undefined ? {} : { field }),
  ...grains,
});
const none = (asked: Asked, counts: NotTold, publishers = asked.change.publishers): Behind => ({
  ...baseOf(asked),
  publishers,
  counts,
});

async function* saying<T>(percent: number, work: AsyncGenerator<undefined, T>): AsyncGenerator<number, T> {
  for (;;) {
    const step = await work.next();
    if (step.done === true) return step.value;
    yield percent;
  }
}

function askedOf(change: GrantChange): readonly Asked[] {
  const fields = [...(change.alone ? [undefined] : []), ...change.fields];
  const ways = (['added', 'removed'] as const).flatMap((direction) =>
    change[direction].map((grains) => ({ direction, grains })),
  );
  return change.types.flatMap((type) =>
    ways.flatMap(({ direction, grains }) => fields.map((field) => ({ direction, change, type, field, grains }))),
  );
}

/** In what way rows are shown at this grain, if they are. */
const wayAt = (ways: readonly Shown[], grains: Grains): Shown | undefined =>
  ways.find(({ finest }) => finest.some((one) => reaches(one, grains)));

function latestOf(definition: Definition, releases: readonly PublishedRelease[]): readonly PublishedRelease[] {
  const own = releases.filter((one) => one.definition === definitionId(definition));
  return (['year', 'quarter', 'month'] as const).flatMap((grain) => {
    const ends = (one: PublishedRelease): string => {
      const period = parsePeriod(one.period);
      return period?.grain === grain ? (monthsOf(period).at(-1) ?? '') : '';
    };
    // in the order of publication, so that of one period the last is the newest version
    const last = own
      .filter((one) => ends(one) !== '')
      .reduce<PublishedRelease | undefined>(
        (latest, one) => (latest === undefined || ends(one) >= ends(latest) ? one : latest),
        undefined,
      );
    return last === undefined ? [] : [last];
  });
}
