import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { instant, sha256 } from '#kernel';
import type { HeldRecord, Placed } from '../ports.ts';
import type { Store } from '../store.ts';
import { placed, readEverything } from '../testing/sample-facts.ts';
import { temporaryDirectories } from '../testing/temporary-directory.ts';
import { CHECKPOINT_PAGES } from './facts-database.ts';
import { openSqliteStore } from './sqlite-store.ts';

const MIB = 1024 * 1024;
const PAGE = 4_096;
const mounted: string[] = [];
// before the directories themselves are removed
afterAll(() => {
  for (const directory of mounted) execFileSync('/bin/umount', [directory]);
});
const newDirectory = temporaryDirectories();

/** A disk of `size` bytes; undefined where none can be had. */
function smallDisk(size: number): string | undefined {
  const directory = newDirectory();
  try {
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', directory], { stdio: 'ignore' });
    mounted.push(directory);
    return directory;
  } catch {
    return undefined;
  }
}
const probe = smallDisk(MIB);
if (probe === undefined)
  process.stderr.write(
    'skipped: a full disk. No small file system can be mounted here; run the tests as root on Linux\n',
  );

const wide = (id: string): Placed => placed(id, { stored: new Uint8Array(8_000).fill(7) });
const held = (id: string): HeldRecord => ({
  id,
  publisher: 'p',
  field: 'f',
  reason: 'r',
  heldAt: instant(0),
  expiresAt: instant(1),
  sealed: new Uint8Array(100_000).fill(7),
});
const unavailable = { code: 'store-unavailable', retryAfter: 1 };

(probe === undefined ? describe.skip : describe)('a store on a full disk', () => {
  let disk: string;
  let store: Store;
  const fill = (mib: number): void => writeFileSync(join(disk, 'filler'), new Uint8Array(mib * MIB));
  const open = async (): Promise<Store> => (store = await openSqliteStore({ directory: disk }));
  const walSize = (): number => statSync(join(disk, 'facts.db-wal')).size;
  afterEach(() => store.close());

  /** Appends one fact a call until `calls` in a row were refused; ids acknowledged and refused. */
  async function appendUntilRefused(prefix: string): Promise<{ kept: string[]; refused: string[] }> {
    const kept: string[] = [];
    const refused: string[] = [];
    for (let call = 0; refused.length < 5; call++) {
      const ids = Array.from({ length: 20 }, (_, i) => `${prefix}-${call}-${i}`);
      const outcome = await store.writer.append(ids.map(wide)).catch((error: unknown) => error);
      if (outcome instanceof Error) {
        expect(outcome).toMatchObject(unavailable);
        refused.push(...ids);
      } else kept.push(...ids);
    }
    return { kept, refused };
  }
  async function expectKept(kept: readonly string[], refused: readonly string[]): Promise<void> {
    const facts = await readEverything(store.reader);
    expect(facts.map(({ position }) => Number(position))).toEqual(facts.map((_, index) => index));
    expect(facts.map(({ revision }) => revision)).toEqual(facts.map((_, index) => index));
    const ids = facts.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const there = new Set(ids);
    expect(kept.filter((id) => !there.has(id))).toEqual([]);
    expect(refused.filter((id) => there.has(id))).toEqual([]);
  }

  it('refuses, stays whole, and takes facts again by itself once there is room', async () => {
    disk = smallDisk(12 * MIB) ?? '';
    await open();
    fill(4);
    const { kept, refused } = await appendUntilRefused('first');
    expect(kept.length).toBeGreaterThan(100);
    expect(store.writer.writable()).toBe(false);
    await expectKept(kept, refused);
    for (const each of [wide('each'), wide('another')])
      await expect(store.writer.appendEach([each], 'lane')).rejects.toMatchObject(unavailable);

    rmSync(join(disk, 'filler'));
    const again = await store.writer.appendEach([wide('after'), ...refused.slice(0, 5).map(wide)], 'lane');
    expect(again.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 'accepted'));
    expect(store.writer.writable()).toBe(true);
    await store.close();
    await open();
    await expectKept([...kept, 'after', ...refused.slice(0, 5)], [...refused.slice(5), 'each', 'another']);
  });

  it('acknowledges what is in the WAL while there is no room to fold it into the file', async () => {
    disk = smallDisk(44 * MIB) ?? '';
    await open();
    fill(22);
    const { kept, refused } = await appendUntilRefused('first');
    // a checkpoint was due, and could not be done
    expect(walSize()).toBeGreaterThan(CHECKPOINT_PAGES * PAGE);
    const folded = (): number => statSync(join(disk, 'facts.db')).size;
    expect(folded()).toBeLessThan(kept.length * 8_000);
    await expectKept(kept, refused);
    // neither a crash nor a restart loses anything of it
    await store.close();
    await open();
    await expectKept(kept, refused);

    rmSync(join(disk, 'filler'));
    await store.writer.append([wide('after')]);
    await store.close();
    await open();
    await expectKept([...kept, 'after'], refused);
    expect(folded()).toBeGreaterThan(kept.length * 8_000);
  });

  it('keeps no half of an artefact or of held records', async () => {
    disk = smallDisk(3 * MIB) ?? '';
    await open();
    const small = await store.artefacts.put(Buffer.from('small'));
    await store.held.hold([held('a')], 99);
    fill(2);
    await expect(store.artefacts.put(new Uint8Array(2 * MIB).fill(1))).rejects.toMatchObject(unavailable);
    expect(readdirSync(join(disk, 'artefacts')).filter((name) => name.startsWith('aside'))).toEqual([]);
    const many = Array.from({ length: 30 }, (_, i) => held(`b-${i}`));
    await expect(store.held.hold(many, 99)).rejects.toMatchObject(unavailable);
    expect(await store.held.list('p', 99)).toEqual([held('a')]);
    expect(await store.artefacts.get(small)).toEqual(new Uint8Array(Buffer.from('small')));

    rmSync(join(disk, 'filler'));
    const large = new Uint8Array(MIB).fill(1);
    expect(await store.artefacts.put(large)).toBe(sha256(large));
    await store.held.hold([held('c')], 99);
    expect(await store.held.list('p', 99)).toHaveLength(2);
  });
});
