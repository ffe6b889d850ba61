import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { HUB_SOURCE, instant, position, streamName } from '#kernel';
import type { StoredFact } from '../ports.ts';
import { sampleFact } from '../testing/sample-facts.ts';
import { temporaryDirectories } from '../testing/temporary-directory.ts';
import { FactsIndex, type IndexedFact } from './facts-index.ts';
import { openIndexDatabase } from './index-database.ts';

const newDirectory = temporaryDirectories();
const [A, B] = [streamName('a'), streamName('b')];
const indexed = (at: number, over: Partial<StoredFact> = {}): IndexedFact => {
  const { repeatKey, ...sample } = sampleFact(`f-${at}`);
  const order = { position: position(at), revision: Math.floor(at / 2), recordedTime: instant(at) };
  const fact = { ...sample, ...order, stream: at % 2 === 0 ? A : B, nonce: new Uint8Array(16).fill(at), ...over };
  return { fact, repeatKey };
};
const some = Array.from({ length: 5 }, (_, at) => indexed(at, at === 3 ? { source: HUB_SOURCE } : {}));

describe('the index of a log', () => {
  const opened: FactsIndex[] = [];
  const open = (directory?: string, log = 'svd-facts'): FactsIndex => {
    const index = new FactsIndex(openIndexDatabase(directory), log);
    opened.push(index);
    return index;
  };
  afterEach(() => {
    for (const index of opened.splice(0)) index.close();
  });
  const expectAll = (index: FactsIndex): void => {
    expect([index.next, index.recorded]).toEqual([5, 4]);
    expect(index.lastNonce).toEqual(new Uint8Array(16).fill(4));
    expect([A, B, streamName('c')].map((stream) => index.lastRevision(stream))).toEqual([2, 1, 'no-stream']);
    expect(index.positionsOf(A, 0, 9)).toEqual([0, 2, 4]);
    expect(index.positionsOf(A, 1, 1)).toEqual([2]);
    expect(index.ownPositions(-1, 9, 9)).toEqual([3]);
    expect(index.ownPositions(3, 9, 9)).toEqual([]);
    const { source, id } = some[2]?.fact as StoredFact;
    expect(index.identity(source, id)).toEqual({
      position: 2,
      recorded: 2,
      repeatKey: new Uint8Array(some[2]?.repeatKey ?? []),
    });
    expect(index.identity(source, 'f-9')).toBeUndefined();
  };

  it('answers by identity, stream and source, and passes over what it knows', () => {
    const index = open();
    index.advance(some.slice(0, 3));
    index.advance(some);
    index.advance(some);
    expectAll(index);
  });

  it.each<[string, IndexedFact]>([
    ['a gap', indexed(6)],
    ['a revision left out', indexed(5, { revision: 3 })],
    ['a revision twice', indexed(5, { revision: 1 })],
    ['an earlier time', indexed(5, { recordedTime: instant(3) })],
    ['an identity that was used', indexed(5, { id: 'f-1' })],
  ])('takes nothing of a page with %s', (_, wrong) => {
    const index = open();
    index.advance(some.slice(0, 3));
    const page = [...some.slice(3), wrong, indexed(6)];
    const at = Number(wrong.fact.position);
    expect(() => index.advance(page)).toThrow(expect.objectContaining({ code: 'store-damaged', index: at }));
    expect([index.next, index.recorded, index.lastRevision(B)]).toEqual([3, 2, 0]);
    index.advance(some);
    expectAll(index);
  });

  it('is still there after a restart, for the log that it was made from alone', () => {
    const directory = newDirectory();
    open(directory).advance(some);
    opened.pop()?.close();
    expectAll(open(directory));
    opened.pop()?.close();
    const other = open(directory, 'another');
    expect([other.next, other.lastRevision(A)]).toEqual([0, 'no-stream']);
    other.advance(some);
    expectAll(other);
  });

  it('is one process’s own', () => {
    const directory = newDirectory();
    open(directory);
    expect(() => open(directory)).toThrow(expect.objectContaining({ code: 'store-in-use' }));
    opened.pop()?.close();
    open(directory);
  });

  it('is made anew when any page of it holds something else', () => {
    const directory = newDirectory();
    open(directory).advance(some);
    opened.pop()?.close();
    const file = join(directory, 'facts-index.db');
    const whole = readFileSync(file);
    expect(whole.length / 4_096).toBeGreaterThan(5);
    for (let page = 0; page < whole.length / 4_096; page++) {
      writeFileSync(file, Buffer.from(whole).fill(7, page * 4_096, (page + 1) * 4_096));
      const index = open(directory);
      index.advance(some);
      expectAll(index);
      opened.pop()?.close();
    }
  });

  it.each<[string, (file: string) => void]>([
    ['damaged', (file) => writeFileSync(file, Buffer.from(readFileSync(file)).fill(7, 0, 200))],
    ['no database', (file) => writeFileSync(file, 'rubbish')],
    [
      'of a later version',
      (file) => {
        const db = new DatabaseSync(file);
        db.exec('PRAGMA user_version=9');
        db.close();
      },
    ],
  ])('is made anew when it is %s', (_, spoil) => {
    const directory = newDirectory();
    open(directory).advance(some);
    opened.pop()?.close();
    const file = join(directory, 'facts-index.db');
    expect(existsSync(file)).toBe(true);
    spoil(file);
    const index = open(directory);
    expect(index.next).toBe(0);
    index.advance(some);
    expectAll(index);
  });
});
