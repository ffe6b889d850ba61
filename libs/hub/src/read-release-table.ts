import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Principal, View } from '#contracts';
import { londonDay, Problem, type AgencyId } from '#kernel';
import { columnLabels } from '#read-models';
import { admit, type CompiledPolicy } from '#sharing';
import {
  definitionId,
  definitionOf,
  finestGrains,
  firstDay,
  knowsValues,
  parsePeriod,
  readReleaseTable,
  readTableQuery,
  tabulate,
  type Definition,
  type ReleaseTable,
  type Shows,
  type TableQuery,
} from '#statistics';
import { ABOUT_NOBODY, disclose } from './disclose.ts';
import type { Disclosed, Refused, Sharing } from './disclosed.ts';
import { PolicyFeed, type PublishedRelease } from './policy-feed.ts';
import { HubPorts } from './ports.ts';
import { tableCsv, type TableAnswer } from './table-csv.ts';

export interface TableAsked {
  readonly release: string;
  readonly rows: string;
  readonly columns?: string | undefined;
  /** `dim:value` each. */
  readonly where: readonly string[];
  readonly purpose: string | undefined;
  readonly format: 'json' | 'csv';
}
/** A table of a frozen release, cut to what agreements let the asker see. */
export class ReadReleaseTable extends Command<Disclosed<TableAnswer> | Refused> {
  readonly who: Principal;
  readonly asked: TableAsked;
  constructor(who: Principal, asked: TableAsked) {
    super();
    this.who = who;
    this.asked = asked;
  }
}

@CommandHandler(ReadReleaseTable)
export class ReadReleaseTableHandler implements ICommandHandler<ReadReleaseTable> {
  readonly #ports: HubPorts;
  readonly #feed: PolicyFeed;
  readonly #tables = new RecentTables();
  constructor(ports: HubPorts, feed: PolicyFeed) {
    this.#ports = ports;
    this.#feed = feed;
  }

  /**
   * What can't be answered (`not-found`, `dimension-unknown`, `dimension-required`, `parameter-invalid`) is said only to
   * those who may ask the definition anything: for anyone else it is refused, and on record, like any other question.
   */
  async execute({ who, asked }: ReadReleaseTable): Promise<Disclosed<TableAnswer> | Refused> {
    const published = (await this.#feed.releases()).get(asked.release);
    const definition = definitionOf(published?.definition ?? asked.release.split('.', 1)[0] ?? '');
    if (definition === undefined) throw new Problem('not-found');
    const base = {
      operation: 'releases.table',
      roles: ['analyst'] as const,
      mode: 'count' as const,
      purpose: asked.purpose,
      ...ABOUT_NOBODY,
    };
    const covering = { ...base, types: definition.types, publishers: 'all' as const };
    const understood = understand(published, asked, definition);
    if (published === undefined || understood instanceof Problem) {
      return disclose(this.#ports, this.#feed, who, {
        requests: [{ ...covering, fields: [], place: 'force', time: 'year', oldest: today(this.#ports) }],
        asked: { definition: definitionId(definition) },
        answer: () => Promise.reject(understood instanceof Problem ? understood : new Problem('not-found')),
      });
    }
    const query = understood;
    const { place, time, fields } = finestGrains(query);
    return disclose(this.#ports, this.#feed, who, {
      requests: [{ ...covering, fields, place, time, oldest: firstDayOf(published.period) }],
      asked: questionOf(published.release, query),
      ...(asked.format === 'csv' ? { rendering: { mediaType: 'text/csv; charset=utf-8', body: tableCsv } } : {}),
      answer: async (views, policy) => {
        const release = await this.#tables.of(published, this.#ports);
        const geography = await this.#feed.geographyOf(published.geography.digest);
        if (!knowsValues(release, geography, query)) throw new Problem('parameter-invalid', { field: 'where' });
        const shows = showsOf(views);
        const rowLabels = columnLabels(definition.model, ...definition.types);
        const { table, labels } = tabulate(release, geography, query, shows, rowLabels);
        // no view lets a label through yet: what still carries one does not leave
        if (labels.size > 0) throw new Problem('label-stands');
        const data: TableAnswer = {
          definition: release.definition,
          period: release.period,
          dimensions: {
            rows: query.rows.name,
            ...(query.columns === undefined ? {} : { columns: query.columns.name }),
          },
          ...table,
        };
        const withheld = this.#withheld(policy, definition, shows);
        const answered = questionOf(published.release, query, true);
        return { data, withheld, release: published.release, asOf: published.asOf, asked: answered };
      },
    });
  }

  /** What the rule hides, and who publishes this but is not in the answer: never whether they had anything to tell. */
  #withheld(policy: CompiledPolicy, definition: Definition, { open, guarded, threshold }: Shows): Sharing['withheld'] {
    const at = this.#ports.clock.now();
    const publishes = (agency: AgencyId): boolean =>
      definition.types.some((type) => admit(policy, agency, type, at).kind === 'admit');
    const unseen = [...policy.agencies.keys()].filter(
      (agency) => !open.has(agency) && !guarded.has(agency) && publishes(agency),
    );
    const rounded = { what: `counts to ${threshold}, the rest rounded to 5`, reason: 'small-count' };
    return [
      ...(guarded.size === 0 ? [] : [rounded]),
      ...unseen.sort().map((agency) => ({ what: `publisher:${agency}`, reason: 'no-grant' })),
    ];
  }
}

/** The release of a period that is none reaches back for ever, as far as a policy is asked. */
const firstDayOf = (text: string): string => {
  const period = parsePeriod(text);
  return period === undefined ? 'any' : firstDay(period);
};
const today = ({ clock }: HubPorts): string => londonDay(clock.now());

/** The question to the release, or why it can't be put. Whether its values are codes is known once the release is read. */
function understand(
  published: PublishedRelease | undefined,
  asked: TableAsked,
  definition: Definition,
): TableQuery | Problem {
  const period = parsePeriod(published?.period ?? '');
  if (period === undefined) return new Problem('not-found');
  const read = readTableQuery(definition, period, asked);
  if (read.ok) return read.query;
  const own = read.code === 'dimension-unknown' || read.code === 'dimension-required';
  return new Problem(own ? read.code : 'parameter-invalid', { field: read.field });
}

/**
 * For the access record: names and codes of the release alone, so that nobody writes text of their own into the log.
 * Values stand in it once they are known to be codes.
 */
function questionOf(
  release: string,
  { rows, columns, where }: TableQuery,
  known = false,
): Readonly<Record<string, string>> {
  const kept = where.map(({ dimension, value }) => (known ? `${dimension.name}:${value}` : dimension.name));
  return {
    release,
    rows: rows.name,
    ...(columns === undefined ? {} : { columns: columns.name }),
    ...(kept.length === 0 ? {} : { where: kept.join(',') }),
  };
}

/** Views share no publisher; the highest threshold of the guarded ones rules what is guarded. */
function showsOf(views: readonly [View, ...View[]]): Shows {
  const of = (openness: View['openness']) => views.filter((view) => view.openness === openness);
  const publishers = (some: readonly View[]) => new Set(some.flatMap((view) => [...view.publishers]));
  const guards = of('protected');
  const threshold = guards.map((view) => view.threshold).reduce((a, b) => (a > b ? a : b), 7);
  return { open: publishers(of('open')), guarded: publishers(guards), threshold };
}

/** Releases as read, the most recently asked ones; a release never changes, so nothing here can be stale. */
class RecentTables {
  readonly #tables = new Map<string, ReleaseTable>();
  readonly #reading = new Map<string, Promise<ReleaseTable>>();

  async of(published: PublishedRelease, ports: HubPorts): Promise<ReleaseTable> {
    const { release } = published;
    const known = this.#tables.get(release);
    if (known !== undefined) {
      this.#tables.delete(release);
      this.#tables.set(release, known);
      return known;
    }
    // those who ask at once share one reading
    const reading =
      this.#reading.get(release) ?? this.#read(published, ports).finally(() => this.#reading.delete(release));
    this.#reading.set(release, reading);
    return reading;
  }

  async #read({ release, digest }: PublishedRelease, { artefacts }: HubPorts): Promise<ReleaseTable> {
    const bytes = await artefacts.get(digest);
    const read = bytes === undefined ? undefined : readReleaseTable(bytes);
    if (read?.ok !== true) throw new Problem('artefact-damaged');
    this.#tables.set(release, read.release);
    let cells = 0;
    for (const table of this.#tables.values()) cells += table.cells.length;
    for (const [oldest, table] of this.#tables) {
      if (cells <= KEPT_CELLS || oldest === release) break;
      this.#tables.delete(oldest);
      cells -= table.cells.length;
    }
    return read.release;
  }
}
/** Together; a cell takes some hundreds of bytes. The table asked for is kept however large it is. */
const KEPT_CELLS = 200_000;
