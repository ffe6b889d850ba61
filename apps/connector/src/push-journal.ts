import { appendFile, mkdir, readFile, rm, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What the hub acknowledged of one row. */
export type Settled =
  | { readonly status: 'accepted' | 'repeated' | 'corrected'; readonly position: string }
  | { readonly status: 'quarantined'; readonly code: string; readonly field: string };
export type Acknowledged = Settled['status'];

/** First row, how many, status, position of the first; rows and positions then count up together. Or one held row. */
type Kept =
  | readonly [row: number, rows: number, status: 'accepted' | 'repeated' | 'corrected', position: number]
  | readonly [row: number, rows: 1, status: 'quarantined', code: string, field: string];

/**
 * Remembers which rows of one push the hub acknowledged, over a crash: a file to which whole lines are appended, so that
 * a line that was cut is ignored and at worst the rows since the last {@link PushJournal.flush} are sent again (and
 * repeat). Holds row numbers and positions, never a value of a row. In memory: one entry for each acknowledged row.
 */
export class PushJournal {
  readonly #path: string;
  readonly #rows = new Map<number, Settled>();
  readonly #counts = { accepted: 0, repeated: 0, corrected: 0, quarantined: 0 };
  #fresh: number[] = [];

  private constructor(path: string) {
    this.#path = path;
  }

  static async open(path: string): Promise<PushJournal> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const journal = new PushJournal(path);
    const text = await readFile(path, 'latin1').catch(() => '');
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    if (whole.length < text.length) await truncate(path, whole.length);
    for (const line of whole.split('\n')) for (const kept of entries(line)) journal.#load(kept);
    return journal;
  }

  get size(): number {
    return this.#rows.size;
  }
  get counts(): Readonly<Record<Acknowledged, number>> {
    return this.#counts;
  }
  get(row: number): Settled | undefined {
    return this.#rows.get(row);
  }
  rows(): IterableIterator<[number, Settled]> {
    return this.#rows.entries();
  }

  add(row: number, settled: Settled): void {
    this.#set(row, settled);
    this.#fresh.push(row);
  }

  /** Writes what was added since the last time. */
  async flush(): Promise<void> {
    if (this.#fresh.length === 0) return;
    const line = `${JSON.stringify(
      compact(
        this.#fresh.sort((a, b) => a - b),
        (row) => this.#rows.get(row),
      ),
    )}\n`;
    this.#fresh = [];
    await appendFile(this.#path, line, { mode: 0o600, flush: true });
  }

  /** Forgets everything: the push is complete, or the hub is another one. */
  async clear(): Promise<void> {
    this.#rows.clear();
    this.#fresh = [];
    Object.assign(this.#counts, { accepted: 0, repeated: 0, corrected: 0, quarantined: 0 });
    await this.removeFile();
  }
  /** Keeps what is in memory. */
  async removeFile(): Promise<void> {
    await rm(this.#path, { force: true });
  }

  #set(row: number, settled: Settled): void {
    const before = this.#rows.get(row);
    if (before !== undefined) this.#counts[before.status]--;
    this.#rows.set(row, settled);
    this.#counts[settled.status]++;
  }

  #load(kept: Kept): void {
    if (kept[2] === 'quarantined') return this.#set(kept[0], { status: kept[2], code: kept[3], field: kept[4] });
    const [row, rows, status, position] = kept;
    for (let i = 0; i < rows; i++) this.#set(row + i, { status, position: String(position + i) });
  }
}

/** Entries of one line; none where it is not one of ours. */
function entries(line: string): readonly Kept[] {
  if (line === '') return [];
  try {
    const read: unknown = JSON.parse(line);
    return Array.isArray(read) ? read.filter(isKept) : [];
  } catch {
    return [];
  }
}

function isKept(entry: unknown): entry is Kept {
  if (!Array.isArray(entry)) return false;
  const [row, rows, status, at, field] = entry as unknown[];
  if (!isCount(row) || !isCount(rows) || rows > 10_000_000) return false;
  if (status === 'quarantined') return typeof at === 'string' && typeof field === 'string';
  return (status === 'accepted' || status === 'repeated' || status === 'corrected') && isCount(at);
}
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function compact(rows: readonly number[], get: (row: number) => Settled | undefined): Kept[] {
  const all: Kept[] = [];
  for (const row of rows) {
    const settled = get(row);
    if (settled === undefined) continue;
    if (settled.status === 'quarantined') {
      all.push([row, 1, settled.status, settled.code, settled.field]);
      continue;
    }
    const last = all.at(-1);
    const at = Number(settled.position);
    if (last?.[2] === settled.status && last[0] + last[1] === row && last[3] + last[1] === at)
      all[all.length - 1] = [last[0], last[1] + 1, last[2], last[3]];
    else all.push([row, 1, settled.status, at]);
  }
  return all;
}
