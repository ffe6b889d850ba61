import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Principal } from '#contracts';
import { Problem } from '#kernel';
import type { Agreement } from '#sharing';
import { agreementView, type AgreementView } from './agreement-facts.ts';
import { PolicyFeed } from './policy-feed.ts';

export type AgreementRead = AgreementView & { readonly document: Agreement | undefined };

const mayRead = (who: Principal, parties: readonly string[]): boolean =>
  parties.includes(who.agency) || who.roles.has('auditor');

/** The current version, for any role of a party and for auditors; for anyone else there is none. */
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
  readonly #feed: PolicyFeed;
  constructor(feed: PolicyFeed) {
    this.#feed = feed;
  }

  /** @throws Problem `not-found` */
  async execute({ who, id }: ReadAgreement): Promise<AgreementRead> {
    const policy = await this.#feed.confirmed();
    const state = policy.agreements.get(id);
    if (state === undefined || !mayRead(who, state.parties)) throw new Problem('not-found');
    return { ...agreementView(policy, id), document: state.agreement };
  }
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
  readonly #feed: PolicyFeed;
  constructor(feed: PolicyFeed) {
    this.#feed = feed;
  }

  async execute({ who }: ListAgreements): Promise<readonly AgreementView[]> {
    const policy = await this.#feed.confirmed();
    return [...policy.agreements.values()]
      .filter(({ parties }) => mayRead(who, parties))
      .map(({ id }) => agreementView(policy, id))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  }
}
