/** Where text goes. `process.stderr` and `process.stdout` fit. */
export interface Terminal {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

const EACH_LINES = 100_000;
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

  /** Counts what passes through. */
  async *lines(source: AsyncIterable<string>): AsyncGenerator<string> {
    let lines = 0;
    for await (const line of source) {
      this.#count(++lines);
      yield line;
    }
    this.#end();
  }

  /** Errors are said even when quiet. */
  complain(text: string): void {
    this.#end();
    this.#terminal.write(`${this.#colour ? '\x1b[31m' : ''}${text}${this.#colour ? '\x1b[0m' : ''}\n`);
  }

  #count(lines: number): void {
    if (this.#quiet) return;
    if (this.#terminal.isTTY !== true) {
      if (lines % EACH_LINES === 0) this.#terminal.write(`${count(lines)} lines\n`);
      return;
    }
    const now = Date.now();
    if (now - this.#shown < EACH_MS) return;
    this.#shown = now;
    this.#open = true;
    this.#terminal.write(`\r${this.#colour ? '\x1b[2m' : ''}${count(lines)} lines${this.#colour ? '\x1b[0m' : ''}`);
  }

  #end(): void {
    if (this.#open) this.#terminal.write('\n');
    this.#open = false;
  }
}

export const count = (n: number): string => n.toLocaleString('en-GB');

/** What somebody else wrote, without what would move a cursor or turn the writing round. */
export const visible = (text: string): string => text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\u{fffd}');
