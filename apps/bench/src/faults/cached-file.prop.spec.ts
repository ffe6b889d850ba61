import fc from 'fast-check';
import { CachedFile, SECTOR } from './cached-file.ts';

type Step =
  | { readonly kind: 'write'; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly kind: 'truncate'; readonly size: number }
  | { readonly kind: 'sync' }
  | { readonly kind: 'sync-failed' };

const LONGEST = 4 * SECTOR;
const offset = fc.nat(LONGEST);
const write = fc.record({
  kind: fc.constant('write' as const),
  offset,
  bytes: fc.uint8Array({ minLength: 1, maxLength: LONGEST }),
});
const truncate = fc.record({ kind: fc.constant('truncate' as const), size: offset });
const change = fc.oneof({ weight: 3, arbitrary: write }, { weight: 1, arbitrary: truncate });
const sync = fc.constantFrom<Step>({ kind: 'sync' }, { kind: 'sync-failed' });
const steps = fc.array(fc.oneof<fc.Arbitrary<Step>[]>(change, sync), { maxLength: 20 });
const changes = fc.array<Step>(change, { maxLength: 20 });

const oldest = (): number => 0;
const newest = (count: number): number => count - 1;
const anyOf =
  (random: readonly number[]): ((count: number) => number) =>
  (count) =>
    Math.floor((random[count % random.length] ?? 0) * count);
const choices = fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 1, maxLength: 7 }).map(anyOf);

function after(taken: readonly Step[], file = new CachedFile()): CachedFile {
  for (const step of taken) {
    if (step.kind === 'write') file.write(step.offset, step.bytes);
    else if (step.kind === 'truncate') file.truncate(step.size);
    else if (step.kind === 'sync') file.sync();
    else file.syncFailed();
  }
  return file;
}

/** A file as everybody knows it, on one plain buffer. */
function plain(taken: readonly Step[]): Buffer {
  let bytes = Buffer.alloc(0);
  for (const step of taken) {
    const size =
      step.kind === 'write'
        ? Math.max(bytes.length, step.offset + step.bytes.length)
        : step.kind === 'truncate'
          ? step.size
          : bytes.length;
    const next = Buffer.alloc(size);
    bytes.copy(next);
    if (step.kind === 'write') next.set(step.bytes, step.offset);
    bytes = next;
  }
  return bytes;
}

describe('a file between a process and its disk', () => {
  it('is to every process what a plain file is', () => {
    fc.assert(fc.property(steps, (taken) => after(taken).now().equals(plain(taken))));
  });

  it('is after a cut what was synced, when it was written no more', () => {
    fc.assert(
      fc.property(changes, choices, (taken, choose) =>
        after([...taken, { kind: 'sync' }])
          .afterCut(choose)
          .equals(plain(taken)),
      ),
    );
  });

  it('is after a cut the newest where the disk has kept up, and what was last synced where it has done nothing', () => {
    fc.assert(
      fc.property(changes, changes, (before, since) => {
        const file = after([...before, { kind: 'sync' }, ...since]);
        return (
          file.afterCut(newest).equals(plain([...before, ...since])) && file.afterCut(oldest).equals(plain(before))
        );
      }),
    );
  });

  it('may lose what a failed sync should have covered, whatever is synced later, unless it is written again', () => {
    fc.assert(
      fc.property(changes, fc.array<Step>(write, { minLength: 1, maxLength: 5 }), (before, lost) => {
        const file = after([...before, { kind: 'sync' }, ...lost, { kind: 'sync-failed' }, { kind: 'sync' }]);
        const cut = file.afterCut(oldest);
        const [was, is] = [plain(before), plain([...before, ...lost])];
        const rest = Buffer.concat([was, Buffer.alloc(Math.max(0, is.length - was.length))]);
        const wholly = cut.equals(rest);
        file.write(0, file.now());
        file.sync();
        return wholly && file.afterCut(oldest).equals(is);
      }),
    );
  });

  it('holds in each sector after a cut something that was written there and not overtaken by a sync', () => {
    fc.assert(
      fc.property(changes, changes, choices, (before, since, choose) => {
        const possible = since.map((_, n) => plain([...before, ...since.slice(0, n + 1)]));
        const cut = after([...before, { kind: 'sync' }, ...since]).afterCut(choose);
        const sectorOf = (bytes: Buffer, at: number): Buffer =>
          Buffer.concat([bytes, Buffer.alloc(at + SECTOR)]).subarray(at, Math.min(at + SECTOR, cut.length));
        for (let at = 0; at < cut.length; at += SECTOR) {
          const is = sectorOf(cut, at);
          if (![plain(before), ...possible].some((state) => sectorOf(state, at).equals(is))) return false;
        }
        return true;
      }),
    );
  });
});
