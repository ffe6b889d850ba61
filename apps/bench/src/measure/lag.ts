/**
 * How long what was appended waited until something that follows the log covered it. Times in milliseconds of one
 * clock, never falling; sizes in facts, from the first.
 */
export class Lag {
  readonly #waiting: { readonly size: number; readonly at: number }[] = [];
  #greatest = 0;

  /** The longest wait seen: of what was covered, until it was seen to be, and of what still waits. */
  get greatest(): number {
    return this.#greatest;
  }

  /** The log holds `size` facts, durable since `at`. */
  appended(size: number, at: number): void {
    const last = this.#waiting.at(-1);
    if (last === undefined || size > last.size) this.#waiting.push({ size, at });
  }

  /** What follows was seen to cover `size` facts. */
  covers(size: number, at: number): void {
    const [oldest] = this.#waiting;
    if (oldest !== undefined) this.#greatest = Math.max(this.#greatest, at - oldest.at);
    const still = this.#waiting.findIndex((waiting) => waiting.size > size);
    this.#waiting.splice(0, still === -1 ? this.#waiting.length : still);
  }
}
