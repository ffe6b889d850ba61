import { Command, CommandHandler, Query, QueryHandler, type ICommandHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ORDINARY_ROLES, type Actor, type CapacityHeld, type Role } from '#contracts';
import { isAgencyId, Problem, streamName, type AgencyId } from '#kernel';
import { actorOf, ownFact } from './own-facts.ts';
import { PolicyFeed } from './policy-feed.ts';
import { HubPorts } from './ports.ts';

export interface Enrolment {
  readonly agency: string;
  readonly name: string;
  /** Issuers that may assert this agency. */
  readonly issuers: readonly string[];
  readonly capacities: readonly CapacityHeld[];
  /** What its issuers may assert of its people; the ordinary ones when absent. */
  readonly roles?: readonly Role[];
}

/** Enrols an agency once. What it may publish or see still needs an agreement. */
export class EnrolAgency extends Command<Required<Enrolment>> {
  readonly by: Actor;
  readonly enrolment: Enrolment;
  constructor(by: Actor, enrolment: Enrolment) {
    super();
    this.by = by;
    this.enrolment = enrolment;
  }
}

/** @throws Problem `field-invalid`, `already-exists` (409) */
export async function enrolAgency(
  ports: HubPorts,
  feed: PolicyFeed,
  { by, enrolment }: EnrolAgency,
): Promise<Required<Enrolment>> {
  const { agency, name, issuers, capacities, roles = ORDINARY_ROLES } = enrolment;
  if (!isAgencyId(agency)) throw new Problem('field-invalid', { field: 'agency' });
  for (const { from, to } of capacities)
    if (to !== undefined && to < from) throw new Problem('field-invalid', { field: 'capacities.to' });
  const fact = ownFact(
    ports.keys,
    'uk.svd.hub.agency-enrolled.v1',
    { agency, name, issuers, capacities, roles, by: actorOf(by) },
    by.agency,
  );
  const stream = streamName(`agency:${agency}`);
  const appended = await ports.writer.append([{ stream, fact }], new Map([[stream, 'no-stream']]));
  if (appended.outcome !== 'appended') throw new Problem('already-exists', { field: 'agency' });
  await feed.caughtUp();
  return { agency, name, issuers, capacities, roles };
}

@CommandHandler(EnrolAgency)
export class EnrolAgencyHandler implements ICommandHandler<EnrolAgency> {
  readonly #ports: HubPorts;
  readonly #feed: PolicyFeed;
  constructor(ports: HubPorts, feed: PolicyFeed) {
    this.#ports = ports;
    this.#feed = feed;
  }

  execute(command: EnrolAgency): Promise<Required<Enrolment>> {
    return enrolAgency(this.#ports, this.#feed, command);
  }
}

export interface AgencyView {
  readonly agency: AgencyId;
  readonly name: string;
  readonly capacities: readonly CapacityHeld[];
}

/** Who takes part, by name and legal capacity. Issuers are not told. */
export class ListAgencies extends Query<readonly AgencyView[]> {}

@QueryHandler(ListAgencies)
export class ListAgenciesHandler implements IQueryHandler<ListAgencies> {
  readonly #feed: PolicyFeed;
  constructor(feed: PolicyFeed) {
    this.#feed = feed;
  }

  async execute(): Promise<readonly AgencyView[]> {
    const { agencies } = await this.#feed.confirmed();
    return [...agencies.values()].map(({ agency, name, capacities }) => ({ agency, name, capacities }));
  }
}
