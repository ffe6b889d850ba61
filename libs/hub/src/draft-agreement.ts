import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Principal } from '#contracts';
import { canonicalJson, Problem, type Json } from '#kernel';
import { checkAgreement, draft, readAgreement, type AgreementState, type Gap } from '#sharing';
import { agreementView, appendDecided, mayRead, type AgreementView } from './agreement-facts.ts';
import { PolicyFeed } from './policy-feed.ts';
import { HubPorts } from './ports.ts';

export interface Drafted extends AgreementView {
  /** What still stands between the draft and force, in the words of the law pack. */
  readonly incomplete: readonly Gap[];
}

/**
 * Drafts an agreement, or edits one: `ifMatch` is then the digest that the editor read. An edit is a version that nobody has
 * signed; what is in force stays so until every party has.
 */
export class DraftAgreement extends Command<Drafted> {
  readonly by: Principal;
  readonly document: Json;
  readonly ifMatch: string | undefined;
  readonly id: string | undefined;
  constructor(by: Principal, document: Json, edit?: { readonly id: string; readonly ifMatch: string }) {
    super();
    this.by = by;
    this.document = document;
    this.id = edit?.id;
    this.ifMatch = edit?.ifMatch;
  }
}

@CommandHandler(DraftAgreement)
export class DraftAgreementHandler implements ICommandHandler<DraftAgreement> {
  readonly #ports: HubPorts;
  readonly #feed: PolicyFeed;
  /** The new draft under way. */
  #last: Promise<unknown> = Promise.resolve();
  constructor(ports: HubPorts, feed: PolicyFeed) {
    this.#ports = ports;
    this.#feed = feed;
  }

  /**
   * @throws Problem `not-a-party`, `not-found` for an edit of what the drafter may not know of, `already-exists` for a new
   * draft under a taken id, `drafts-full`, `precondition-failed` for a stale edit.
   */
  execute(command: DraftAgreement): Promise<Drafted> {
    if (command.id !== undefined) return this.#draft(command);
    // one after another, so that many at once are counted as well
    const drafted = this.#last.then(() => this.#draft(command));
    this.#last = drafted.catch(() => undefined);
    return drafted;
  }

  async #draft({ by, document, ifMatch, id }: DraftAgreement): Promise<Drafted> {
    const read = readAgreement(Buffer.from(canonicalJson(document)));
    if (!read.ok) throw new Problem(read.code, { field: read.field });
    const policy = await this.#feed.confirmed();
    const state = policy.agreements.get(id ?? read.agreement.id);
    const unknown = state === undefined || !mayRead(by, state, this.#ports.clock.now());
    if (id !== undefined && unknown) throw new Problem('not-found');
    if (!read.agreement.parties.some(({ agency }) => agency === by.agency)) throw new Problem('not-a-party');
    // a text that it knows from when it was a party is no way to read what became of it
    if (state !== undefined && unknown) throw new Problem('already-exists', { field: 'id' });
    this.#precondition(state, ifMatch, read.digest);
    if (state?.digest !== read.digest) {
      // the text is durable before the fact that names it
      await this.#ports.artefacts.put(read.canonical);
      await appendDecided(this.#ports, this.#feed, id ?? read.agreement.id, by, (now, policy, at) => {
        this.#precondition(now, ifMatch, read.digest);
        return draft(now, read, by, policy, at);
      });
    }
    const now = await this.#feed.confirmed();
    return {
      ...agreementView(now, read.agreement.id, this.#ports.clock.now(), by),
      incomplete: checkAgreement(read.agreement, now),
    };
  }

  #precondition(state: AgreementState | undefined, ifMatch: string | undefined, digest: string): void {
    if (state === undefined) return;
    if (ifMatch === undefined && state.digest !== digest) throw new Problem('already-exists', { field: 'id' });
    if (ifMatch !== undefined && ifMatch !== state.digest) throw new Problem('precondition-failed');
  }
}
