import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** A proxy that destroys a connection, both sides, once so many bytes have gone through it to the server. */
export async function cuttingProxy(
  port: number,
  after: number,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((client) => {
    const behind = connect(port, '127.0.0.1');
    let passed = 0;
    const cut = (): void => {
      client.destroy();
      behind.destroy();
    };
    client.on('data', (chunk: Buffer) => {
      passed += chunk.length;
      if (passed > after) return cut();
      if (!behind.write(chunk)) {
        client.pause();
        behind.once('drain', () => client.resume());
      }
    });
    behind.pipe(client);
    client.on('error', cut).on('close', cut);
    behind.on('error', cut);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}
