import type { EventLines } from '../hub/events.ts';

/** One publisher's lines in order, through all lives of the hub: the next is sent when those before are acknowledged. */
export class Lane {
  readonly lines: EventLines;
  /** Of each line that was acknowledged, in order. */
  readonly positions: string[] = [];
  /** Lines that were on file though their acknowledgement was lost: told as repeated afterwards. */
  repeated = 0;
  /** One more than the last line that was ever sent. */
  highest = 0;
  #next = 0;

  constructor(lines: EventLines) {
    this.lines = lines;
  }

  /** The hub lives again: what was not acknowledged is sent again. */
  begin(): void {
    this.#next = this.positions.length;
  }

  /** The next line, which counts as sent from now on. */
  take(): Buffer {
    const line = Buffer.from(this.lines(this.#next++), 'latin1');
    this.highest = Math.max(this.highest, this.#next);
    return line;
  }

  get inFlight(): boolean {
    return this.#next > this.positions.length;
  }

  /** @throws Error unless the line was stored, now or before. */
  acknowledged(status: string, position: string | undefined): void {
    if (position === undefined) throw new Error(`line ${this.positions.length} was ${status}`);
    this.positions.push(position);
    if (status === 'repeated') this.repeated++;
  }
}
