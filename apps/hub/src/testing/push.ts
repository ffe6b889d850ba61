import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import type { HubUnderTest, Persona } from './running-hub.ts';

export interface PushLine extends Record<string, unknown> {
  readonly line?: number;
  readonly status?: string;
  readonly done?: true;
}
/** An NDJSON push whose two directions are driven apart from one another. */
export interface OpenPush {
  write(text: string): void;
  end(): void;
  /** Breaks the connection off. */
  cut(): void;
  /** Status of the answer, once it begins. */
  status(): Promise<number>;
  /** The next line of the answer; `undefined` after the last, whether it ended well or was cut. */
  next(): Promise<PushLine | undefined>;
  rest(): Promise<readonly PushLine[]>;
}

export async function openPush(hub: HubUnderTest, who: Persona): Promise<OpenPush> {
  const headers = {
    authorization: `Bearer ${await who.token()}`,
    'content-type': 'application/x-ndjson',
    'transfer-encoding': 'chunked',
  };
  const outgoing: ClientRequest = request(`${hub.url}/v1/events`, { method: 'POST', headers });
  outgoing.on('error', () => undefined);
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once('response', resolve);
    outgoing.once('error', reject);
  });
  answered.catch(() => undefined);
  const lines = linesOf(answered);
  const next = async () => (await lines.next()).value;
  return {
    write: (text) => void outgoing.write(text),
    end: () => void outgoing.end(),
    cut: () => void outgoing.destroy(),
    status: async () => (await answered).statusCode ?? 0,
    next,
    rest: async () => {
      const all: PushLine[] = [];
      for (let line = await next(); line !== undefined; line = await next()) all.push(line);
      return all;
    },
  };
}

async function* linesOf(answered: Promise<IncomingMessage>): AsyncGenerator<PushLine, undefined> {
  let kept = '';
  try {
    for await (const piece of await answered) {
      kept += String(piece);
      const whole = kept.split('\n');
      kept = whole.pop() ?? '';
      for (const line of whole) yield JSON.parse(line) as PushLine;
    }
  } catch {
    // a cut connection: what came before it was yielded
  }
  return undefined;
}
