import type { ChildHub } from '../hub/child-hub.ts';
import { Connection, ConnectionLost, requestBytes, type Answer } from '../measure/connection.ts';
import type { ReceivedAnswer } from './answers-on-record.ts';
import { permitted, refused, type QuestionKind } from './question-kinds.ts';

export interface Life {
  /** Aborted just before the hub is killed: what breaks before is a fault. */
  readonly signal: AbortSignal;
  readonly random: () => number;
  /** Called as each question is sent. */
  readonly sent?: () => void;
}

/** Clients that ask, through many lives of one hub, and what they received. */
export class Askers {
  readonly answers: ReceivedAnswer[] = [];
  readonly byStatus = new Map<number, number>();
  /** Answers of which a part had come when the connection broke. */
  partly = 0;
  /** Questions of whose answer nothing came. */
  unanswered = 0;
  /** 503: no answer. */
  unavailable = 0;
  readonly #hub: ChildHub;
  readonly #kinds: readonly QuestionKind[];

  constructor(hub: ChildHub, kinds: readonly QuestionKind[]) {
    this.#hub = hub;
    this.#kinds = kinds;
  }

  /** Fetches what tokens are due, so that a kill never falls on that. */
  async signIn(): Promise<void> {
    await this.#requests();
  }

  /** Asks on so many connections at once until the hub is gone. @throws Error on what is no answer to the question. */
  async ask(clients: number, life: Life): Promise<void> {
    const requests = await this.#requests();
    await Promise.all(Array.from({ length: clients }, () => this.#client(requests, life)));
  }

  async #requests(): Promise<readonly { readonly kind: QuestionKind; readonly bytes: Buffer }[]> {
    return Promise.all(
      this.#kinds.map(async (kind) => {
        const authorization = `Bearer ${await this.#hub.as(kind.agency, kind.role).token()}`;
        return { kind, bytes: requestBytes('GET', kind.path, { ...kind.headers, authorization }) };
      }),
    );
  }

  async #client(
    requests: readonly { readonly kind: QuestionKind; readonly bytes: Buffer }[],
    { signal, random, sent = () => undefined }: Life,
  ): Promise<void> {
    let connection: Connection | undefined;
    try {
      connection = await Connection.open(this.#hub.port);
      while (!signal.aborted) {
        const { kind, bytes } = requests[Math.floor(random() * requests.length)] as (typeof requests)[number];
        const asking = connection.ask(bytes);
        sent();
        this.#received(kind, await asking);
      }
    } catch (error) {
      if (!(error instanceof ConnectionLost && signal.aborted)) throw error;
      if (error.received > 0) this.partly++;
      else if (connection !== undefined) this.unanswered++;
    } finally {
      connection?.close();
    }
  }

  #received(kind: QuestionKind, answer: Answer): void {
    if (answer.status === 503) {
      this.unavailable++;
      return;
    }
    if (answer.status !== kind.status)
      throw new Error(`${kind.path} was answered ${answer.status}: ${answer.body.toString()}`);
    this.byStatus.set(answer.status, (this.byStatus.get(answer.status) ?? 0) + 1);
    this.answers.push({ ...kind.recorded, ...toldBy(answer) });
  }
}

const CSV_ID = /,([0-9a-f]{32})\r\n$/;
/** Id and decision as far as the answer itself tells them. @throws Error when an answer that must bear an id has none. */
function toldBy({ status, body }: Answer): Pick<ReceivedAnswer, 'disclosureId'> & { readonly decision?: string } {
  if (status === 304) return {};
  const text = body.toString('utf8');
  const inCsv = CSV_ID.exec(text)?.[1];
  if (inCsv !== undefined) return { disclosureId: inCsv };
  const said = JSON.parse(text) as {
    readonly type?: string;
    readonly rule?: string;
    readonly disclosureId?: string;
    readonly sharing?: {
      readonly disclosureId: string;
      readonly agreements: readonly { readonly id: string; readonly version: number }[];
    };
  };
  if (status === 200 && said.sharing !== undefined)
    return { disclosureId: said.sharing.disclosureId, decision: permitted(said.sharing.agreements) };
  if (status === 403 && said.disclosureId !== undefined && said.rule !== undefined)
    return { disclosureId: said.disclosureId, decision: refused(said.rule) };
  if (status === 400 || status === 404) return { decision: refused(String(said.type?.replace('/problems/', ''))) };
  throw new Error(`an answer without an id: ${status} ${text}`);
}
