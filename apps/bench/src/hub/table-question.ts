import { requestBytes } from '../measure/connection.ts';
import type { Asking } from '../measure/load.ts';
import { caughtUp, modelsAre } from '../measure/models.ts';
import type { ChildHub } from './child-hub.ts';
import { freezeMonth, PURPOSE } from './govern.ts';
import { ANALYSTS } from './people.ts';

const CLIENTS = 16;

/** A table of a frozen release, as analysts ask for it, of the hub or of whatever answers at a port. */
export interface TableQuestion {
  readonly clients: number;
  asking(port: number): Asking;
  /** Length of the last answer's body. */
  readonly answerBytes: number;
}

/** Freezes `month`, once the models hold all that was published. */
export async function tableQuestion(hub: ChildHub, month: string): Promise<TableQuestion> {
  await modelsAre(hub, caughtUp);
  const release = await freezeMonth(hub, month);
  const path = `/v1/releases/${release}/table?rows=place.district&columns=category&purpose=${PURPOSE}`;
  const headers = { authorization: `Bearer ${await hub.as(ANALYSTS, 'analyst').token()}` };
  let answerBytes = 0;
  return {
    clients: CLIENTS,
    asking: (port) => ({
      port,
      clients: CLIENTS,
      request: () => requestBytes('GET', path, headers),
      check: ({ status, body }) => {
        if (status !== 200) throw new Error(`the question was answered ${status}: ${body.toString()}`);
        answerBytes = body.length;
      },
    }),
    get answerBytes() {
      return answerBytes;
    },
  };
}
