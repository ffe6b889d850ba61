import { randomBytes } from 'node:crypto';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { askUnderDuty, type DutyAsking } from '#cases';
import type { Principal } from '#contracts';
import type { CompiledPolicy } from '#sharing';
import { appendToRequest, dutyRequestView, dutyWorldOf, type DutyRequestView } from './duty-request-facts.ts';
import { PolicyFeed } from './policy-feed.ts';
import { HubPorts } from './ports.ts';

/** Asks another agency for information under s.17 or s.15, with a day by which it is due. */
export class MakeDutyRequest extends Command<DutyRequestView> {
  readonly by: Principal;
  readonly asking: DutyAsking;
  constructor(by: Principal, asking: DutyAsking) {
    super();
    this.by = by;
    this.asking = asking;
  }
}

@CommandHandler(MakeDutyRequest)
export class MakeDutyRequestHandler implements ICommandHandler<MakeDutyRequest> {
  readonly #ports: HubPorts;
  readonly #feed: PolicyFeed;
  /** The request under way. */
  #last: Promise<unknown> = Promise.resolve();
  constructor(ports: HubPorts, feed: PolicyFeed) {
    this.#ports = ports;
    this.#feed = feed;
  }

  /** @throws Problem with the codes of `askUnderDuty`. */
  execute(command: MakeDutyRequest): Promise<DutyRequestView> {
    // one after another, so that many at once are counted as well
    const made = this.#last.then(() => this.#make(command));
    this.#last = made.catch(() => undefined);
    return made;
  }

  async #make({ by, asking }: MakeDutyRequest): Promise<DutyRequestView> {
    const at = this.#ports.clock.now();
    // random, so that an id tells nobody how many there are
    const id = randomBytes(16).toString('hex');
    const hub = { ports: this.#ports, feed: this.#feed };
    const state = await appendToRequest(hub, id, by, (_, policy) =>
      askUnderDuty(id, asking, by, { ...dutyWorldOf(policy, at), open: openOf(policy, by) }, at),
    );
    return dutyRequestView(state, at);
  }
}

const openOf = ({ dutyRequests }: CompiledPolicy, { agency }: Principal): number =>
  [...dutyRequests.values()].filter(({ by, status }) => by === agency && status === 'open').length;
