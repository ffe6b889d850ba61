import { Controller, Get } from '@nestjs/common';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ORDINARY_ROLES, type Principal, type Role } from '#contracts';
import { Caller, Operation, owned } from '#edge';
import { planted, POLICE, type Planted } from '../../../../../libs/edge/src/testing/planted.ts';
import { callers, EACH_ROLE } from './callers.ts';
import { expectedOf, type Cell, type Expected } from './cells.ts';
import { EXPECTATIONS } from './expectations.ts';
import { routeFaults } from './routes.ts';
import { report, run } from './run.ts';
import type { Row } from './words.ts';

/** A row of a table for the planted calls: an analyst of the agency, nobody else. */
const ROW: Row = {
  call: 'GET /planted',
  roles: ['analyst'],
  whose: 'own record',
  agreement: 'any',
  source: 'planted',
  when: 'now',
};
const AGENCY = { agency: POLICE, held: ORDINARY_ROLES };

function plantedAt(path: string, roles: readonly [Role, ...Role[]] | 'any') {
  @Controller()
  class Plant {
    @Get(path)
    @Operation({ id: `planted.${path}`, kind: 'own', roles, summary: 'planted', purpose: false })
    read(@Caller() who: Principal) {
      return owned(who.agency, { names: ['theirs'] });
    }
  }
  return Plant;
}

describe('the matrix', () => {
  let edge: Planted;
  beforeAll(async () => {
    edge = await planted([
      plantedAt('sound', ['analyst']),
      plantedAt('unguarded', 'any'),
      plantedAt('closed', ['steward']),
    ]);
  });
  afterAll(() => edge.close());

  const cellsAt = (path: string, more: Partial<Cell> = {}): readonly Cell[] =>
    callers([POLICE], EACH_ROLE).map((by) => ({
      call: ROW.call,
      by,
      about: path,
      sent: { method: 'GET', path: `/${path}` },
      expected: expectedOf(ROW, by, AGENCY, { own: true, allow: ['200'] }),
      ...more,
    }));
  const put = (cells: readonly Cell[]) =>
    run(cells, {
      url: edge.address,
      token: async ({ roles }) => (roles === 'no token' ? undefined : edge.token({ roles: [...roles] })),
    });
  const line = async (cells: readonly Cell[]): Promise<string> => report([await put(cells)]).split('\n')[0] ?? '';
  const asAnalyst = (expected: Expected): readonly Cell[] =>
    cellsAt('sound', { expected }).filter(({ by }) => by.roles !== 'no token' && by.roles.includes('analyst'));

  it('finds nothing where the guard is as the table says', async () => {
    expect(await line(cellsAt('sound'))).toBe('cells 11, wrongAllow 0, wrongDeny 0');
  });

  it('finds a route whose guard lets everyone in, and names each', async () => {
    const outcome = await put(cellsAt('unguarded'));
    const [first, ...wrong] = report([outcome]).split('\n');
    // seven ordinary roles, one of which may
    expect(first).toBe('cells 11, wrongAllow 6, wrongDeny 0');
    expect(wrong).toContain(
      'wrongAllow: GET /planted · county-police as publisher · unguarded: expected deny 403 role-required, got 200',
    );
  });

  it('finds a route whose guard keeps out whom the table names, and lets in whom it doesn’t', async () => {
    expect(await line(cellsAt('closed'))).toBe('cells 11, wrongAllow 1, wrongDeny 1');
  });

  it('finds an expectation that is wrong, in either way', async () => {
    expect(await line(asAnalyst({ deny: ['403 role-required'] }))).toBe('cells 1, wrongAllow 1, wrongDeny 0');
    expect(await line(asAnalyst({ allow: ['201'] }))).toBe('cells 1, wrongAllow 0, wrongDeny 1');
  });

  it('finds a denial for another reason than the table’s', async () => {
    const missing = cellsAt('none', { expected: { deny: ['403 role-required'] } });
    expect(await line(missing)).toBe('cells 11, wrongAllow 0, wrongDeny 11');
  });

  it('finds a denial that tells more than its reason', async () => {
    const server = createServer((_, answer) => {
      const told = { type: '/problems/role-required', title: 'Denied', status: 403, count: 12 };
      answer.writeHead(403, { 'content-type': 'application/problem+json', etag: '"12"' }).end(JSON.stringify(told));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const cells = asAnalyst({ deny: ['403 role-required'] });
    const { wrong, leaks } = await run(cells, { url: `http://127.0.0.1:${port}`, token: async () => undefined });
    await new Promise((resolve) => server.close(resolve));
    const named = 'GET /planted · county-police as analyst · sound: a denial with';
    expect([wrong, leaks]).toEqual([[], [`${named} count`, `${named} etag or location`]]);
  });

  it('finds an answer that holds what is another’s', async () => {
    const hiding = asAnalyst({ allow: ['200'] }).map((cell): Cell => ({ ...cell, hides: ['theirs'] }));
    expect(await line(hiding)).toBe('cells 1, wrongAllow 1, wrongDeny 0');
  });
});

describe('the table', () => {
  const calls = EXPECTATIONS.filter(({ when }) => when === 'now').map(({ call }) => call);

  it('names every call once, and where it may not be yet', () => {
    expect(routeFaults(calls, EXPECTATIONS)).toEqual([]);
  });

  it('misses a route that it has no row for', () => {
    expect(routeFaults([...calls, 'GET /v1/planted'], EXPECTATIONS)).toEqual([
      'GET /v1/planted: no row says who may make it',
    ]);
  });

  it('misses a call that is gone, and one that came too early', () => {
    expect(routeFaults(calls.slice(1), EXPECTATIONS)).toEqual([`${calls[0]}: the API has no such call`]);
    expect(routeFaults([...calls, 'GET /v1/feed'], EXPECTATIONS)).toEqual([
      'GET /v1/feed: of a later issue, its row says too little',
    ]);
    expect(routeFaults(calls, [...EXPECTATIONS, { ...ROW, call: calls[0] ?? '' }])).toEqual([`${calls[0]}: two rows`]);
  });
});
