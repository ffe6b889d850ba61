import { join } from 'node:path';
import { makeDirectory } from '#kernel';
import type { LogName } from '../log-trees.ts';
import { readIfThere, writeWhole, type LogKey } from './log-key.ts';

/** The newest checkpoint of each log, kept outside the backup of the data: what a rolled-back log is held against. */
export class OutsideCheckpoints {
  readonly #directory: string;
  readonly #id: string;

  constructor(directory: string, { id }: LogKey) {
    makeDirectory(directory);
    this.#directory = directory;
    this.#id = id;
  }

  read(log: LogName): string | undefined {
    return readIfThere(this.#file(log));
  }

  /** Durable when it returns. */
  write(log: LogName, note: string): void {
    writeWhole(this.#file(log), note);
  }

  #file(log: LogName): string {
    return join(this.#directory, `${this.#id}-${log}.checkpoint`);
  }
}
