import type { IncomingMessage } from 'node:http';
import { Problem } from '#kernel';
import { open, refusalOf, type Sending, whole } from './wire.ts';

/**
 * The body of an answer of 200 as it comes, no faster than it is taken. It ends only where the answer did.
 * @throws Problem `hub-unreachable` on a connection that broke, also midway; `hub-refused`, `hub-rejected` or `hub-busy` on any other status
 */
export async function* stream(sending: Omit<Sending, 'body'>): AsyncGenerator<Uint8Array, void, undefined> {
  const request = open(sending, false);
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request.on('error', () => reject(new Problem('hub-unreachable')));
      request.once('response', resolve);
      request.end();
    });
    if (response.statusCode !== 200) throw refusalOf(await whole(response));
    const chunks = (response as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
    for (;;) {
      const next = await chunks.next().catch(() => {
        throw new Problem('hub-unreachable');
      });
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    request.destroy();
  }
}
