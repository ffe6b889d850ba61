import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Principal, Request } from '#contracts';
import { londonDay, type Position } from '#kernel';
import { decide } from '#sharing';
import { DEFINITIONS, definitionId, definitionOf, firstDay, parsePeriod, type Definition } from '#statistics';
import { ABOUT_NOBODY, disclose } from './disclose.ts';
import type { Disclosed, Refused } from './disclosed.ts';
import { PolicyFeed, type PublishedRelease } from './policy-feed.ts';
import { HubPorts } from './ports.ts';
import { releaseView, type ReleaseView } from './release-view.ts';

/** The releases of which some table may be asked for this purpose, oldest first. */
export class ReadReleases extends Command<Disclosed<readonly ReleaseView[]> | Refused> {
  readonly who: Principal;
  readonly purpose: string | undefined;
  constructor(who: Principal, purpose: string | undefined) {
    super();
    this.who = who;
    this.purpose = purpose;
  }
}

@CommandHandler(ReadReleases)
export class ReadReleasesHandler implements ICommandHandler<ReadReleases> {
  readonly #ports: HubPorts;
  readonly #feed: PolicyFeed;
  constructor(ports: HubPorts, feed: PolicyFeed) {
    this.#ports = ports;
    this.#feed = feed;
  }

  async execute({ who, purpose }: ReadReleases): Promise<Disclosed<readonly ReleaseView[]> | Refused> {
    const releases = await this.#feed.releases();
    const [first, ...rest] = DEFINITIONS;
    if (first === undefined) throw new Error('there are definitions');
    const request = (definition: Definition): Request => ({
      operation: 'releases.list',
      roles: ['analyst'],
      mode: 'count',
      purpose,
      types: definition.types,
      publishers: 'all',
      fields: [],
      place: 'force',
      time: 'year',
      // that there is a release says nothing of what it holds
      oldest: londonDay(this.#ports.clock.now()),
      ...ABOUT_NOBODY,
    });
    return disclose(this.#ports, this.#feed, who, {
      requests: [request(first), ...rest.map(request)],
      asked: {},
      answer: async (views, policy) => {
        const types = new Set(views.flatMap((view) => [...view.types]));
        const known = (name: string): boolean => definitionOf(name)?.types.every((type) => types.has(type)) === true;
        const at = this.#ports.clock.now();
        const askable = (one: PublishedRelease): boolean => {
          const definition = definitionOf(one.definition);
          const period = parsePeriod(one.period);
          if (definition === undefined || period === undefined) return false;
          const fields = definition.apart === undefined ? [] : [definition.apart];
          return (
            decide(policy, who, { ...request(definition), fields, time: period.grain, oldest: firstDay(period) }, at)
              .kind === 'permit'
          );
        };
        const listed = [...releases.values()].filter(askable);
        const asOf: Position | 'empty' = listed.at(-1)?.asOf ?? 'empty';
        const withheld = DEFINITIONS.map(definitionId)
          .filter((name) => !known(name))
          .map((what) => ({ what, reason: 'no-agreement' }));
        return { data: listed.map(releaseView), withheld, asOf };
      },
    });
  }
}
