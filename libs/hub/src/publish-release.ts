import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CodeListName, Principal } from '#contracts';
import { comparePositions, Problem, streamName, type Position } from '#kernel';
import {
  closedAt,
  definitionOf,
  fieldsOf,
  freeze,
  parsePeriod,
  releaseBytes,
  rowTimesIn,
  type Definition,
  type Period,
  type ReleaseCell,
} from '#statistics';
import { actorOf, ownFact } from './own-facts.ts';
import { PolicyFeed, type PublishedRelease } from './policy-feed.ts';
import { HubPorts } from './ports.ts';
import { releaseView, type ReleaseView } from './release-view.ts';

/** A closed period is revised at most twice (`hub.md` §8). */
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

  /** @throws Problem `definition-unknown`, `parameter-invalid`, `period-open`, `pack-missing`, `revisions-exhausted` */
  async execute({ by, definition: name, period: text }: PublishRelease): Promise<ReleaseView> {
    const definition = definitionOf(name);
    if (definition === undefined) throw new Problem('definition-unknown', { field: 'definition' });
    const period = parsePeriod(text);
    if (period === undefined) throw new Problem('field-invalid', { field: 'period' });
    if (!closedAt(period, this.#ports.clock.now())) throw new Problem('period-open', { field: 'period' });
    const { version: geographyVersion, digest: geographyDigest } = await this.#feed.geography();
    const { cells, asOf } = await this.#cells(definition, period);
    const codes = await this.#feed.codes();
    const table = freeze({
      definition,
      period,
      geography: { version: geographyVersion, digest: geographyDigest },
      codes: (list) => {
        const known = list as CodeListName;
        return codes.codes(known).map((code) => ({ code, label: codes.label(known, code) ?? code }));
      },
      cells,
      asOf,
    });
    const stream = streamName(`release:${name}:${text}`);
    const before = [...(await this.#feed.releases()).values()].filter(
      (one) => one.definition === name && one.period === text,
    );
    const version = before.length + 1;
    if (version > VERSIONS) throw new Problem('revisions-exhausted', { field: 'period' });
    const release = `${name}.${text}.v${version}`;
    const digest = await this.#ports.artefacts.put(releaseBytes(table));
    const fact = ownFact(
      this.#ports.keys,
      'uk.svd.hub.release-published.v1',
      { release, definition: name, period: text, version, digest, asOf, geography: table.geography, by: actorOf(by) },
      by.agency,
    );
    const expected = before.length === 0 ? 'no-stream' : { revision: before.length - 1 };
    const appended = await this.#ports.writer.append([{ stream, fact }], new Map([[stream, expected]]));
    if (appended.outcome !== 'appended') throw new Problem('precondition-failed');
    await this.#feed.caughtUp();
    return releaseView((await this.#feed.releases()).get(release) as PublishedRelease);
  }

  /** True counts at the finest grain that the definition declares, once the models include every fact of now. */
  async #cells(definition: Definition, period: Period): Promise<{ cells: readonly ReleaseCell[]; asOf: Position }> {
    const head = await this.#ports.log.head();
    if (head === 'empty') throw new Problem('pack-missing');
    await this.#ports.models.caughtUp(head).catch(unavailable);
    const columns = fieldsOf(definition, period).map(({ column }) => column);
    const question = {
      model: definition.model,
      types: definition.types,
      periods: rowTimesIn(period, definition.time),
      by: ['publisher', 'place', 'period', ...columns],
    };
    const cube = await this.#ports.models.cube(question).catch(unavailable);
    if (cube.asOf === 'empty' || comparePositions(cube.asOf, head) < 0) throw new Problem('model-unavailable');
    return { cells: cube.cells, asOf: cube.asOf };
  }
}

/** A model that is down or being built has no counts to freeze. */
function unavailable(error: unknown): never {
  const passing =
    error instanceof Problem && (error.code === 'projector-down' || error.code === 'projection-rebuilding');
  throw passing ? new Problem('model-unavailable') : error;
}
