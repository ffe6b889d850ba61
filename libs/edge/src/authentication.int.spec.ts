import { Controller, Get } from '@nestjs/common';
import { SignJWT } from 'jose';
import type { Principal } from '#contracts';
import { instant } from '#kernel';
import { Caller } from './arguments.ts';
import { Operation } from './operation.ts';
import { operational, owned } from './results.ts';
import { COUNCIL, ISSUER, planted, POLICE, soon, Told, type Planted } from './testing/planted.ts';

@Controller()
class Plants {
  @Get('own')
  @Operation({ id: 'planted.own', kind: 'own', roles: ['publisher'], summary: 'planted', purpose: false })
  own(@Caller() who: Principal) {
    return owned(who.agency, { agency: who.agency, person: who.person, issuer: who.issuer, roles: [...who.roles] });
  }
  @Get('steward')
  @Operation({ id: 'planted.steward', kind: 'own', roles: ['steward'], summary: 'planted', purpose: false })
  steward(@Caller() who: Principal) {
    return owned(who.agency, {});
  }
  @Get('asked')
  @Operation({ id: 'planted.asked', kind: 'disclosure', roles: ['analyst'], summary: 'planted', purpose: true })
  asked() {
    return new Told('asked');
  }
  @Get('any')
  @Operation({ id: 'planted.any', kind: 'own', roles: 'any', summary: 'planted', purpose: false })
  any(@Caller() who: Principal) {
    return owned(who.agency, {});
  }
  @Get('auditor')
  @Operation({ id: 'planted.auditor', kind: 'own', roles: ['auditor', 'operator'], summary: 'planted', purpose: false })
  auditor(@Caller() who: Principal) {
    return owned(who.agency, {});
  }
  @Get('open')
  @Operation({ id: 'planted.open', kind: 'operations', roles: 'none', summary: 'planted', purpose: false })
  open() {
    return operational({});
  }
}

describe('authentication', () => {
  let now = Date.now();
  let hub: Planted;
  beforeAll(async () => {
    hub = await planted([Plants], { clock: { now: () => instant(now) } });
  });
  beforeEach(() => {
    now = Date.now();
  });
  afterAll(() => hub.close());
  const code = async (answer: Response) => ((await answer.json()) as { type: string }).type;

  it('knows the person by issuer and subject, with agency and roles', async () => {
    const answer = await hub.get('/own', await hub.token());
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ agency: POLICE, person: 'pat', issuer: ISSUER, roles: ['publisher'] });
  });

  it('asks for a token and says where to get one', async () => {
    const answer = await hub.get('/own');
    expect([answer.status, await code(answer)]).toEqual([401, '/problems/token-missing']);
    expect(answer.headers.get('www-authenticate')).toBe(
      'Bearer realm="svd-hub", resource_metadata="http://hub.example/.well-known/oauth-protected-resource"',
    );
  });

  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const claims = () => ({ agency: POLICE, roles: ['publisher'], sub: 'pat', aud: 'svd-hub', iss: ISSUER, exp: soon() });
  const none = () => `${encode({ alg: 'none', typ: 'at+jwt' })}.${encode(claims())}.`;
  const symmetric = () =>
    new SignJWT(claims())
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
      .sign(new TextEncoder().encode('x'.repeat(32)));
  const tampered = async () => {
    const [head, , sign] = (await hub.token()).split('.');
    return `${head}.${encode({ ...claims(), roles: ['steward'] })}.${sign}`;
  };
  const foreign = () =>
    new SignJWT(claims()).setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'k' }).sign(hub.otherKey);

  it.each<[string, () => string | Promise<string>]>([
    ['no algorithm', none],
    ['a symmetric algorithm', symmetric],
    ['other claims than were signed', tampered],
    ['the key of another', foreign],
    ['another audience', () => hub.token({ aud: 'other' })],
    ['another type', () => hub.token({}, { typ: 'JWT' })],
    ['an expiry that has passed', () => hub.token({ exp: soon() - 600 })],
    ['a start that has not come', () => hub.token({ nbf: soon() })],
    ['an unknown issuer', () => hub.token({ iss: 'https://other.example' })],
    ['an agency that the issuer may not assert', () => hub.token({ agency: 'county-prison' })],
    ['an agency that is no name', () => hub.token({ agency: '../x' })],
    ['an unknown role', () => hub.token({ roles: ['publisher', 'root'] })],
    ['roles that are no list', () => hub.token({ roles: 'publisher' })],
    ['an empty subject', () => hub.token({ sub: '' })],
    ['nothing that is a token', () => 'a.b.c'],
    ['a token that is too long', () => 'a'.repeat(9_000)],
  ])('refuses %s', async (_name, token) => {
    hub.unauthenticated.length = 0;
    const answer = await hub.get('/own', await token());
    expect([answer.status, await code(answer)]).toEqual([401, '/problems/token-invalid']);
    expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"');
    expect(hub.unauthenticated).toEqual(['planted.own']);
  });

  it('refuses an agency that is not enrolled under the issuer', async () => {
    const answer = await hub.get('/own', await hub.token({ agency: COUNCIL }));
    expect([answer.status, await code(answer)]).toEqual([403, '/problems/agency-not-enrolled']);
  });

  it('refuses a role that is not held, but lets a disclosure through to be refused and recorded', async () => {
    const token = await hub.token();
    const steward = await hub.get('/steward', token);
    expect([steward.status, await code(steward)]).toEqual([403, '/problems/role-required']);
    expect((await hub.get('/asked', token)).status).toBe(200);
  });

  it('believes no issuer that makes its people auditors or operators where the enrolment does not', async () => {
    const token = await hub.token({ roles: ['auditor', 'operator', 'publisher'] });
    const refused = await hub.get('/auditor', token);
    expect([refused.status, await code(refused)]).toEqual([403, '/problems/role-required']);
    expect(await (await hub.get('/own', token)).json()).toMatchObject({ roles: ['publisher'] });
    const alone = await hub.get('/any', await hub.token({ roles: ['auditor', 'operator'] }));
    expect([alone.status, await code(alone)]).toEqual([403, '/problems/role-required']);
  });

  it('asks for a role even where any will do', async () => {
    expect((await hub.get('/any', await hub.token())).status).toBe(200);
    const answer = await hub.get('/any', await hub.token({ roles: [] }));
    expect([answer.status, await code(answer)]).toEqual([403, '/problems/role-required']);
  });

  it('needs no token where no sign-in is declared, and looks at none', async () => {
    expect((await hub.get('/open', 'rubbish')).status).toBe(200);
  });

  it('never remembers a token past its expiry', async () => {
    const token = await hub.token({ exp: soon() - 270 });
    expect((await hub.get('/own', token)).status).toBe(200);
    now += 45_000;
    expect((await hub.get('/own', token)).status).toBe(401);
  });
});
