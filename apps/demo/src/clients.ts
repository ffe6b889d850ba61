import { join } from 'node:path';
import { openHub } from '#transport';
import { loadOrCreateDemoClients, type DemoClient } from '../../hub/src/demo-oidc/clients.ts';
import { clientId, WANTED_CLIENTS } from './agencies.ts';
import type { SignIn } from './answers.ts';

/** Where the demo's own sign-in provider keeps its clients and keys, readable by their owner alone. */
export const identityFile = (directory: string): string => join(directory, 'demo-identity.json');
/** Every client that can sign in, with its secret; made on the first call. */
export const clientsOf = (directory: string): readonly DemoClient[] =>
  loadOrCreateDemoClients(identityFile(directory), WANTED_CLIENTS).clients;

/** Every agency's people, each with a client of their own. @throws RangeError for an agency or role that has none */
export function signInAt(url: string, clients: readonly DemoClient[]): SignIn {
  const hubs = new Map(
    clients.map(({ client_id, client_secret }) => [
      client_id,
      openHub({ url, clientId: client_id, clientSecret: client_secret }),
    ]),
  );
  return (agency, role) => {
    const hub = hubs.get(clientId(agency, role));
    if (hub === undefined) throw new RangeError(`no ${role} at ${agency}`);
    return hub;
  };
}
