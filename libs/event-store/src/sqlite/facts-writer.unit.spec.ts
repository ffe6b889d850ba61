import { CommitNotices } from '../commit-notices.ts';
import { manyPlaced, placed, SetClock } from '../testing/sample-facts.ts';
import { SqliteFactsWriter } from './facts-writer.ts';
import type { WriterThread } from './lasting-thread.ts';
import type { CommitResult, ToMain, ToWorker } from './messages.ts';

/** A thread that answers when the test says so. */
class ScriptedThread implements WriterThread {
  readonly commits: Extract<ToWorker, { kind: 'commit' }>[] = [];
  readonly #listeners: { message?: (message: ToMain) => void; exit?: () => void } = {};
  closed = false;
  #next = 0;

  postMessage(message: ToWorker): void {
    if (message.kind === 'commit') this.commits.push(message);
    else {
      this.closed = true;
      this.#listeners.exit?.();
    }
  }
  on(event: 'message' | 'exit', listener: (message: ToMain) => void): void {
    Object.assign(this.#listeners, { [event]: listener });
  }
  /** Every commit, those too that come of an answer, in order. */
  answerAll(): void {
    for (let no = 0; no < this.commits.length; no++) this.answer(no);
  }
  answer(no: number, outcome: 'committed' | 'failed' = 'committed'): void {
    this.#listeners.message?.({
      no: this.commits[no]?.no ?? no,
      result: outcome === 'failed' ? { outcome } : this.#committed(no),
    });
  }
  crash(): void {
    this.#listeners.exit?.();
  }
  #committed(no: number): CommitResult {
    const count = this.commits[no]?.facts.ids.length ?? 0;
    const positions = Float64Array.from({ length: count }, () => this.#next++);
    return { outcome: 'committed', statuses: new Uint8Array(count), positions, recorded: new Float64Array(count) };
  }
}
const turn = () => new Promise((resolve) => setImmediate(resolve));
const unavailable = { code: 'store-unavailable' };

describe('facts writer', () => {
  let thread: ScriptedThread;
  let writer: SqliteFactsWriter;
  /** Restarts that wait for a thread. */
  let started: ((thread: WriterThread) => void)[];
  const restarted = async (): Promise<(thread: WriterThread) => void> => {
    for (;;) {
      const start = started.shift();
      if (start !== undefined) return start;
      await turn();
    }
  };
  beforeEach(() => {
    thread = new ScriptedThread();
    started = [];
    const restart = () => new Promise<WriterThread>((start) => started.push(start));
    writer = new SqliteFactsWriter(thread, restart, new CommitNotices(), new SetClock());
  });

  it('sends the small calls of one turn, and those that came during a commit, together', async () => {
    const first = Array.from({ length: 5 }, (_, i) => writer.appendEach([placed(`a-${i}`)], `lane-${i}`));
    await turn();
    expect(thread.commits.map(({ facts }) => facts.ids.length)).toEqual([5]);
    const second = [writer.appendEach([placed('b')], 'lane'), writer.appendEach([placed('c')], 'lane')];
    await turn();
    expect(thread.commits).toHaveLength(1);
    thread.answer(0);
    expect(thread.commits[1]?.facts.ids).toEqual(['b', 'c']);
    thread.answer(1);
    expect((await Promise.all([...first, ...second])).flat().map(({ position }) => position)).toEqual([
      '0',
      '1',
      '2',
      '3',
      '4',
      '5',
      '6',
    ]);
  });

  it('puts an append before every lane, in a commit of its own', async () => {
    const bulk = writer.appendEach(manyPlaced(2_000, 'bulk'), 'bulk');
    const governance = writer.append([placed('signed')], new Map());
    await turn();
    expect(thread.commits).toHaveLength(4);
    thread.answer(0);
    expect(thread.commits[4]?.facts.ids).toEqual(['signed']);
    for (let no = 1; no < thread.commits.length; no++) thread.answer(no);
    expect(await governance).toMatchObject({ outcome: 'appended' });
    expect((await bulk).map(({ position }) => Number(position))).toHaveLength(2_000);
  });

  it('has neither governance nor another lane wait for the batches of one', async () => {
    const answered: string[] = [];
    const note = (call: Promise<unknown>, name: string): Promise<unknown> => call.then(() => answered.push(name));
    const batches = Array.from({ length: 20 }, (_, i) =>
      note(writer.append(manyPlaced(1_000, `batch-${i}`), undefined, 'a'), `batch ${i}`),
    );
    await turn();
    const single = note(writer.appendEach([placed('single')], 'b'), 'single');
    const other = note(writer.append(manyPlaced(300, 'other'), undefined, 'c'), 'other');
    const governance = note(writer.append([placed('signed')]), 'governance');
    await expect(writer.append([placed('more')], undefined, 'a')).rejects.toMatchObject({ code: 'queue-full' });
    await turn();
    thread.answerAll();
    await Promise.all([...batches, single, other, governance]);
    const first = ['batch 0', 'batch 1', 'batch 2', 'batch 3', 'governance', 'batch 4', 'single', 'other', 'batch 5'];
    expect(answered.slice(0, first.length)).toEqual(first);
    expect(answered.at(-1)).toBe('batch 19');
    expect(thread.commits.map(({ facts, expected }) => [facts.ids.length, expected !== undefined])).toEqual([
      ...Array.from({ length: 4 }, () => [1_000, true]),
      [1, true],
      [1_000, true],
      [1, false],
      [300, true],
      ...Array.from({ length: 15 }, () => [1_000, true]),
    ]);
    const again = writer.append([placed('more')], undefined, 'a');
    await turn();
    thread.answer(thread.commits.length - 1);
    expect(await again).toMatchObject({ outcome: 'appended' });
  });

  it('rejects the batch of a commit that failed, and makes room in its lane', async () => {
    const full = async (): Promise<void> => {
      const more = writer.append([placed('more')], undefined, 'a');
      await expect(more).rejects.toMatchObject({ code: 'queue-full' });
    };
    const batches = () =>
      Array.from({ length: 20 }, (_, i) => writer.append(manyPlaced(1_000, `b-${i}`), undefined, 'a'));
    const first = Promise.allSettled(batches());
    await turn();
    await full();
    for (let no = 0; no < thread.commits.length; no++) thread.answer(no, 'failed');
    for (const outcome of await first) expect(outcome).toMatchObject({ status: 'rejected', reason: unavailable });
    expect(writer.writable()).toBe(false);
    const second = batches();
    await turn();
    await full();
    for (let no = 20; no < thread.commits.length; no++) thread.answer(no);
    for (const appended of await Promise.all(second)) expect(appended).toMatchObject({ outcome: 'appended' });
    expect(writer.writable()).toBe(true);
  });

  it('rejects the calls of a commit that failed, and those alone', async () => {
    const large = writer.appendEach(manyPlaced(600, 'large'), 'a');
    const small = writer.appendEach([placed('small')], 'b');
    const rejected = expect(large).rejects.toMatchObject(unavailable);
    await turn();
    thread.answer(0, 'failed');
    await rejected;
    for (let no = 1; no < thread.commits.length; no++) thread.answer(no);
    await turn();
    for (let no = 2; no < thread.commits.length; no++) thread.answer(no);
    expect(await small).toHaveLength(1);
    const append = writer.append([placed('x')]);
    await turn();
    thread.answer(thread.commits.length - 1, 'failed');
    await expect(append).rejects.toMatchObject(unavailable);
  });

  it('rejects everything when its thread dies, and goes on with another, with queues that are empty', async () => {
    const calls = [
      writer.appendEach(manyPlaced(20_000, 'a'), 'a'),
      writer.appendEach([placed('b')], 'b'),
      ...Array.from({ length: 20 }, (_, i) => writer.append(manyPlaced(1_000, `c-${i}`))),
      writer.append([placed('e')], undefined, 'e'),
    ];
    await turn();
    const outcomes = Promise.allSettled(calls);
    thread.crash();
    for (const outcome of await outcomes) expect(outcome).toMatchObject({ status: 'rejected', reason: unavailable });
    expect(writer.writable()).toBe(false);
    await expect(writer.append([placed('d')])).rejects.toMatchObject(unavailable);

    const next = new ScriptedThread();
    (await restarted())(next);
    await turn();
    expect(writer.writable()).toBe(true);
    const again = [
      writer.appendEach(manyPlaced(20_000, 'a'), 'a'),
      ...Array.from({ length: 20 }, (_, i) => writer.append(manyPlaced(1_000, `c-${i}`))),
    ];
    await turn();
    next.answerAll();
    expect(await Promise.all(again)).toHaveLength(21);
    expect(thread.commits.length).toBeLessThanOrEqual(4);
  });

  it('is closed while it waits for another thread, and by one that comes too late', async () => {
    thread.crash();
    const start = await restarted();
    const closing = writer.close();
    await expect(writer.append([placed('d')])).rejects.toMatchObject({ code: 'store-closed' });
    const late = new ScriptedThread();
    start(late);
    await closing;
    expect(late.closed).toBe(true);
    expect(writer.writable()).toBe(false);
  });

  it('tries again when no thread could be started', async () => {
    const threads = [new ScriptedThread(), new ScriptedThread()];
    let tries = 0;
    const restart = async (): Promise<WriterThread> => {
      if (tries++ < 2) throw new Error('no memory');
      return threads[1] as WriterThread;
    };
    const notices = new CommitNotices();
    writer = new SqliteFactsWriter(threads[0] as WriterThread, restart, notices, new SetClock());
    threads[0]?.crash();
    // whoever follows the log is woken: what the dead thread had may be there
    await notices.after(0, AbortSignal.timeout(30_000));
    expect([tries, writer.writable(), notices.count]).toEqual([3, true, 1]);
    await writer.close();
  });

  it('refuses a call for which its queue has no room', async () => {
    void writer.appendEach(manyPlaced(20_000, 'a'), 'a');
    await expect(writer.appendEach([placed('b')], 'a')).rejects.toMatchObject({ code: 'queue-full', retryAfter: 1 });
    for (let i = 0; i < 20; i++) void writer.append(manyPlaced(1_000, `all-${i}`));
    await expect(writer.append([placed('c')])).rejects.toMatchObject({ code: 'queue-full', retryAfter: 1 });
  });
});
