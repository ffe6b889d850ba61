import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Principal } from '#contracts';
import { londonDay, Problem } from '#kernel';
import { readAgreement, type Agreement, type AgreementVersion } from '#sharing';
import { agreementView, known, mayRead, versionView, type AgreementView, type VersionView } from './agreement-facts.ts';
import { PolicyFeed } from './policy-feed.ts';
import { HubPorts } from './ports.ts';

export type AgreementRead = AgreementView & { readonly document: Agreement | undefined };

/** The newest version, for any role of a party and for auditors; for anyone else there is none. */
export class ReadAgreement extends Query<AgreementRead> {
  readonly who: Principal;
  readonly id: string;
  constructor(who: Principal, id: string) {
    super();
    this.who = who;
    this.id = id;
  }
}

@QueryHandler(ReadAgreement)
export class ReadAgreementHandler implements IQueryHandler<ReadAgreement> {
  readonly #ports: HubPorts;
  readonly #feed: PolicyFeed;
  constructor(ports: HubPorts, feed: PolicyFeed) {
    this.#ports = ports;
    this.#feed = feed;
  }

  /** @throws Problem `not-found` */
  async execute({ who, id }: ReadAgreement): Promise<AgreementRead> {
    const policy = await this.#feed.confirmed();
    const at = this.#ports.clock.now();
    const state = known(policy.agreements.get(id), who, at);
    if (state === undefined) throw new Problem('not-found');
    return { ...agreementView(policy, id, at, who), document: await documentOf(this.#ports, state) };
  }
}

export type AgreementVersionRead = VersionView & {
  readonly id: string;
  /** Its days of force, where it had or has any. */
  readonly from?: string;
  readonly to?: string;
  readonly document: Agreement | undefined;
};

/** One version with its text, for the parties that it names and for auditors; for anyone else there is none. */
export class ReadAgreementVersion extends Query<AgreementVersionRead> {
  readonly who: Principal;
  readonly id: string;
  readonly version: number;
  constructor(who: Principal, id: string, version: number) {
    super();
    this.who = who;
    this.id = id;
    this.version = version;
  }
}

@QueryHandler(ReadAgreementVersion)
export class ReadAgreementVersionHandler implements IQueryHandler<ReadAgreementVersion> {
  readonly #ports: HubPorts;
  readonly #feed: PolicyFeed;
  constructor(ports: HubPorts, feed: PolicyFeed) {
    this.#ports = ports;
    this.#feed = feed;
  }

  /** @throws Problem `not-found` */
  async execute({ who, id, version }: ReadAgreementVersion): Promise<AgreementVersionRead> {
    const state = (await this.#feed.confirmed()).agreements.get(id);
    const one = state?.versions.find((each) => each.version === version);
    const reads = who.roles.has('auditor') || one?.parties.includes(who.agency) === true;
    if (state === undefined || one === undefined || !reads) throw new Problem('not-found');
    const { window } = one;
    return {
      id,
      ...versionView(state, one, londonDay(this.#ports.clock.now())),
      ...(window === undefined || window.from > window.to ? {} : window),
      document: await documentOf(this.#ports, one),
    };
  }
}

/** The text of a version, also of one that can grant nothing any more. */
export async function documentOf({ artefacts }: HubPorts, version: AgreementVersion): Promise<Agreement | undefined> {
  if (version.agreement !== undefined) return version.agreement;
  const bytes = await artefacts.get(version.digest);
  const read = bytes === undefined ? undefined : readAgreement(bytes);
  return read?.ok === true ? read.agreement : undefined;
}

/** The agreements that the asker may read, by id. */
export class ListAgreements extends Query<readonly AgreementView[]> {
  readonly who: Principal;
  constructor(who: Principal) {
    super();
    this.who = who;
  }
}

@QueryHandler(ListAgreements)
export class ListAgreementsHandler implements IQueryHandler<ListAgreements> {
  readonly #ports: HubPorts;
  readonly #feed: PolicyFeed;
  constructor(ports: HubPorts, feed: PolicyFeed) {
    this.#ports = ports;
    this.#feed = feed;
  }

  async execute({ who }: ListAgreements): Promise<readonly AgreementView[]> {
    const policy = await this.#feed.confirmed();
    const at = this.#ports.clock.now();
    return [...policy.agreements.values()]
      .filter((state) => mayRead(who, state, at))
      .map(({ id }) => agreementView(policy, id, at, who))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  }
}
