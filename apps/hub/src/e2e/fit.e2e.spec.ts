import { Controller, Get, Module, type DynamicModule } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { Principal } from '#contracts';
import { AUDIENCE, Caller, createEdge, Operation, owned, published, type Edge } from '#edge';
import { Disclosed, EnrolAgency, enrolAgency, HubPorts, isRefused, PolicyFeed, ReadAuditEntries } from '#hub';
import type { AgencyId } from '#kernel';
import { HubModule } from '../hub.module.ts';
import { openPorts } from '../open-ports.ts';

const ISSUER = 'https://issuer.example';
const ASKER = 'county-analysts' as AgencyId;
const OTHER = 'county-police' as AgencyId;
const SECRET = 'planted-secret';

const declared = (id: string) =>
  Operation({ id: `planted.${id}`, kind: 'disclosure', roles: ['auditor'], summary: 'planted', purpose: false });
const principal = (agency: AgencyId, person = 'ann'): Principal => ({
  issuer: ISSUER,
  person,
  agency,
  roles: new Set(['auditor']),
});

/** A controller as a careless hand might write it. */
@Controller('planted')
class Careless {
  readonly #ports: HubPorts;
  readonly #commands: CommandBus;
  constructor(ports: HubPorts, commands: CommandBus) {
    this.#ports = ports;
    this.#commands = commands;
  }

  @Get('plain')
  @declared('plain')
  plain(): unknown {
    return { data: { rows: [SECRET] }, sharing: { agreements: [], disclosureId: 'x' } };
  }
  @Get('rendered')
  @declared('rendered')
  rendered(): unknown {
    return { status: 200, headers: { etag: '"x"', 'content-type': 'application/json' }, body: `{"data":"${SECRET}"}` };
  }
  @Get('rows')
  @declared('rows')
  async rows(): Promise<unknown> {
    const statuses = await this.#ports.models.status();
    return statuses.map((row) => ({ ...row, note: SECRET }));
  }
  @Get('text')
  @declared('text')
  text(): unknown {
    return SECRET;
  }
  @Get('nothing')
  @declared('nothing')
  nothing(): unknown {
    return undefined;
  }
  @Get('owned')
  @declared('owned')
  owned(@Caller() who: Principal): unknown {
    return owned(who.agency, { rows: SECRET });
  }
  @Get('published')
  @declared('published')
  published(): unknown {
    return published({ rows: SECRET });
  }
  @Get('own')
  @declared('own')
  own(@Caller() who: Principal): Promise<unknown> {
    return this.#answerFor(who);
  }
  @Get('agency')
  @declared('agency')
  agency(): Promise<unknown> {
    return this.#answerFor(principal(OTHER));
  }
  @Get('person')
  @declared('person')
  person(): Promise<unknown> {
    return this.#answerFor(principal(ASKER, 'bob'));
  }
  @Get('copy')
  @declared('copy')
  async copy(@Caller() who: Principal): Promise<unknown> {
    const answer = await this.#answerFor(who);
    return Object.assign(Object.create(Disclosed.prototype) as object, { ...answer, body: SECRET });
  }
  @Get('filled')
  @declared('filled')
  async filled(@Caller() who: Principal): Promise<unknown> {
    const answer = (await this.#answerFor(who)) as { body: string };
    answer.body = SECRET;
    return answer;
  }
  @Get('refused')
  @declared('refused')
  async refused(@Caller() who: Principal): Promise<unknown> {
    return { refused: { rule: SECRET }, disclosureId: who.person };
  }

  async #answerFor(who: Principal): Promise<Disclosed<unknown>> {
    const answer = await this.#commands.execute(new ReadAuditEntries(who, { limit: 10 }));
    if (isRefused(answer)) throw new Error('the auditor was refused');
    return answer;
  }
}

@Module({})
class WithCareless {
  static over(ports: HubPorts, feed: PolicyFeed): DynamicModule {
    const real = HubModule.over(ports, feed);
    return { ...real, controllers: [...(real.controllers ?? []), Careless] };
  }
}

describe('a route that answers past disclose', () => {
  let edge: Edge;
  let ports: HubPorts;
  let shut = async (): Promise<void> => undefined;
  let token = '';

  beforeAll(async () => {
    const directory = await mkdtemp(join(tmpdir(), 'svd-fit-'));
    const opened = await openPorts({ directory, checkpoints: join(directory, 'checkpoints') }, 'test');
    ports = opened.ports;
    const feed = new PolicyFeed(ports);
    for (const agency of [ASKER, OTHER]) {
      const by = { issuer: 'host', person: 'test', agency };
      const enrolment = {
        agency,
        name: agency,
        issuers: [ISSUER],
        roles: ['auditor' as const],
        capacities: [{ capacity: 'analysis-unit' as const, from: '2024-01-01' }],
      };
      await enrolAgency(ports, feed, new EnrolAgency(by, enrolment));
    }
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256' }] };
    token = await new SignJWT({ agency: ASKER, roles: ['auditor'] })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'k' })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setSubject('ann')
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(privateKey);
    edge = await createEdge(WithCareless.over(ports, feed), {
      publicUrl: 'http://hub.example',
      title: 'Planted',
      version: '1',
      issuers: [{ issuer: ISSUER, agencies: 'any', keys }],
      logLevel: 'silent',
    });
    shut = async () => {
      await edge.app.close();
      await opened.close();
      await rm(directory, { recursive: true, force: true });
    };
  }, 30_000);
  afterAll(() => shut());

  const ask = (path: string) =>
    edge.app.inject({ method: 'GET', url: `/planted/${path}`, headers: { authorization: `Bearer ${token}` } });

  it.each([
    'plain',
    'rendered',
    'rows',
    'text',
    'nothing',
    'owned',
    'published',
    'copy',
    'refused',
    'agency',
    'person',
  ])('tells nothing: %s', async (path) => {
    const answer = await ask(path);
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toEqual({
      type: '/problems/not-disclosable',
      title: 'The answer was not fit to leave',
      status: 503,
      correlationId: answer.headers['x-correlation-id'],
    });
    expect(JSON.stringify(answer.headers)).not.toContain(SECRET);
    expect(answer.headers['etag']).toBeUndefined();
  });

  it('tells nothing: a genuine answer with another body', async () => {
    const answer = await ask('filled');
    expect(answer.statusCode).toBe(503);
    expect(answer.body).not.toContain(SECRET);
  });

  it('answers with what disclose made for this person', async () => {
    const answer = await ask('own');
    expect(answer.statusCode).toBe(200);
    expect(answer.json<{ sharing: { purpose: string } }>().sharing.purpose).toBe('audit');
  });
});
