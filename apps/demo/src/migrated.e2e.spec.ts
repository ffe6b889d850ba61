import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isConsistent, parseVerifierKeys, readHead, verifyDirectory, verifyReceipt, type Head } from '#audit/verify';
import { canonicalJson } from '#kernel';
import { eventStoreDbUnderTest, type EventStoreDbUnderTest } from '../../../infra/engines/eventstoredb/engine.ts';
import { HOST, POLICE } from './agencies.ts';
import { member } from './answers.ts';
import { demoIsBuilt, runningDemo, type RunningDemo } from './testing/running-demo.ts';

const MIGRATE = 'dist/apps/hub/src/migrate.js';
const COVERED_TRIES = 200;

interface Receipt {
  readonly position: string;
  readonly proof: { readonly checkpoint: string; readonly leaf: string };
}
interface Receipted {
  readonly event: Uint8Array;
  readonly receipt: Receipt;
}
const headOf = ({ receipt }: Receipted): Head => {
  const head = readHead(receipt.proof.checkpoint);
  if (head === undefined) throw new Error('no head');
  return head;
};
/** What must not change by a move: all of a receipt but how far the tree had grown. */
const lasting = ({ proof, ...receipt }: Receipt): object => ({ ...receipt, leaf: proof.leaf });
/** What `npm run migrate` prints, as `name value` lines. */
async function migrate(...args: string[]): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await promisify(execFile)(process.execPath, [MIGRATE, ...args]);
  return new Map(stdout.split('\n').map((line) => line.split(' ') as [string, string]));
}

(demoIsBuilt() ? describe : describe.skip)('the demo county, moved to an event store and back', () => {
  let demo: RunningDemo;
  let engine: EventStoreDbUnderTest;
  let aside: string;
  beforeAll(async () => {
    [demo, engine, aside] = [await runningDemo(), await eventStoreDbUnderTest(), await mkdtemp(join(tmpdir(), 'svd-'))];
  });
  afterAll(async () => {
    await demo.remove();
    await engine.stop();
    await rm(aside, { recursive: true });
  });

  const publisher = () => demo.signIn()(POLICE.agency, 'publisher');
  /** Once a checkpoint covers it. */
  async function receiptAt(position: string): Promise<Receipt> {
    const hub = publisher();
    for (let tries = 0; tries < COVERED_TRIES; tries++) {
      const { body } = await hub.get(`/v1/receipts/${position}`);
      if (member(body, 'proof') !== undefined) return body as unknown as Receipt;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('no checkpoint covers the receipt');
  }
  async function published(count: number): Promise<Receipted[]> {
    const sample = JSON.parse(await readFile('docs/how-to/incident.json', 'utf8')) as object;
    const events = Array.from({ length: count }, () =>
      Buffer.from(canonicalJson({ ...sample, id: randomBytes(16).toString('hex') })),
    );
    const kept: Receipted[] = [];
    for (const event of events) {
      const posted = await publisher().postEvent(event);
      if (posted.status !== 'accepted') throw new Error(posted.status);
      kept.push({ event, receipt: await receiptAt(posted.position ?? '') });
    }
    return kept;
  }

  it('keeps positions, leaves, root and checkpoints, and every receipt still proves', async () => {
    await demo.start();
    const before = await published(3);
    await demo.stop();
    const { directory, checkpoints } = demo;
    const old = verifyDirectory(directory, { checkpoints });
    expect([old.sound, old.facts.covered]).toEqual([true, old.facts.size]);

    const stream = `svd-facts-${randomBytes(4).toString('hex')}`;
    const back = join(aside, 'back');
    await mkdir(back, { mode: 0o700 });
    await copyFile(join(directory, 'hub.key'), join(back, 'hub.key'));
    const there = await migrate('--from', `sqlite:${directory}`, '--to', engine.connection, '--stream', stream);
    const again = await migrate('--from', engine.connection, '--to', `sqlite:${back}`, '--stream', stream);
    for (const moved of [there, again]) {
      expect(moved.get('facts')).toBe(String(old.facts.size));
      for (const root of ['root-from', 'root-to'])
        expect(Buffer.from(moved.get(root) ?? '', 'base64').toString('hex')).toBe(old.facts.root);
    }

    await rename(join(directory, 'facts.db'), join(aside, 'facts.db'));
    await rename(join(back, 'facts.db'), join(directory, 'facts.db'));
    // it is made again from the facts that came back, and held against the checkpoint that was signed before
    await rename(join(directory, 'trees.db'), join(aside, 'trees.db'));
    await demo.start();
    const keys = parseVerifierKeys(await readFile(join(directory, 'log.vkey'), 'utf8'));
    const after = await published(1);
    for (const { event, receipt } of [...before, ...after]) {
      expect(verifyReceipt(receipt, event, keys)).toEqual([]);
      const now = await receiptAt(receipt.position);
      expect(verifyReceipt(now, event, keys)).toEqual([]);
      expect(lasting(now)).toEqual(lasting(receipt));
      const repeated = await publisher().postEvent(event);
      expect(repeated).toMatchObject({ status: 'repeated', position: receipt.position });
    }
    const [earlier, head] = [before, after].map(([first]) => headOf(first as Receipted)) as [Head, Head];
    const { body } = await demo
      .signIn()(HOST.agency, 'auditor')
      .get(`/v1/audit/log/facts/proof/consistency?from=${earlier.size}&to=${head.size}`);
    const path = (member(body, 'hashes') as readonly string[]).map((hash) => Buffer.from(hash, 'base64'));
    expect(isConsistent(earlier, head, path)).toBe(true);
    await demo.stop();
    expect(verifyDirectory(directory, { checkpoints }).sound).toBe(true);
  }, 240_000);
});
