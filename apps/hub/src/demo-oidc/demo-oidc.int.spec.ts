import { Controller, Get, Module } from '@nestjs/common';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROLES, type Principal } from '#contracts';
import {
  AGENCY_DIRECTORY,
  Authentication,
  Caller,
  createEdge,
  edgeFit,
  FIT,
  Operation,
  owned,
  READINESS,
  UNAUTHENTICATED,
  type Edge,
  type Rendered,
  type TrustedIssuer,
} from '#edge';
import { systemClock, type AgencyId } from '#kernel';
import { demoProvider, loadOrCreateDemoClients, type DemoIdentity, type WantedClient } from './index.ts';

const POLICE = 'county-police' as AgencyId;
const WANTED = [
  { agency: POLICE, roles: ['publisher'] as const },
  { agency: POLICE, roles: ['signatory'] as const, name: 'alex' },
];

@Controller()
class Plants {
  @Get('who')
  @Operation({ id: 'planted.who', kind: 'own', roles: 'any', summary: 'planted', purpose: false })
  who(@Caller() who: Principal) {
    return owned(who.agency, { ...who, roles: [...who.roles] });
  }
}
@Module({
  controllers: [Plants],
  providers: [
    { provide: AGENCY_DIRECTORY, useValue: { roles: () => new Set(ROLES) } },
    { provide: FIT, useValue: edgeFit((_value): _value is Rendered => false) },
    { provide: READINESS, useValue: { missing: () => [] } },
    { provide: UNAUTHENTICATED, useValue: { onUnauthenticated: () => undefined } },
  ],
})
class PlantedModule {}

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

describe("the demo's identity provider", () => {
  const folder = mkdtempSync(join(tmpdir(), 'demo-oidc-'));
  const file = join(folder, 'data', 'demo-identity.json');
  let identity: DemoIdentity;
  let url: string;
  let edge: Edge;
  beforeAll(async () => {
    identity = loadOrCreateDemoClients(file, WANTED);
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const { mount, trusted } = demoProvider(url, identity);
    const about = { publicUrl: url, title: 'Planted', version: '0', logLevel: 'silent' } as const;
    edge = await createEdge(PlantedModule, { ...about, issuers: [trusted], mount });
    await edge.app.listen(port, '127.0.0.1');
  });
  afterAll(async () => {
    await edge.app.close();
    rmSync(folder, { recursive: true });
  });

  const tokenFor = (id: string, secret: string, more: Record<string, string> = {}) =>
    fetch(`${url}/oidc/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', ...more }),
    });

  it('keeps its secrets to its owner and to itself', () => {
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(loadOrCreateDemoClients(file, WANTED)).toEqual(identity);
    const more = loadOrCreateDemoClients(file, [...WANTED, { agency: POLICE, roles: ['analyst'] }]);
    expect(more.clients.slice(0, 2)).toEqual(identity.clients);
    expect(more.clients.map(({ client_id }) => client_id)).toEqual([
      'county-police.publisher',
      'county-police.alex',
      'county-police.analyst',
    ]);
    expect(more.keys).toEqual(identity.keys);
    expect(readFileSync(file, 'utf8')).toContain(more.clients[2]?.client_secret);
    const stranger = { agency: POLICE, roles: ['root'] } as unknown as WantedClient;
    expect(() => loadOrCreateDemoClients(file, [stranger])).toThrow('setting-invalid');
    chmodSync(file, 0o644);
    expect(() => loadOrCreateDemoClients(file, WANTED)).toThrow('demo-identity-unsafe');
    chmodSync(file, 0o600);
  });

  it('is found from the hub, signs in a client, and the hub knows it', async () => {
    const metadata = (await (await fetch(`${url}/.well-known/oauth-protected-resource`)).json()) as {
      authorization_servers: string[];
    };
    expect(metadata.authorization_servers).toEqual([`${url}/oidc`]);
    const found = (await (
      await fetch(`${url}/oidc/.well-known/openid-configuration`, {
        headers: { 'x-forwarded-host': 'elsewhere.example' },
      })
    ).json()) as { issuer: string; token_endpoint: string; jwks_uri: string };
    expect(found).toMatchObject({
      issuer: `${url}/oidc`,
      token_endpoint: `${url}/oidc/token`,
      jwks_uri: `${url}/oidc/jwks`,
    });
    const keys = (await (await fetch(found.jwks_uri)).json()) as { keys: object[] };
    expect(keys.keys).toHaveLength(1);
    expect(Object.keys(keys.keys[0] ?? {})).not.toContain('d');

    for (const client of identity.clients) {
      const answer = await tokenFor(client.client_id, client.client_secret);
      const { access_token, token_type } = (await answer.json()) as { access_token: string; token_type: string };
      expect([answer.status, token_type]).toEqual([200, 'Bearer']);
      const who = await fetch(`${url}/who`, { headers: { authorization: `Bearer ${access_token}` } });
      expect(await who.json()).toEqual({
        issuer: `${url}/oidc`,
        person: client.client_id,
        agency: POLICE,
        roles: client.roles,
      });
    }
  });

  it('is trusted by its published keys as well, and its silence is an outage', async () => {
    const { trusted } = demoProvider(url, identity);
    const { issuer, agencies } = trusted;
    const [client] = identity.clients;
    const answer = await tokenFor(client?.client_id ?? '', client?.client_secret ?? '');
    const { access_token } = (await answer.json()) as { access_token: string };
    const remote = new Authentication([{ issuer, agencies, jwksUri: `${issuer}/jwks` }], systemClock);
    expect((await remote.principal(`Bearer ${access_token}`)).person).toBe(client?.client_id);
    const silent = new Authentication(
      [{ issuer, agencies, jwksUri: `http://127.0.0.1:${await freePort()}/jwks` }],
      systemClock,
    );
    await expect(silent.principal(`Bearer ${access_token}`)).rejects.toMatchObject({ code: 'issuer-unavailable' });
    const lost = new Authentication([{ issuer, agencies, jwksUri: `${issuer}/nowhere` }], systemClock);
    await expect(lost.principal(`Bearer ${access_token}`)).rejects.toMatchObject({ code: 'issuer-unavailable' });
    for (const unsafe of [
      { issuer, agencies },
      { issuer, agencies, jwksUri: 'http://elsewhere.example/jwks' },
      { issuer, jwksUri: `${issuer}/jwks` } as TrustedIssuer,
    ]) {
      expect(() => new Authentication([unsafe], systemClock)).toThrow('setting-invalid');
    }
  });

  it('signs in nobody else', async () => {
    const [client] = identity.clients;
    expect((await tokenFor('county-police.publisher', 'guess')).status).toBe(401);
    expect((await tokenFor('nobody', 'guess')).status).toBe(401);
    const secret = client?.client_secret ?? '';
    expect((await tokenFor('county-police.publisher', secret, { resource: 'urn:elsewhere' })).status).toBe(400);
    expect((await tokenFor('county-police.publisher', secret, { grant_type: 'password' })).status).toBe(400);
  });

  it.each([
    ['GET', '/oidc/token'],
    ['POST', '/oidc/nowhere'],
    ['GET', '/oidc/auth?client_id=%00'],
    ['GET', '/oidc//../token'],
    ['PUT', '/oidc/token'],
  ])('answers %s %s without a fault', async (method, path) => {
    const answer = await fetch(url + path, { method });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
  });
});
