export const SECTOR = 512;

/**
 * One file between a process and its disk. Everybody who runs sees `cached`; a power cut leaves of each sector what was
 * last synced or anything written to it since, whatever became of the sectors beside it, and of the size likewise.
 */
export class CachedFile {
  #cached = Buffer.alloc(0);
  #size = 0;
  #durable = Buffer.alloc(0);
  #durableSize = 0;
  /** Of each sector: its contents after each write that no sync covers yet, oldest first. */
  #pending = new Map<number, Buffer[]>();
  /** The same for writes that a failed sync should have covered: a later sync does not write them again. */
  readonly #dropped = new Map<number, Buffer[]>();
  #sizes: number[] = [];

  write(offset: number, bytes: Uint8Array): void {
    const end = offset + bytes.length;
    this.#reserve(end);
    this.#cached.set(bytes, offset);
    if (end > this.#size) this.#resize(end);
    this.#touch(offset, end);
  }

  truncate(size: number): void {
    this.#reserve(size);
    const before = this.#size;
    this.#cached.fill(0, size, Math.max(size, before));
    if (size !== before) this.#resize(size);
    if (size < before) this.#touch(size, before);
  }

  sync(): void {
    if (this.#durable.length < this.#cached.length) {
      const grown = Buffer.alloc(this.#cached.length);
      this.#durable.copy(grown);
      this.#durable = grown;
    }
    for (const sector of this.#pending.keys()) {
      this.#sector(this.#cached, sector).copy(this.#durable, sector * SECTOR);
      this.#dropped.delete(sector);
    }
    this.#pending = new Map();
    this.#durableSize = this.#size;
    this.#sizes = [];
  }

  /** What was to be synced may never reach the disk, unless it is written again. */
  syncFailed(): void {
    for (const [sector, contents] of this.#pending)
      this.#dropped.set(sector, [...(this.#dropped.get(sector) ?? []), ...contents]);
    this.#pending = new Map();
  }

  /** As every process sees it. */
  now(): Buffer {
    return Buffer.from(this.#cached.subarray(0, this.#size));
  }

  hasUnsynced(): boolean {
    return this.#pending.size > 0 || this.#dropped.size > 0 || this.#sizes.length > 0;
  }

  /** As a disk may hold it after a power cut. `choose(n)` picks one of 0 (the oldest) to n - 1. */
  afterCut(choose: (count: number) => number): Buffer {
    const sizes = [this.#durableSize, ...this.#sizes];
    const size = sizes[choose(sizes.length)] ?? 0;
    const sectors = new Set([...this.#dropped.keys(), ...this.#pending.keys()]);
    const bytes = Buffer.alloc(Math.ceil(Math.max(size, ...sizes) / SECTOR + 1) * SECTOR);
    this.#durable.copy(bytes);
    for (const sector of sectors) {
      const contents = [...(this.#dropped.get(sector) ?? []), ...(this.#pending.get(sector) ?? [])];
      const chosen = choose(contents.length + 1);
      if (chosen > 0) contents[chosen - 1]?.copy(bytes, sector * SECTOR);
    }
    return bytes.subarray(0, size);
  }

  #resize(size: number): void {
    this.#size = size;
    this.#sizes.push(size);
  }

  /** Whole sectors, so that one can be cut out anywhere. */
  #reserve(end: number): void {
    if (end <= this.#cached.length) return;
    const grown = Buffer.alloc(Math.ceil((end * 1.5) / SECTOR) * SECTOR);
    this.#cached.copy(grown);
    this.#cached = grown;
  }

  #touch(from: number, to: number): void {
    for (let sector = Math.floor(from / SECTOR); sector * SECTOR < to; sector++) {
      const contents = this.#pending.get(sector) ?? [];
      contents.push(Buffer.from(this.#sector(this.#cached, sector)));
      this.#pending.set(sector, contents);
    }
  }

  #sector(of: Buffer, sector: number): Buffer {
    return of.subarray(sector * SECTOR, (sector + 1) * SECTOR);
  }
}
