import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Principal, Request, View } from '#contracts';
import { Problem } from '#kernel';
import {
  definitionOf,
  finestGrains,
  parsePeriod,
  readReleaseTable,
  readTableQuery,
  tabulate,
  type Definition,
  type ReleaseTable,
  type Shows,
  type TableQuery,
} from '#statistics';
import { disclose } from './disclose.ts';
import type { Disclosed, Refused, Rendering } from './disclosed.ts';
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

  /** @throws Problem `not-found`, `dimension-unknown`, `parameter-invalid`, for questions that no release could answer. */
  async execute({ who, asked }: ReadReleaseTable): Promise<Disclosed<TableAnswer> | Refused> {
    const published = (await this.#feed.releases()).get(asked.release);
    if (published === undefined) throw new Problem('not-found');
    const { definition, query } = understood(published, asked);
    const { place, time, fields } = finestGrains(query);
    const request: Request = {
      operation: 'releases.table',
      roles: ['analyst'],
      mode: 'count',
      purpose: asked.purpose,
      types: definition.types,
      publishers: 'all',
      fields,
      place,
      time,
    };
    const rendering: Rendering<TableAnswer> | undefined =
      asked.format === 'csv' ? { mediaType: 'text/csv; charset=utf-8', text: tableCsv } : undefined;
    return disclose(this.#ports, this.#feed, who, {
      requests: [request],
      asked: {
        release: asked.release,
        rows: asked.rows,
        ...(asked.columns === undefined ? {} : { columns: asked.columns }),
        ...(asked.where.length === 0 ? {} : { where: asked.where.join(',') }),
      },
      ...(rendering === undefined ? {} : { rendering }),
      answer: async (views) => {
        const table = await this.#tables.of(published, this.#ports);
        const geography = await this.#feed.geographyOf(published.geography.digest);
        const shows = showsOf(views);
        const data: TableAnswer = {
          definition: published.definition,
          period: published.period,
          dimensions: {
            rows: query.rows.name,
            ...(query.columns === undefined ? {} : { columns: query.columns.name }),
          },
          ...tabulate(table, geography, query, shows),
        };
        const withheld = shows.exact
          ? []
          : [{ what: `counts to ${shows.threshold}, the rest rounded to 5`, reason: 'small-count' }];
        return { data, withheld, release: published.release, asOf: published.asOf };
      },
    });
  }
}

function understood(published: PublishedRelease, asked: TableAsked): { definition: Definition; query: TableQuery } {
  const definition = definitionOf(published.definition);
  const period = parsePeriod(published.period);
  if (definition === undefined || period === undefined) throw new Problem('not-found');
  const read = readTableQuery(definition, period, asked);
  if (!read.ok)
    throw new Problem(read.code === 'dimension-unknown' ? read.code : 'parameter-invalid', { field: read.field });
  return { definition, query: read.query };
}

/** The strictest of the contributing views rules the whole answer: exact only when every one of them is open. */
const showsOf = (views: readonly [View, ...View[]]): Shows => ({
  publishers: new Set(views.flatMap((view) => [...view.publishers])),
  threshold: views.map((view) => view.threshold).reduce((a, b) => (a > b ? a : b)),
  exact: views.every((view) => view.openness === 'open'),
});

/** Releases as read, the most recently asked ones; a release never changes, so nothing here can be stale. */
class RecentTables {
  readonly #tables = new Map<string, ReleaseTable>();

  async of({ release, digest }: PublishedRelease, { artefacts }: HubPorts): Promise<ReleaseTable> {
    const known = this.#tables.get(release);
    if (known !== undefined) {
      this.#tables.delete(release);
      this.#tables.set(release, known);
      return known;
    }
    const bytes = await artefacts.get(digest);
    const read = bytes === undefined ? undefined : readReleaseTable(bytes);
    if (read?.ok !== true) throw new Problem('artefact-damaged');
    this.#tables.set(release, read.release);
    const [oldest] = this.#tables.keys();
    if (this.#tables.size > KEPT && oldest !== undefined) this.#tables.delete(oldest);
    return read.release;
  }
}
const KEPT = 16;
