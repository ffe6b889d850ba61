import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { Problem } from '#kernel';
import type { Boundaries } from '#statistics';
import { PolicyFeed } from './policy-feed.ts';

/** Boundaries of the adopted geography. */
export class ReadBoundaries extends Query<Boundaries> {
  readonly version: string;
  constructor(version: string) {
    super();
    this.version = version;
  }
}

@QueryHandler(ReadBoundaries)
export class ReadBoundariesHandler implements IQueryHandler<ReadBoundaries> {
  readonly #feed: PolicyFeed;
  constructor(feed: PolicyFeed) {
    this.#feed = feed;
  }

  /** @throws Problem `not-found` for another version than the adopted one, or a pack without boundaries. */
  async execute({ version }: ReadBoundaries): Promise<Boundaries> {
    const adopted = await this.#feed.geography();
    if (adopted.version !== version || adopted.geography.boundaries === undefined) throw new Problem('not-found');
    return adopted.geography.boundaries;
  }
}
