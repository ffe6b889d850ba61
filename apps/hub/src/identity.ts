import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { TrustedIssuer } from '#edge';
import { Problem } from '#kernel';
import { demoProvider, loadOrCreateDemoClients, type DemoIdentity, type WantedClient } from './demo-oidc/index.ts';
import { publicUrlOf, type HubSettings } from './settings.ts';

export interface Identity {
  readonly issuers: readonly TrustedIssuer[];
  readonly mount?: (instance: FastifyInstance) => void;
}

/** Whom the hub believes about who asks: configured issuers, and in the demo a provider of its own. */
export function identityOf(settings: HubSettings): Identity {
  const issuers =
    settings.issuersFile === '' ? [] : read<readonly TrustedIssuer[]>(settings.issuersFile, 'HUB_ISSUERS_FILE');
  if (settings.demoClientsFile === '') {
    if (issuers.length === 0) throw new Problem('setting-missing', { field: 'HUB_ISSUERS_FILE' });
    return { issuers };
  }
  const provider = demoProvider(publicUrlOf(settings), demoIdentityOf(settings));
  return { issuers: [...issuers, provider.trusted], mount: provider.mount };
}

/** Clients and keys of the demo's provider, made on the first call. @throws Problem `setting-invalid` where no demo is wanted. */
export function demoIdentityOf({ directory, demoClientsFile }: HubSettings): DemoIdentity {
  const wanted = read<readonly WantedClient[]>(demoClientsFile, 'HUB_DEMO_OIDC_CLIENTS');
  return loadOrCreateDemoClients(join(directory, 'demo-identity.json'), wanted);
}

function read<T>(file: string, field: string): T {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    throw new Problem('setting-invalid', { field });
  }
}
