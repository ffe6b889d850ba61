import { Module, type Type } from '@nestjs/common';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWTPayload } from 'jose';
import type { AddressInfo } from 'node:net';
import { ORDINARY_ROLES, type Principal, type Role } from '#contracts';
import type { AgencyId } from '#kernel';
import {
  AGENCY_DIRECTORY,
  createEdge,
  edgeFit,
  FIT,
  READINESS,
  UNAUTHENTICATED,
  type Edge,
  type EdgeOptions,
  type Rendered,
} from '../index.ts';

export const ISSUER = 'https://issuer.example';
export const POLICE = 'county-police' as AgencyId;
export const COUNCIL = 'county-council' as AgencyId;

/** Stands for the hub's disclosed values: only this file makes one that fits. */
export class Told implements Rendered {
  readonly #told = true;
  readonly status = 200;
  readonly headers = { 'content-type': 'application/json', etag: '"1"' };
  readonly body: string;
  constructor(data: unknown) {
    this.body = JSON.stringify({ data });
  }
  static is(value: unknown): value is Told {
    return typeof value === 'object' && value !== null && #told in value && value.#told;
  }
}

export interface Planted {
  readonly edge: Edge;
  readonly address: string;
  readonly port: number;
  readonly unauthenticated: string[];
  readonly logged: string[];
  token(claims?: JWTPayload, header?: { alg?: string; typ?: string; kid?: string }): Promise<string>;
  readonly otherKey: CryptoKey;
  get(path: string, token?: string, init?: RequestInit): Promise<Response>;
  close(): Promise<void>;
}

/** A running edge with the given controllers behind it, and tokens for it. `held`: roles that the police may hold. */
export async function planted(
  controllers: Type[],
  { held = ORDINARY_ROLES, ...options }: Partial<EdgeOptions> & { readonly held?: readonly Role[] } = {},
): Promise<Planted> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const { privateKey: otherKey } = await generateKeyPair('ES256');
  const unauthenticated: string[] = [];
  const logged: string[] = [];
  const roles = (agency: AgencyId, issuer: string) =>
    agency === POLICE && issuer === ISSUER ? new Set(held) : undefined;
  @Module({
    controllers,
    providers: [
      { provide: AGENCY_DIRECTORY, useValue: { roles } },
      { provide: FIT, useValue: edgeFit((value: unknown, _principal: Principal): value is Rendered => Told.is(value)) },
      { provide: READINESS, useValue: { missing: () => [] } },
      { provide: UNAUTHENTICATED, useValue: { onUnauthenticated: (id: string) => unauthenticated.push(id) } },
    ],
  })
  class PlantedModule {}
  const edge = await createEdge(PlantedModule, {
    publicUrl: 'http://hub.example',
    title: 'Planted',
    version: '0',
    issuers: [
      {
        issuer: ISSUER,
        agencies: [POLICE, COUNCIL],
        keys: { keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256' }] },
      },
    ],
    logTo: { write: (line: string) => void logged.push(line) },
    ...options,
  });
  await edge.app.listen(0, '127.0.0.1');
  const { port } = edge.app.getHttpServer().address() as AddressInfo;
  const address = `http://127.0.0.1:${port}`;
  return {
    edge,
    address,
    port,
    unauthenticated,
    logged,
    otherKey,
    token: (claims = {}, header = {}) =>
      new SignJWT({
        agency: POLICE,
        roles: ['publisher'],
        sub: 'pat',
        aud: 'svd-hub',
        iss: ISSUER,
        exp: soon(),
        ...claims,
      })
        .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'k', ...header })
        .sign(privateKey),
    get: (path, token, init = {}) =>
      fetch(address + path, {
        ...init,
        headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...init.headers },
      }),
    close: () => edge.app.close(),
  };
}

export const soon = (): number => Math.floor(Date.now() / 1_000) + 300;
