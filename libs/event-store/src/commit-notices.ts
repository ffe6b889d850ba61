/**
 * Wakes who waits for the next commit. A notice carries nothing: the log itself says what is new, so that one
 * missed or doubled does no harm.
 */
export class CommitNotices {
  #count = 0;
  #waiting = new Set<() => void>();

  /** Taken before reading; given back to {@link after}, so that no commit falls between the two. */
  get count(): number {
    return this.#count;
  }

  notify(): void {
    this.#count++;
    const waiting = this.#waiting;
    this.#waiting = new Set();
    for (const wake of waiting) wake();
  }

  /** Resolves at the first notice after `count`, when `signal` aborts, or after `atMost` milliseconds. */
  after(count: number, signal: AbortSignal, atMost?: number): Promise<void> {
    if (this.#count !== count || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = atMost === undefined ? undefined : setTimeout(() => wake(), atMost);
      const wake = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        this.#waiting.delete(wake);
        resolve();
      };
      signal.addEventListener('abort', wake);
      this.#waiting.add(wake);
    });
  }
}
