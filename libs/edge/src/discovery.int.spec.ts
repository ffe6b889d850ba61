import { ROLES } from '#contracts';
import { PROBLEMS } from './problem-table.ts';
import { ISSUER, planted, type Planted } from './testing/planted.ts';

describe('what an outsider begins with', () => {
  let hub: Planted;
  beforeAll(async () => {
    hub = await planted([], { held: ROLES });
  });
  afterAll(() => hub.close());

  it('says where to sign in', async () => {
    const answer = await hub.get('/.well-known/oauth-protected-resource');
    expect(await answer.json()).toMatchObject({ resource: 'http://hub.example', authorization_servers: [ISSUER] });
  });

  it('documents each operation in OpenAPI 3.1', async () => {
    const document = (await (await hub.get('/openapi.json')).json()) as {
      openapi: string;
      paths: Record<
        string,
        Record<string, { operationId: string; security?: object[]; responses: Record<string, unknown> }>
      >;
    };
    expect(document.openapi).toBe('3.1.0');
    const documented = Object.values(document.paths).flatMap((path) =>
      Object.values(path).map(({ operationId }) => operationId),
    );
    expect(documented.sort()).toEqual(hub.edge.operations.map(({ id }) => id).sort());
    expect(document.paths['/metrics']?.['get']).toMatchObject({ security: [{ bearer: [] }] });
    expect(Object.keys(document.paths['/metrics']?.['get']?.responses ?? {})).toEqual([
      '200',
      '400',
      '401',
      '403',
      '503',
    ]);
    expect(document.paths['/health/live']?.['get']?.security).toBeUndefined();
  });

  it('serves its pages from itself, under a strict policy', async () => {
    const page = await hub.get('/docs');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'; script-src 'self';");
    const html = await page.text();
    for (const [, address] of html.matchAll(/(?:src|href)="([^"]+)"/g)) {
      expect(address).toMatch(/^\//);
      const part = await hub.get(address ?? '');
      expect([address, part.status]).toEqual([address, 200]);
      await part.arrayBuffer();
    }
    expect(html).not.toMatch(/<script>|style=/);
    expect((await hub.get('/docs/..%2f..%2fpackage.json')).status).toBe(404);
    expect((await hub.get('/docs/constructor')).status).toBe(404);
  });

  it('explains every problem at its own address', async () => {
    for (const [code, kind] of Object.entries(PROBLEMS)) {
      expect(await (await hub.get(`/problems/${code}`)).json()).toEqual({ type: `/problems/${code}`, ...kind });
    }
    expect((await hub.get('/problems/toString')).status).toBe(404);
  });

  it('shows metrics to an operator alone, and no agency in them', async () => {
    expect((await hub.get('/metrics')).status).toBe(401);
    expect((await hub.get('/metrics', await hub.token())).status).toBe(403);
    const answer = await hub.get('/metrics', await hub.token({ roles: ['operator'] }));
    const text = await answer.text();
    expect(answer.status).toBe(200);
    expect(text).toContain('svd_http_requests_total{operation="metrics.read",status="403"} 1');
    expect(text).not.toContain('county-police');
  });
});
