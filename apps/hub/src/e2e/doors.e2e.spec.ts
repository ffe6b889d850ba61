import { ROLES, type Role } from '#contracts';
import { PROBLEMS } from '#edge';
import { countyHub, EVENT, NDJSON, police } from '../testing/county.ts';
import { openApiOf, operationsOf, type Listed } from '../testing/operations.ts';
import { hubUnderTest, type HubUnderTest } from '../testing/running-hub.ts';

/** Who may call what, as the API promises it; `any`: whoever holds a role, `none`: no sign-in. */
const MAY: Readonly<Record<string, readonly Role[] | 'any' | 'none'>> = {
  'events.publish': ['publisher'],
  'receipts.read': ['publisher'],
  'quarantine.list': ['publisher'],
  'quarantine.release': ['publisher'],
  'quarantine.discard': ['publisher'],
  'nil-returns.make': ['publisher'],
  'agencies.enrol': ['operator'],
  'agencies.list': 'any',
  'reference.offer': ['steward'],
  'reference.adopt': ['steward'],
  'reference.boundaries': 'any',
  'agreements.draft': ['steward'],
  'agreements.edit': ['steward'],
  'agreements.sign': ['signatory'],
  'agreements.list': 'any',
  'agreements.read': 'any',
  'agreements.text': 'any',
  'purposes.list': 'any',
  'register.read': 'none',
  'decisions.explain': 'any',
  'duty.ask': ['steward'],
  'duty.requests': ['steward'],
  'duty.request': ['steward'],
  'duty.answer': ['steward'],
  'duty.refuse': ['steward'],
  'duty.withdraw': ['steward'],
  'duty.returns': 'any',
  'agreements.version': 'any',
  'agreements.suspend': ['signatory', 'guardian'],
  'agreements.resume': ['signatory', 'guardian'],
  'agreements.end': ['signatory'],
  'agreements.rehearse': ['steward'],
  'releases.publish': ['steward'],
  'releases.list': ['analyst'],
  'releases.table': ['analyst'],
  'audit.entries': ['auditor'],
  'audit.bundle': ['auditor'],
  'log.checkpoint': ['auditor'],
  'log.inclusion': ['auditor'],
  'log.consistency': ['auditor'],
  'log.tile': ['auditor'],
  'log.entries': ['auditor'],
  'log.key': 'none',
  'projections.list': ['operator'],
  'projections.rebuild': ['operator'],
  'parked.list': ['operator'],
  'parked.retry': ['operator'],
  'parked.skip': ['operator'],
  'metrics.read': ['operator'],
  'health.live': 'none',
  'health.ready': 'none',
  'discovery.resource': 'none',
  'discovery.openapi': 'none',
  'discovery.docs': 'none',
  'discovery.docs-file': 'none',
  'discovery.problem': 'none',
};

describe('the doors', () => {
  let hub: HubUnderTest;
  let operations: readonly Listed[];
  beforeAll(async () => {
    hub = await countyHub({ agreement: false });
    operations = await operationsOf(hub);
  }, 60_000);
  afterAll(() => hub.close());

  it('are all in the document, which is OpenAPI 3.1', async () => {
    const { openapi } = await openApiOf(hub);
    expect(openapi).toBe('3.1.0');
    const listed = operations.map(({ operationId }) => operationId).sort();
    expect(listed).toEqual(hub.running.edge.operations.map(({ id }) => id).sort());
    expect(listed).toEqual(Object.keys(MAY).sort());
    for (const { operationId, signedIn } of operations)
      expect([operationId, signedIn]).toEqual([operationId, MAY[operationId] !== 'none']);
  });

  it.each([
    ['without a token', {}],
    ['with an empty one', { authorization: '' }],
    ['with another scheme', { authorization: 'Basic eDp5' }],
    ['with one that is none', { authorization: 'Bearer x.y.z' }],
    ['with one that nobody signed', { authorization: `Bearer ${unsigned()}` }],
  ])('are closed %s', async (_, headers) => {
    const closed = operations.filter(({ signedIn }) => signedIn);
    expect(closed.length).toBeGreaterThan(20);
    for (const { operationId, method, path } of closed) {
      const answer = await fetch(hub.url + path, { method, headers: headers as Record<string, string> });
      const { type } = (await answer.json()) as { type: string };
      expect([operationId, answer.status]).toEqual([operationId, 401]);
      expect(type).toMatch(/^\/problems\/token-(missing|invalid)$/);
      expect(answer.headers.get('www-authenticate')).toContain('/.well-known/oauth-protected-resource');
    }
  });

  it('are open to their roles and to no other', async () => {
    for (const operation of operations) {
      const { operationId, method, path, mediaTypes } = operation;
      const may = MAY[operationId] ?? [];
      for (const role of ROLES) {
        const headers = mediaTypes.includes(NDJSON['content-type']) ? EVENT : {};
        const body = method === 'GET' ? undefined : '{}';
        const answer = await hub.as(police.agency, role).call(method, path, body, headers);
        const where = `${operationId} as ${role}: ${answer.status} ${answer.text.slice(0, 200)}`;
        expect(answer.status < 500 ? '' : where).toBe('');
        const open = may === 'any' || may === 'none' || may.includes(role);
        if (open) expect(answer.text.startsWith('{"type":"/problems/role-required"') ? where : '').toBe('');
        else expect(answer.status === 403 || isUnknownRelease(operation, answer.status) ? '' : where).toBe('');
      }
    }
  });

  it('tell what each problem means', async () => {
    for (const code of Object.keys(PROBLEMS)) {
      const answer = await fetch(`${hub.url}/problems/${code}`);
      expect([code, answer.status]).toEqual([code, 200]);
    }
    for (const code of ['no-such', '__proto__', 'constructor', 'toString'])
      expect((await fetch(`${hub.url}/problems/${code}`)).status).toBe(404);
  });

  it('are closed to an agency that nobody enrolled, and to one whose issuer it is not', async () => {
    const enrolled = hub.as(police.agency, 'steward');
    expect((await enrolled.call('GET', '/v1/agencies')).status).toBe(200);
    const other = await hubUnderTest({ 'county-nobody': ['publisher'] });
    try {
      const answer = await other.as('county-nobody', 'publisher').call('GET', '/v1/agencies');
      expect([answer.status, answer.json()['type']]).toEqual([403, '/problems/agency-not-enrolled']);
      // the token of one hub's provider opens nothing at another
      const foreign = await fetch(`${hub.url}/v1/agencies`, {
        headers: { authorization: `Bearer ${await other.as('county-nobody', 'publisher').token()}` },
      });
      expect(foreign.status).toBe(401);
    } finally {
      await other.close();
    }
  }, 30_000);
});

/** What could never be answered is told before anything is decided: a table of a release that there is not. */
const isUnknownRelease = ({ operationId }: Listed, status: number): boolean =>
  operationId === 'releases.table' && (status === 404 || status === 400);

function unsigned(): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { iss: 'x', sub: 'x', aud: 'svd-hub', exp: 4e9, agency: 'county-police', roles: ['operator'] };
  return `${part({ alg: 'none', typ: 'at+jwt' })}.${part(claims)}.`;
}
