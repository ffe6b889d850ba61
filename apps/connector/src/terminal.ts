import type { Summary } from './summary.ts';

/** Where text goes. `process.stderr` and `process.stdout` fit. */
export interface Terminal {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

const EACH_ROWS = 25_000;
const EACH_MS = 200;

/** Progress for people: one line rewritten on a terminal, a line now and then elsewhere, nothing when quiet. */
export class Progress {
  readonly #terminal: Terminal;
  readonly #quiet: boolean;
  readonly #colour: boolean;
  #shown = 0;
  #open = false;

  constructor(terminal: Terminal, quiet: boolean, colour: boolean) {
    this.#terminal = terminal;
    this.#quiet = quiet;
    this.#colour = colour && terminal.isTTY === true;
  }

  rows(rows: number): void {
    if (this.#quiet) return;
    if (this.#terminal.isTTY !== true) {
      if (rows % EACH_ROWS === 0) this.#terminal.write(`${count(rows)} rows\n`);
      return;
    }
    const now = Date.now();
    if (now - this.#shown < EACH_MS) return;
    this.#shown = now;
    this.#open = true;
    this.#terminal.write(`\r${this.#colour ? '\x1b[2m' : ''}${count(rows)} rows${this.#colour ? '\x1b[0m' : ''}`);
  }

  /** A line of its own. */
  say(text: string): void {
    if (this.#quiet) return;
    this.end();
    this.#terminal.write(`${text}\n`);
  }

  /** Errors are said even when quiet. */
  complain(text: string): void {
    this.end();
    this.#terminal.write(`${this.#colour ? '\x1b[31m' : ''}${text}${this.#colour ? '\x1b[0m' : ''}\n`);
  }

  end(): void {
    if (this.#open) this.#terminal.write('\n');
    this.#open = false;
  }
}

const count = (n: number): string => n.toLocaleString('en-GB');

/** A summary for people. */
export function inWords(summary: Summary): string {
  const parts = summary.dryRun
    ? [`${count(summary.wouldSend ?? 0)} would be sent`, `${count(summary.rejected)} rejected`]
    : (['accepted', 'repeated', 'corrected', 'quarantined', 'rejected'] as const).map(
        (name) => `${count(summary[name])} ${name}`,
      );
  const lines = [`${summary.file}: ${count(summary.rows)} rows: ${parts.join(', ')}`];
  if (summary.resumed > 0) lines.push(`${count(summary.resumed)} of them were settled by an earlier run`);
  for (const [code, n] of Object.entries(summary.reasons)) lines.push(`  ${code}: ${count(n)}`);
  if (summary.rejectedFile !== undefined) lines.push(`rejected rows: ${summary.rejectedFile}`);
  if (summary.firstPosition !== undefined)
    lines.push(`positions ${summary.firstPosition} to ${summary.lastPosition ?? ''}`);
  return lines.join('\n');
}
