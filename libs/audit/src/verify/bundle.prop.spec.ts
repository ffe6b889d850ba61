import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { rootOf } from '../trees/growing-tree.ts';
import { accessLeaf, commitmentOf as writersCommitment, factLeaf, leafHash } from '../trees/leaf.ts';
import { rawPublicKey, signCheckpoint, verifierKey } from '../trees/note.ts';
import { canonicalJson, eventType, instant, position, streamName } from '#kernel';
import { commitmentOf } from './commitment.ts';
import { parseVerifierKeys } from './signed-note.ts';
import { verifyBundle } from './verify-bundle.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const FACTS = 'svd-hub/0123456789abcdef/facts';
const ACCESS = 'svd-hub/0123456789abcdef/access';
const keyOf = (name: string): string => verifierKey(name, rawPublicKey(publicKey));
const keys = parseVerifierKeys(`${keyOf(FACTS)}\n${keyOf(ACCESS)}`);
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

async function rootOfLeaves(leaves: readonly string[]): Promise<Uint8Array> {
  return rootOf(
    (async function* () {
      yield leaves.map(leafHash);
    })(),
  );
}
async function note(origin: string, leaves: readonly string[]): Promise<string> {
  return signCheckpoint({ origin, size: leaves.length, root: await rootOfLeaves(leaves) }, privateKey);
}

/** A bundle of so many leaves, as the hub writes one, with an anchor in the middle. */
async function bundleOf(facts: number, records: number): Promise<string[]> {
  const access = Array.from({ length: records }, (_, n) =>
    accessLeaf({
      number: n,
      id: `r-${n}`,
      time: 1_000 + n,
      nonce: Buffer.alloc(16, n),
      record: Buffer.from(`{"n":${n}}`),
    }),
  );
  const anchored = Math.floor(records / 2);
  const anchorData = {
    origin: ACCESS,
    size: anchored,
    root: base64(await rootOfLeaves(access.slice(0, anchored).map(({ leaf }) => leaf))),
  };
  const log = Array.from({ length: facts }, (_, n) => {
    const isAnchor = anchored > 0 && n === Math.floor(facts / 2);
    return {
      isAnchor,
      ...factLeaf({
        source: isAnchor ? 'urn:svd:hub' : 'urn:svd:agency:x',
        id: `f-${n}`,
        type: eventType(isAnchor ? 'uk.svd.hub.access-log-anchored.v1' : 'uk.svd.police.incident-recorded.v1'),
        stream: streamName('s'),
        revision: n,
        position: position(n),
        recordedTime: instant(1_000 + n),
        nonce: Buffer.alloc(16, n),
        metadata: {},
        stored: Buffer.from(isAnchor ? canonicalJson({ data: anchorData }) : `{"n":${n}}`),
      }),
    };
  });
  const [factLeaves, accessLeaves] = [log.map(({ leaf }) => leaf), access.map(({ leaf }) => leaf)];
  const opening = ({ opening: { nonce, stored, ...texts } }: (typeof access)[number]): object => ({
    nonce: base64(nonce),
    ...texts,
    stored: base64(stored),
  });
  const head = async (origin: string, leaves: readonly string[]): Promise<object> => ({
    key: keyOf(origin),
    checkpoint: leaves.length === 0 ? null : await note(origin, leaves),
  });
  return [
    {
      bundle: 'svd-hub-audit',
      v: 1,
      madeAt: instant(0),
      logs: { facts: await head(FACTS, factLeaves), access: await head(ACCESS, accessLeaves) },
    },
    ...(facts > 1 ? [{ log: 'facts', checkpoint: await note(FACTS, factLeaves.slice(0, 1 + (facts >> 1))) }] : []),
    ...log.map(({ isAnchor, ...one }, index) => ({
      log: 'facts',
      index,
      leaf: one.leaf,
      ...(isAnchor ? { opening: opening(one) } : {}),
    })),
    ...access.map((one, index) => ({ log: 'access', index, leaf: one.leaf, opening: opening(one) })),
    { end: true, facts, access: records },
  ].map((line) => JSON.stringify(line));
}
async function* each(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}
const verify = (lines: readonly string[], given: readonly string[] = []) => verifyBundle(each(lines), { keys, given });
const headsOf = ([first = '']: readonly string[]) =>
  (JSON.parse(first) as { logs: Record<'facts' | 'access', { key: string; checkpoint: string }> }).logs;
const size = fc.integer({ min: 0, max: 30 });

describe('a bundle', () => {
  it('that the hub made is sound', async () => {
    await fc.assert(
      fc.asyncProperty(size, size, async (facts, records) => {
        const verdict = await verify(await bundleOf(facts, records));
        expect(verdict).toMatchObject({ sound: true, findings: [], notes: [] });
        expect(verdict.facts).toMatchObject({ size: facts, covered: facts });
        expect(verdict.access).toMatchObject({ size: records, covered: records });
      }),
      { numRuns: 60 },
    );
  });

  it('in which any character was changed is not, unless it means the same', async () => {
    const lines = await bundleOf(9, 6);
    const text = lines.join('\n');
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), fc.constantFrom('0', '1', 'A', 'b', '"', '}', ' '), async (at, by) => {
        fc.pre(text[at] !== by && text[at] !== '\n');
        const changed = `${text.slice(0, at)}${by}${text.slice(at + 1)}`.split('\n');
        const verdict = await verify(changed);
        if (verdict.sound) expect(sameMeaning(changed, lines)).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  it('from which a line is gone, doubled or moved is not', async () => {
    const lines = await bundleOf(9, 6);
    const leaves = lines.flatMap((text, n) => (text.includes('"leaf"') ? [n] : []));
    for (const n of [...leaves, 0, lines.length - 1]) {
      expect((await verify(lines.filter((_, at) => at !== n))).sound).toBe(false);
      expect((await verify(lines.flatMap((text, at) => (at === n ? [text, text] : [text])))).sound).toBe(false);
    }
    for (const n of leaves.slice(1)) {
      const moved = [...lines];
      [moved[n], moved[n - 1]] = [moved[n - 1] ?? '', moved[n] ?? ''];
      expect((await verify(moved)).sound).toBe(false);
    }
  });

  it('that ends early is incomplete, and nobody is accused of having cut a log', async () => {
    const lines = await bundleOf(5, 5);
    for (let end = 0; end < lines.length; end++) {
      const { findings } = await verify(lines.slice(0, end));
      expect(findings).toEqual([{ of: 'bundle', code: 'bundle-incomplete', what: `after line ${end}` }]);
    }
  });

  it('that opens a leaf which needs no opening must open it', async () => {
    const lines = await bundleOf(5, 5);
    const at = lines.findIndex((text) => text.includes('incident-recorded'));
    const { index, ...line } = JSON.parse(lines[at] ?? '') as { index: number };
    const opening = { nonce: '', source: '', id: '', stream: '', metadata: '', stored: '' };
    const { findings } = await verify(lines.with(at, JSON.stringify({ ...line, index, opening })));
    expect(findings).toEqual([{ of: 'facts', code: 'leaf-unopened', index }]);
  });

  it('opens a leaf in one way: no part of the nonce can be taken for what follows it', () => {
    const source = 'urn:svd:hub';
    const length = Buffer.alloc(8, 0);
    length.writeUInt8(8 + source.length, 7);
    const framed = Buffer.alloc(8);
    framed.writeUInt8(source.length, 7);
    const opening = { id: 'r-0', stream: 'access', metadata: '{}', stored: Buffer.from('{}') };
    const one = { ...opening, source, nonce: Buffer.concat([Buffer.alloc(8, 9), length]) };
    const other = { ...opening, source: `${framed.toString()}${source}`, nonce: Buffer.alloc(8, 9) };
    expect(writersCommitment(other)).toBe(writersCommitment(one));
    expect([commitmentOf(one), commitmentOf(other)]).toEqual([writersCommitment(one), '']);
  });

  it('tells each access record that a leaf commits to, and no other', async () => {
    const lines = await bundleOf(3, 6);
    const at = lines.findIndex((text) => text.includes('"log":"access","index":2,'));
    const seen: number[] = [];
    const changed = lines.with(
      at,
      (lines[at] ?? '').replace(/"stored":"."/, '"stored":"Z"').replace(/"stored":"../, '"stored":"ZZ'),
    );
    const { sound } = await verifyBundle(each(changed), { keys, onRecord: ({ number }) => void seen.push(number) });
    expect([sound, seen]).toEqual([false, [0, 1, 3, 4, 5]]);
  });

  it('that another key signed is not ours', async () => {
    const lines = await bundleOf(5, 5);
    const other = verifierKey(FACTS, rawPublicKey(generateKeyPairSync('ed25519').publicKey));
    const verdict = await verifyBundle(each(lines), { keys: parseVerifierKeys(`${other}\n${keyOf(ACCESS)}`) });
    // the rows are nobody's word, from the first; so say both checkpoints, the earlier and the head
    expect(verdict.findings).toEqual([
      { of: 'facts', code: 'uncovered', index: 0, until: 4 },
      { of: 'facts', code: 'checkpoint-unsigned', index: 3, what: 'line 2' },
      { of: 'facts', code: 'checkpoint-unsigned', index: 5, what: 'head of the bundle' },
    ]);
    expect(verdict.facts).toMatchObject({ size: 5, covered: 0, checkpoints: 0 });
    expect(verdict.access).toMatchObject({ size: 5, covered: 5 });
    expect((await verifyBundle(each(lines))).notes).toEqual(['key-from-bundle']);
  });

  it('whose head is an earlier one than it holds is none: whoever keeps the head would keep less than was shown', async () => {
    const lines = await bundleOf(9, 6);
    const { checkpoint: earlier } = JSON.parse(lines[1] ?? '') as { checkpoint: string };
    const head = JSON.parse(lines[0] ?? '') as { logs: object };
    for (const checkpoint of [earlier, null]) {
      const facts = { ...headsOf(lines).facts, checkpoint };
      const first = JSON.stringify({ ...head, logs: { ...head.logs, facts } });
      const newest = JSON.stringify({ log: 'facts', checkpoint: headsOf(lines).facts.checkpoint });
      const { sound, findings } = await verify([first, newest, ...lines.slice(1)]);
      expect(sound).toBe(false);
      expect(findings).toContainEqual({ of: 'bundle', code: 'bundle-malformed', what: `line ${lines.length + 1}` });
    }
  });

  it('of fewer leaves than a checkpoint that was given is cut off, and one of another history is rewritten', async () => {
    const long = await bundleOf(12, 8);
    const head = headsOf(long).facts.checkpoint;
    expect((await verify(await bundleOf(9, 8), [head])).findings).toContainEqual(
      expect.objectContaining({ of: 'facts', code: 'cut-off', index: 9, until: 11 }),
    );
    const foreign = await note(FACTS, ['one', 'two', 'three']);
    const { findings } = await verify(long, [foreign]);
    expect(findings).toContainEqual(expect.objectContaining({ of: 'facts', code: 'checkpoint-differs', index: 3 }));
  });

  it.each([
    '',
    '{}',
    'null',
    '[]',
    '{"bundle":"svd-hub-audit","v":2}',
    '\0',
    '{"bundle":"svd-hub-audit","v":1,"logs":{}}',
  ])('is not %j', async (text) => {
    const { sound, findings } = await verify([text]);
    expect([sound, findings.some(({ code }) => code === 'bundle-malformed')]).toEqual([false, true]);
  });
});

const READ = [
  ...['bundle', 'v', 'logs', 'facts', 'access', 'log', 'checkpoint', 'index', 'leaf', 'end'],
  ...['opening', 'nonce', 'source', 'id', 'stream', 'metadata', 'stored'],
];
/** Whether lines differ in no more than spaces, how base64 ends, and what nobody reads: the time, and the key where one was given. */
function sameMeaning(changed: readonly string[], lines: readonly string[]): boolean {
  const plain = (text: string): string =>
    JSON.stringify(JSON.parse(text), (name, value: unknown) => {
      if (name !== '' && !READ.includes(name)) return undefined;
      if (name === 'nonce' || name === 'stored') return Buffer.from(String(value), 'base64').toString('base64');
      if (name !== 'checkpoint' || typeof value !== 'string') return value;
      return value.replace(/\S+\n$/, (signature) => Buffer.from(signature, 'base64').toString('base64'));
    });
  return changed.length === lines.length && changed.every((text, n) => plain(text) === plain(lines[n] ?? ''));
}
