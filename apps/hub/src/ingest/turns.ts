/**
 * Hands out turns of the event loop, one to each who asks, in order: work that comes in pieces then never holds up an
 * answer for longer than one piece, however many streams are read.
 */
export class Turns {
  #last: Promise<void> = Promise.resolve();

  /** Resolves in a turn in which nobody else was given one. */
  next(): Promise<void> {
    this.#last = this.#last.then(() => new Promise((resolve) => void setImmediate(resolve)));
    return this.#last;
  }
}
