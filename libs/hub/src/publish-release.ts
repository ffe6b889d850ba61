import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CodeLists, type CodeListName, type Principal } from '#contracts';
import { comparePositions, londonDay, Problem, streamName, type Position } from '#kernel';
import { holdsCapacity, type CompiledPolicy } from '#sharing';
import {
  closedAt,
  definitionOf,
  freeze,
  isSameTable,
  parsePeriod,
  readReleaseTable,
  releaseBytes,
  releaseColumns,
  rowTimesIn,
  type Definition,
  type Period,
  type ReleaseCell,
  type ReleaseTable,
} from '#statistics';
import { unavailable } from './model-unavailable.ts';
import { actorOf, ownFact } from './own-facts.ts';
import { PolicyFeed, type PublishedRelease } from './policy-feed.ts';
import { HubPorts } from './ports.ts';
import { releaseView, type ReleaseView } from './release-view.ts';

/** A closed period is revised at most twice. */
const VERSIONS = 3;

/** Freezes what the live models count for a closed period into an artefact that never changes. */
export class PublishRelease extends Command<ReleaseView> {
  readonly by: Principal;
  readonly definition: string;
  readonly period: string;
  constructor(by: Principal, definition: string, period: string) {
    super();
    this.by = by;
    this.definition = definition;
    this.period = period;
  }
}

@CommandHandler(PublishRelease)
export class PublishReleaseHandler implements ICommandHandler<PublishRelease> {
  readonly #ports: HubPorts;
  readonly #feed: PolicyFeed;
  constructor(ports: HubPorts, feed: PolicyFeed) {
    this.#ports = ports;
    this.#feed = feed;
  }

  /**
   * @throws Problem `definition-unknown`, `field-invalid`, `host-required`, `period-open`, `pack-missing`,
   * `revisions-exhausted`, `release-unchanged`; `precondition-failed` when another was faster.
   */
  async execute({ by, definition: name, period: text }: PublishRelease): Promise<ReleaseView> {
    const definition = definitionOf(name);
    if (definition === undefined) throw new Problem('definition-unknown', { field: 'definition' });
    const period = parsePeriod(text);
    if (period === undefined) throw new Problem('field-invalid', { field: 'period' });
    const now = this.#ports.clock.now();
    const policy = await this.#feed.confirmed();
    // whoever publishes and chooses the moment of freezing can find small counts by adding to them
    if (!holdsCapacity(policy, by.agency, 'host', londonDay(now))) throw new Problem('host-required');
    if (!closedAt(period, now)) throw new Problem('period-open', { field: 'period' });
    const before = [...(await this.#feed.releases()).values()].filter(
      (one) => one.definition === name && one.period === text,
    );
    const version = before.length + 1;
    if (version > VERSIONS) throw new Problem('revisions-exhausted', { field: 'period' });
    const { table, asOf } = await this.#frozen(policy, definition, period);
    const last = before.at(-1);
    if (last !== undefined && isSameTable(table, await this.#tableOf(last)))
      throw new Problem('release-unchanged', { field: 'period' });
    const release = `${name}.${text}.v${version}`;
    const { geography, codesPack: codes } = table;
    const stream = streamName(`release:${name}:${text}`);
    const digest = await this.#ports.artefacts.put(releaseBytes(table));
    const told = { release, definition: name, period: text, version, digest, asOf, geography, by: actorOf(by) };
    const fact = ownFact(
      this.#ports.keys,
      'uk.svd.hub.release-published.v1',
      codes === undefined ? told : { ...told, codes },
      by.agency,
    );
    const expected = before.length === 0 ? 'no-stream' : { revision: before.length - 1 };
    const appended = await this.#ports.writer.append([{ stream, fact }], new Map([[stream, expected]]));
    if (appended.outcome !== 'appended') throw new Problem('precondition-failed');
    await this.#feed.caughtUp();
    return releaseView((await this.#feed.releases()).get(release) as PublishedRelease);
  }

  /** Counted and labelled under the packs of one policy, whatever is adopted meanwhile. */
  async #frozen(
    { packs }: CompiledPolicy,
    definition: Definition,
    period: Period,
  ): Promise<{ table: ReleaseTable; asOf: Position }> {
    const { geography, codes: codesPack } = packs;
    if (geography === undefined) throw new Problem('pack-missing');
    const lists = codesPack === undefined ? CodeLists.none : await this.#feed.codesOf(codesPack.digest);
    const codes = (list: string) => {
      const known = list as CodeListName;
      return lists.codes(known).map((code) => ({ code, label: lists.label(known, code) ?? code }));
    };
    const { cells, asOf } = await this.#cells(definition, period);
    return { table: freeze({ definition, period, geography, codesPack, codes, cells, asOf }), asOf };
  }

  async #tableOf({ digest }: PublishedRelease): Promise<ReleaseTable> {
    const bytes = await this.#ports.artefacts.get(digest);
    const read = bytes === undefined ? undefined : readReleaseTable(bytes);
    if (read?.ok !== true) throw new Problem('artefact-damaged');
    return read.release;
  }

  /** True counts at the finest grain that the definition declares, once the models include every fact of now. */
  async #cells(definition: Definition, period: Period): Promise<{ cells: readonly ReleaseCell[]; asOf: Position }> {
    const head = await this.#ports.log.head();
    if (head === 'empty') throw new Problem('pack-missing');
    await this.#ports.models.caughtUp(head).catch(unavailable);
    const question = {
      model: definition.model,
      types: definition.types,
      periods: rowTimesIn(period, definition.time),
      by: releaseColumns(definition, period),
    };
    const cube = await this.#ports.models.cube(question).catch(unavailable);
    if (cube.asOf === 'empty' || comparePositions(cube.asOf, head) < 0) throw new Problem('model-unavailable');
    return { cells: cube.cells, asOf: cube.asOf };
  }
}
