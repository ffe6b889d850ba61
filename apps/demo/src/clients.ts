import { openHub } from '#transport';
import { clientId } from './agencies.ts';
import type { SignIn } from './answers.ts';

/** Someone who can sign in at the demo's own provider. */
export interface DemoClient {
  readonly client_id: string;
  readonly client_secret: string;
  readonly agency: string;
  readonly roles: readonly string[];
}

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
