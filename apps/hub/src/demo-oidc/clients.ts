import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { ROLES, type Role } from '#contracts';
import { isAgencyId, Problem, type AgencyId } from '#kernel';

/** One person of the demo: a client that signs in with a secret of its own. */
export interface DemoClient {
  readonly client_id: string;
  readonly client_secret: string;
  readonly agency: AgencyId;
  readonly roles: readonly Role[];
}
export interface WantedClient {
  readonly agency: AgencyId;
  readonly roles: readonly Role[];
  /** Tells two people with the same roles apart; the roles themselves when absent. */
  readonly name?: string;
}
/** Everything secret of the demo's provider, as kept in its file. */
export interface DemoIdentity {
  readonly clients: readonly DemoClient[];
  /** Private ES256 keys (JWK), newest first. */
  readonly keys: readonly SigningKey[];
  readonly cookieKey: string;
}
/** JWK of an EC private key (RFC 7518 §6.2). */
export interface SigningKey {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
  readonly d: string;
  readonly kid: string;
  readonly use: 'sig';
  readonly alg: 'ES256';
}

/**
 * The clients and keys in `file`, made on the first call and completed when more are wanted; those already there keep
 * their secrets. The file is readable by its owner alone (0600).
 * @throws Problem `setting-invalid` for a wanted client that names no agency or an unknown role,
 * `demo-identity-unsafe` when others can read it, `demo-identity-invalid` when it isn't ours.
 */
export function loadOrCreateDemoClients(file: string, wanted: readonly WantedClient[]): DemoIdentity {
  if (!wanted.every(isWanted)) throw new Problem('setting-invalid', { field: 'clients' });
  const kept = load(file);
  const ids = new Set(kept?.clients.map((client) => client.client_id));
  const added = wanted.filter((want) => !ids.has(clientId(want))).map(newClient);
  if (kept !== undefined && added.length === 0) return kept;
  const identity: DemoIdentity =
    kept === undefined
      ? { clients: added, keys: [newKey()], cookieKey: randomBytes(32).toString('base64url') }
      : { ...kept, clients: [...kept.clients, ...added] };
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // another process may have been first: then its file is the one that counts
  return write(file, identity, kept === undefined) ? identity : loadOrCreateDemoClients(file, wanted);
}

const clientId = ({ agency, roles, name }: WantedClient): string => `${agency}.${name ?? roles.join('.')}`;
const newClient = (want: WantedClient): DemoClient => ({
  client_id: clientId(want),
  client_secret: randomBytes(32).toString('base64url'),
  agency: want.agency,
  roles: want.roles,
});

function newKey(): SigningKey {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '', d = '' } = privateKey.export({ format: 'jwk' });
  return { kty: 'EC', crv: 'P-256', x, y, d, kid: randomUUID(), use: 'sig', alg: 'ES256' };
}

function load(file: string): DemoIdentity | undefined {
  let text: string;
  try {
    if ((statSync(file).mode & 0o077) !== 0) throw new Problem('demo-identity-unsafe');
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  const identity = parsed(text);
  if (identity === undefined) throw new Problem('demo-identity-invalid');
  return identity;
}

function parsed(text: string): DemoIdentity | undefined {
  try {
    const identity = JSON.parse(text) as Partial<DemoIdentity> | null;
    const { clients, keys, cookieKey } = identity ?? {};
    const whole = Array.isArray(clients) && clients.every(isClient) && Array.isArray(keys) && keys.length > 0;
    return whole && typeof cookieKey === 'string' ? (identity as DemoIdentity) : undefined;
  } catch {
    return undefined;
  }
}

const isClient = (client: Partial<DemoClient> | null): boolean =>
  typeof client?.client_id === 'string' &&
  typeof client.client_secret === 'string' &&
  isAgencyId(client.agency) &&
  Array.isArray(client.roles) &&
  client.roles.every(isRole);

const isRole = (role: unknown): role is Role => ROLES.some((known) => known === role);

/** Read from a file: its type is a wish until here. */
const isWanted = ({ agency, roles, name }: Partial<WantedClient>): boolean =>
  isAgencyId(agency) &&
  Array.isArray(roles) &&
  roles.length > 0 &&
  roles.every(isRole) &&
  (name === undefined || /^[a-z0-9][a-z0-9.-]{0,39}$/.test(name));

/** Whole or not at all. False when `first` and the file exists by now. */
function write(file: string, identity: DemoIdentity, first: boolean): boolean {
  const part = `${file}.${randomUUID()}`;
  const fd = openSync(part, 'wx', 0o600);
  try {
    writeSync(fd, JSON.stringify(identity, null, 2) + '\n');
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  try {
    if (first) linkSync(part, file);
    else renameSync(part, file);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    rmSync(part, { force: true });
  }
}

const hasCode = (error: unknown, code: string): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === code;
