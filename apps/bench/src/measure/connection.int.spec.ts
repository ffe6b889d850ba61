import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Connection, requestBytes } from './connection.ts';

describe('a connection', () => {
  const server = createServer((request, response) => {
    response.end(`you asked for ${request.url}`);
  });
  let port: number;
  beforeAll(async () => {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    ({ port } = server.address() as AddressInfo);
  });
  afterAll(() => server.close());

  it('is asked again and again', async () => {
    const connection = await Connection.open(port);
    for (const path of ['/a', '/b']) {
      const { status, body } = await connection.ask(requestBytes('GET', path, {}));
      expect([status, body.toString()]).toEqual([200, `you asked for ${path}`]);
    }
    connection.close();
  });

  it('fails, and does not wait for ever, when the server closed it while it was idle', async () => {
    const accepted = once(server, 'connection');
    const connection = await Connection.open(port);
    const [socket] = (await accepted) as [Socket];
    await connection.ask(requestBytes('GET', '/', {}));
    socket.destroy();
    await expect(
      (async () => {
        for (;;) await connection.ask(requestBytes('GET', '/', {}));
      })(),
    ).rejects.toThrow();
    await expect(connection.ask(requestBytes('GET', '/', {}))).rejects.toThrow();
  });
});
