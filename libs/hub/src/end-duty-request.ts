import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { answerDutyRequest, refuseDutyRequest, withdrawDutyRequest } from '#cases';
import type { DutyAnswer, DutyRefusalReason, Principal } from '#contracts';
import { appendToRequest, dutyRequestView, dutyWorldOf, type DutyRequestView } from './duty-request-facts.ts';
import { PolicyFeed } from './policy-feed.ts';
import { HubPorts } from './ports.ts';

/** Of the agency asked: `answer`, `refuse`. Of the one that asked: `withdraw`. */
export type DutyAct =
  | { readonly act: 'answer'; readonly how: DutyAnswer }
  | { readonly act: 'refuse'; readonly reasons: readonly DutyRefusalReason[] }
  | { readonly act: 'withdraw' };

/** Ends a request for good, in whichever way. */
export class EndDutyRequest extends Command<DutyRequestView> {
  readonly by: Principal;
  readonly id: string;
  readonly act: DutyAct;
  constructor(by: Principal, id: string, act: DutyAct) {
    super();
    this.by = by;
    this.id = id;
    this.act = act;
  }
}

@CommandHandler(EndDutyRequest)
export class EndDutyRequestHandler implements ICommandHandler<EndDutyRequest> {
  readonly #ports: HubPorts;
  readonly #feed: PolicyFeed;
  constructor(ports: HubPorts, feed: PolicyFeed) {
    this.#ports = ports;
    this.#feed = feed;
  }

  /**
   * @throws Problem `not-found` for whoever neither asked nor was asked, `other-agency-required`, `duty-request-over`,
   * `reason-not-open`.
   */
  async execute({ by, id, act }: EndDutyRequest): Promise<DutyRequestView> {
    const at = this.#ports.clock.now();
    const hub = { ports: this.#ports, feed: this.#feed };
    const state = await appendToRequest(hub, id, by, (now, policy) => {
      switch (act.act) {
        case 'answer':
          return answerDutyRequest(now, act.how, by);
        case 'refuse':
          return refuseDutyRequest(now, act.reasons, by, dutyWorldOf(policy, at), at);
        case 'withdraw':
          return withdrawDutyRequest(now, by);
      }
    });
    return dutyRequestView(state, at);
  }
}
