import { createReadStream } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Reading } from '#connectors';
import { mayComplete } from './exit-codes.ts';
import { PushAttempt, type PushSource } from './push-attempt.ts';
import type { PushJournal } from './push-journal.ts';
import type { ReceiptsFile, RejectedFile, RowOutcome } from './row-files.ts';

/** Tries without a single new row acknowledged before a push is left incomplete. */
const TRIES = 5;

export interface PushOptions {
  /** A fresh one for each pass; kept when the push ends, whole or not. */
  readonly rejectedFile: () => RejectedFile;
  readonly receiptsFile?: () => ReceiptsFile;
  readonly progress?: (rows: number, journal: PushJournal) => void;
  readonly retrying?: (code: string, seconds: number) => void;
  /** Milliseconds before try `n` + 1; a test passes 0. */
  readonly pause?: (n: number) => number;
}
export interface PushOutcome {
  readonly rows: number;
  readonly rejected: number;
  /** Rows that were not taken, by code. */
  readonly reasons: Readonly<Record<string, number>>;
  /** Rows that an earlier, interrupted run had settled. */
  readonly resumed: number;
  readonly rejectedFile?: string;
  /** Set where the push did not come to its end. */
  readonly failure?: unknown;
}

/**
 * Pushes a file until every row is settled: a cut connection is opened again and goes on after what was acknowledged,
 * as long as it gets further. What an earlier run left in the journal is not sent again, once the hub has shown that it
 * still holds the last of it; a hub that doesn't (another one, an older backup) is sent everything.
 */
export async function pushFile(source: PushSource, options: PushOptions): Promise<PushOutcome> {
  const { journal } = source;
  let resumed = 0;
  let best: Pass = new Pass(options);
  const pause = options.pause ?? ((n: number) => Math.min(10_000, 300 * 2 ** n) * (0.5 + Math.random() / 2));
  for (let n = 1, proven = false; ; n++) {
    const before = journal.size;
    const pass = new Pass(options);
    try {
      if (!proven && before > 0) resumed = (await stillHeld(source)) ? before : await startAgain(source);
      proven = true;
      await new PushAttempt(source, (...row) => pass.take(...row, journal)).run();
      await best.drop();
      await pass.keep();
      await journal.removeFile();
      return { ...pass.totals(), resumed };
    } catch (failure) {
      if (pass.rows >= best.rows) {
        await best.drop();
        best = pass;
      } else await pass.drop();
      if (journal.size > before) n = 0;
      if (!mayComplete(failure) || n >= TRIES) {
        await best.keep();
        return { ...best.totals(), resumed, failure };
      }
      const wait = Math.max(pause(n), (failure.retryAfter ?? 0) * 1000);
      options.retrying?.(failure.code, Math.round(wait / 1000));
      await sleep(wait, undefined, { signal: source.signal }).catch(() => undefined);
    }
  }
}

/** Sends the last acknowledged event again: the hub that took it repeats it, at the same position. */
async function stillHeld(source: PushSource): Promise<boolean> {
  const { journal, publisher } = source;
  let last: { row: number; position: string } | undefined;
  for (const [row, settled] of journal.rows())
    if (settled.status === 'accepted' && row > (last?.row ?? 0)) last = { row, position: settled.position };
  if (last === undefined) return false;
  const reading = await rowOf(source, last.row);
  if (reading === undefined || !('event' in reading)) return false;
  const result = await publisher.postEvent(reading.event.bytes);
  return result.status === 'repeated' && result.position === last.position;
}

async function startAgain({ journal }: PushSource): Promise<number> {
  await journal.clear();
  return 0;
}

async function rowOf({ connector, context, file }: PushSource, row: number): Promise<Reading | undefined> {
  for await (const reading of connector.read(createReadStream(file), context)) if (reading.row === row) return reading;
  return undefined;
}

/** What one pass over the file saw. */
class Pass {
  rows = 0;
  readonly #options: PushOptions;
  readonly #rejectedFile: RejectedFile;
  readonly #receiptsFile: ReceiptsFile | undefined;
  readonly #reasons = new Map<string, number>();
  #rejected = 0;

  constructor(options: PushOptions) {
    this.#options = options;
    this.#rejectedFile = options.rejectedFile();
    this.#receiptsFile = options.receiptsFile?.();
  }

  take(reading: Reading, id: string | undefined, outcome: RowOutcome, journal: PushJournal): void {
    this.rows++;
    if ('code' in outcome) this.#reasons.set(outcome.code, (this.#reasons.get(outcome.code) ?? 0) + 1);
    if (outcome.status === 'rejected') {
      this.#rejected++;
      this.#rejectedFile.add(reading, outcome);
    }
    this.#receiptsFile?.add(reading.row, id, outcome);
    this.#options.progress?.(this.rows, journal);
  }

  totals(): Omit<PushOutcome, 'resumed'> {
    return {
      rows: this.rows,
      rejected: this.#rejected,
      reasons: Object.fromEntries(this.#reasons),
      ...(this.#rejectedFile.begun ? { rejectedFile: this.#rejectedFile.path } : {}),
    };
  }

  async keep(): Promise<void> {
    await this.#rejectedFile.keep();
    await this.#receiptsFile?.keep();
  }
  async drop(): Promise<void> {
    await this.#rejectedFile.drop();
    await this.#receiptsFile?.drop();
  }
}
