import { createPublicKey, hash, verify } from 'node:crypto';
import { canonicalJson } from '#kernel';
import { analysts, countyHub, incident, police, publishAll } from '../testing/county.ts';
import { expectStatus, told } from '../testing/govern.ts';
import { HOST, type Answered, type HubUnderTest } from '../testing/running-hub.ts';

interface Proof {
  readonly index: string;
  readonly size: string;
  readonly hashes: readonly string[];
  readonly checkpoint: string;
  readonly leaf: string;
  readonly opening: {
    readonly nonce: string;
    readonly stream: string;
    readonly metadata: string;
    readonly type: string;
  };
}
interface Receipt {
  readonly source: string;
  readonly id: string;
  readonly position: string;
  readonly recordedTime: string;
  readonly proof?: Proof;
}

const sha = (...parts: readonly Uint8Array[]): Buffer => hash('sha256', Buffer.concat(parts), 'buffer');
const leafHash = (leaf: string): Buffer => sha(Buffer.of(0), Buffer.from(leaf));
const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer => sha(Buffer.of(1), left, right);
const bytes = (base64: string): Buffer => Buffer.from(base64, 'base64');

/** RFC 9162 §2.1.3.2, as it stands there. */
function rootFrom(leaf: Buffer, index: number, size: number, path: readonly Buffer[]): Buffer {
  let [fn, sn, root] = [index, size - 1, leaf];
  for (const p of path) {
    if (sn === 0) throw new Error('the path is too long');
    if (fn % 2 === 1 || fn === sn) {
      root = nodeHash(p, root);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn >> 1, sn >> 1];
    } else root = nodeHash(root, p);
    [fn, sn] = [fn >> 1, sn >> 1];
  }
  if (sn !== 0) throw new Error('the path is too short');
  return root;
}
function commitmentOf(parts: readonly (string | Uint8Array)[], nonce: Uint8Array): string {
  const framed = parts.flatMap((part) => {
    const content = Buffer.from(part);
    const length = Buffer.alloc(8);
    length.writeBigUInt64BE(BigInt(content.length));
    return [length, content];
  });
  return sha(nonce, ...framed).toString('hex');
}
/** Size and root of a note, once its signature holds under a verifier key. */
function readNote(note: string, key: string): { readonly size: number; readonly root: Buffer } {
  const [text, signatures = ''] = note.split('\n\n');
  const [name, , encoded] = splitKey(key);
  const der = Buffer.concat([bytes('MCowBQYDK2VwAyEA'), bytes(encoded).subarray(1)]);
  const publicKey = createPublicKey({ key: der, format: 'der', type: 'spki' });
  const signature = bytes(signatures.trim().split(' ').at(-1) ?? '').subarray(4);
  if (!verify(null, Buffer.from(`${text}\n`), publicKey, signature)) throw new Error('the signature does not hold');
  const [origin, size, root = ''] = (text ?? '').split('\n');
  if (origin !== name) throw new Error('another origin');
  return { size: Number(size), root: bytes(root) };
}
/** Base64 has plus signs of its own. */
function splitKey(key: string): readonly [string, string, string] {
  const [name = '', id = '', ...rest] = key.trim().split('+');
  return [name, id, rest.join('+')];
}

describe('proof over HTTP', () => {
  let hub: HubUnderTest;
  const get = (path: string): Promise<Answered> => hub.as(HOST, 'auditor').call('GET', path);
  const log = (path: string, name = 'facts') => get(`/v1/audit/log/${name}/${path}`);
  const covered = async (name: 'facts' | 'access', size: number) => {
    await hub.running.ports.trees.covered(name, size, 20_000);
  };
  const keyOf = async (name: string): Promise<string> => (await fetch(`${hub.url}/v1/audit/log/${name}/key`)).text();
  const head = async (name = 'facts') => {
    const note = expectStatus(await log('checkpoint', name), 200).text;
    return { note, ...readNote(note, await keyOf(name)) };
  };

  beforeAll(async () => {
    hub = await countyHub();
    await publishAll(
      hub,
      Array.from({ length: 300 }, () => incident()),
    );
  }, 60_000);
  afterAll(() => hub.close());

  it('gives a receipt that proves itself with nothing but the event and a public key', async () => {
    const event = incident();
    const publisher = hub.as(police.agency, 'publisher');
    const posted = await publisher.call('POST', '/v1/events', event, {
      'content-type': 'application/cloudevents+json',
    });
    const { position } = expectStatus(posted, 201).json<Receipt>();
    await covered('facts', Number(position) + 1);
    const receipt = expectStatus(await publisher.call('GET', `/v1/receipts/${position}`), 200).json<Receipt>();
    const proof = receipt.proof as Proof;
    const { source, id, recordedTime } = receipt;
    const { stream, metadata, type, nonce } = proof.opening;
    const commitment = commitmentOf([source, id, stream, metadata, canonicalJson(event)], bytes(nonce));
    expect(proof.leaf).toBe(canonicalJson({ v: 1, type, recordedTime, commitment }));
    expect(type).toBe(event['type']);
    const { size, root } = readNote(proof.checkpoint, await keyOf('facts'));
    expect([proof.index, proof.size]).toEqual([position, String(size)]);
    expect(rootFrom(leafHash(proof.leaf), Number(position), size, proof.hashes.map(bytes))).toEqual(root);
  });

  it('proves inclusion and growth between checkpoints', async () => {
    await covered('facts', 300);
    const before = await head();
    await publishAll(hub, [incident(), incident(), incident()]);
    await covered('facts', before.size + 3);
    const after = await head();
    expect(after.size).toBeGreaterThanOrEqual(before.size + 3);
    for (const index of [0, 255, 256, before.size - 1]) {
      const answer = expectStatus(await log(`proof/inclusion?index=${index}&size=${before.size}`), 200);
      const proof = answer.json<{ leafHash: string; hashes: string[] }>();
      expect(rootFrom(bytes(proof.leafHash), index, before.size, proof.hashes.map(bytes))).toEqual(before.root);
    }
    const answer = expectStatus(await log(`proof/consistency?from=${before.size}&to=${after.size}`), 200);
    expect(answer.json<{ hashes: string[] }>().hashes.length).toBeGreaterThan(0);
    const same = expectStatus(await log(`proof/consistency?from=${after.size}&to=${after.size}`), 200);
    expect(same.json()).toEqual({ from: String(after.size), to: String(after.size), hashes: [] });
  });

  it('serves tiles whose hashes are those of the leaves', async () => {
    await covered('facts', 300);
    const tile = await hub.as(HOST, 'auditor').raw('/v1/audit/log/facts/tile/0/000');
    expect([tile.status, tile.type, tile.bytes.length]).toEqual([200, 'application/octet-stream', 256 * 32]);
    const entries = (await hub.as(HOST, 'auditor').raw('/v1/audit/log/facts/tile/entries/000')).bytes;
    const leaves: string[] = [];
    for (let at = 0; at < entries.length;) {
      const end = at + 2 + entries.readUInt16BE(at);
      leaves.push(entries.subarray(at + 2, end).toString('utf8'));
      at = end;
    }
    expect(leaves).toHaveLength(256);
    expect(Buffer.concat(leaves.map(leafHash))).toEqual(tile.bytes);
    expect(Object.keys(JSON.parse(leaves[17] ?? '') as object)).toEqual(['commitment', 'recordedTime', 'type', 'v']);
    const partial = await hub.as(HOST, 'auditor').raw('/v1/audit/log/facts/tile/0/001.p/7');
    expect(partial.bytes.length).toBe(7 * 32);
  });

  it('keeps its access records provable, and the reading of leaves on record', async () => {
    expectStatus(await log('tile/entries/000.p/3'), 200);
    const newest = (await hub.running.ports.access.entries({ limit: 1_000 })).at(-1);
    expect(newest).toMatchObject({ operation: 'log.entries', kind: 'consultation' });
    await covered('access', (newest?.number ?? 0) + 1);
    expect((await head('access')).size).toBeGreaterThan(newest?.number ?? 0);
  });

  it.each([
    ['what is none of its parts', 'facts/rumour', 404],
    ['a log that is none', 'keys/checkpoint', 404],
    ['a tile beyond the tree', 'facts/tile/0/999', 404],
    ['a tile without a path', 'facts/tile/', 404],
    ['a tile of a level that is none', 'facts/tile/9/000', 404],
    ['a tile too wide', 'facts/tile/0/000.p/257', 404],
    ['a tile of no width', 'facts/tile/0/000.p/0', 404],
    ['entries beyond the tree', 'facts/tile/entries/x999/999', 404],
    ['an index beyond its size', 'facts/proof/inclusion?index=9&size=9', 400],
    ['a size beyond the tree', 'facts/proof/inclusion?index=9&size=99999999', 400],
    ['a number that is none', 'facts/proof/inclusion?index=-1&size=9', 400],
    ['a padded number', 'facts/proof/inclusion?index=01&size=9', 400],
    ['no index', 'facts/proof/inclusion?size=9', 400],
    ['a tree that shrank', 'facts/proof/consistency?from=9&to=8', 400],
    ['an empty tree', 'facts/proof/consistency?from=0&to=8', 400],
  ])('refuses %s', async (_, path, status) => {
    expect((await get(`/v1/audit/log/${path}`)).status).toBe(status);
  });

  it('shows auditors alone what the logs hold, and everybody the key', async () => {
    for (const path of ['checkpoint', 'proof/inclusion?index=0&size=1', 'tile/0/000', 'tile/entries/000']) {
      const answer = await hub.as(analysts.agency, 'analyst').call('GET', `/v1/audit/log/facts/${path}`);
      expect([path, answer.status]).toEqual([path, 403]);
      expect((await fetch(`${hub.url}/v1/audit/log/facts/${path}`)).status).toBe(401);
    }
    expect(told(await hub.as(analysts.agency, 'analyst').call('GET', '/v1/audit/bundle'))[0]).toBe(403);
    expect(await keyOf('facts')).toMatch(/^svd-hub\/[0-9a-f]{16}\/facts\+[0-9a-f]{8}\+[A-Za-z0-9+/]+=*\n$/);
  });

  it('anchors the access log in the facts log once for each size', async () => {
    const { trees } = hub.running.ports;
    const { anchorAccessLog } = await import('#hub');
    expectStatus(await get('/v1/audit/entries?limit=1'), 200);
    await covered('access', Number(hub.running.ports.access.head()) + 1);
    const [first, second] = [await anchorAccessLog(hub.running.ports), await anchorAccessLog(hub.running.ports)];
    expect([first, second]).toEqual([true, false]);
    const anchor = await hub.running.ports.log.find('urn:svd:hub', `access-log.${trees.checkpoint('access')?.size}`);
    const { data } = JSON.parse(Buffer.from(anchor?.stored ?? []).toString()) as { data: Record<string, unknown> };
    const checkpoint = trees.checkpoint('access');
    expect(data).toEqual({
      origin: checkpoint?.origin,
      size: checkpoint?.size,
      root: Buffer.from(checkpoint?.root ?? []).toString('base64'),
    });
  });

  it('exports a bundle that holds every leaf of both logs and no payload but the anchors’', async () => {
    await covered('facts', Number(await hub.running.ports.log.head()) + 1);
    const bundle = expectStatus(await get('/v1/audit/bundle'), 200);
    expect(bundle.headers.get('content-type')).toBe('application/x-ndjson');
    const lines = bundle.text
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text) as Record<string, unknown>);
    const [first, last] = [lines[0], lines.at(-1)];
    expect(first).toMatchObject({ bundle: 'svd-hub-audit', v: 1 });
    const logs = (first as { logs: Record<string, { key: string; checkpoint: string }> }).logs;
    for (const name of ['facts', 'access']) {
      const { size, root } = readNote(logs[name]?.checkpoint ?? '', logs[name]?.key ?? '');
      const leaves = lines.filter((line) => line['log'] === name && 'leaf' in line);
      expect(leaves.map((line) => line['index'])).toEqual(Array.from({ length: size }, (_, index) => index));
      expect(treeHash(leaves.map((line) => leafHash(String(line['leaf']))))).toEqual(root);
      expect(last?.[name]).toBe(size);
    }
    expect(last?.['end']).toBe(true);
    const opened = lines.filter((line) => line['log'] === 'facts' && 'opening' in line);
    expect(opened.length).toBeGreaterThan(0);
    for (const line of opened) expect(String(line['leaf'])).toContain('access-log-anchored');
    expect(bundle.text).not.toContain('robbery');
  });

  it('goes on from where it was after a restart', async () => {
    const before = await head();
    await hub.restart();
    const after = await head();
    expect(after.size).toBeGreaterThanOrEqual(before.size);
    expect(await keyOf('facts')).toContain(after.note.split('\n')[0]);
    const proof = expectStatus(await log(`proof/consistency?from=${before.size}&to=${after.size}`), 200);
    expect(proof.json<{ hashes: string[] }>().hashes.length > 0).toBe(after.size > before.size);
  });
});

/** RFC 6962 §2.1, as it stands there. */
function treeHash(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves;
  if (leaves.length === 1 && only !== undefined) return only;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return nodeHash(treeHash(leaves.slice(0, k)), treeHash(leaves.slice(k)));
}
