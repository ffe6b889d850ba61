/** An event as a client proposes it. */
export interface ProposedEvent {
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}
/** What one write adds: all of it or nothing. One without events still takes a position. */
export interface Write {
  readonly stream: string;
  readonly events: readonly ProposedEvent[];
  /** The stream ends here for good. */
  readonly tombstone?: boolean;
  /** Milliseconds since 1970. */
  readonly created: number;
}
export interface LogEvent extends ProposedEvent {
  readonly stream: string;
  /** From 0 without gaps; that of a tombstone is infinite. */
  readonly revision: number;
  /** Where it begins in the log: ascending, with gaps. */
  readonly position: number;
  readonly created: number;
}
/** `event` is absent where a write had none. */
interface Entry {
  readonly position: number;
  readonly event?: LogEvent;
}
interface Stream {
  readonly events: LogEvent[];
  tombstone?: LogEvent;
}
/** What of a stream can be read: from `first` to `last`, and nothing that was created before `since`. */
export interface Readable {
  readonly first: number;
  readonly last: number;
  readonly since: number;
}

export const metastreamOf = (stream: string): string => `$$${stream}`;
export const NO_STREAM = -1;
const FIRST_POSITION = 548;
const OVERHEAD_BYTES = 90;
/** `$tb` of a stream that was soft-deleted: the largest revision, as far as a double can tell. */
const EVERYTHING = 2 ** 63;
/** The same as a revision or as `$tb`, exactly. */
export const DELETED_REVISION = '9223372036854775807';

/** Every stream and `$all`, in memory; made of nothing but the writes, in their order. */
export class StreamLog {
  readonly #streams = new Map<string, Stream>();
  readonly #all: Entry[] = [];
  /** Where an id was written last, whatever the stream. */
  readonly #places = new Map<string, LogEvent>();
  #end = FIRST_POSITION;

  /** Position of its last event, or its own. */
  apply({ stream: name, events, tombstone = false, created }: Write): number {
    const stream: Stream = this.#streams.get(name) ?? { events: [] };
    let last = this.#end;
    const add = (proposed: ProposedEvent, revision: number): LogEvent => {
      const event = { ...proposed, stream: name, revision, position: this.#end, created };
      last = event.position;
      this.#all.push({ position: last, event });
      this.#end += OVERHEAD_BYTES + name.length + event.type.length + event.data.length + event.metadata.length;
      return event;
    };
    for (const proposed of events) {
      const event = add(proposed, stream.events.length);
      stream.events.push(event);
      this.#places.set(event.id, event);
    }
    if (tombstone) stream.tombstone = add(TOMBSTONE, Infinity);
    else if (events.length === 0) {
      this.#all.push({ position: last });
      this.#end += OVERHEAD_BYTES + name.length;
    }
    if (events.length > 0 || tombstone) this.#streams.set(name, stream);
    return last;
  }

  lastRevision(stream: string): number {
    return (this.#streams.get(stream)?.events.length ?? 0) + NO_STREAM;
  }

  /** A tombstone covers the metadata of its stream as well. */
  isTombstoned(stream: string): boolean {
    if (stream.startsWith('$$') && this.isTombstoned(stream.slice(2))) return true;
    return this.tombstoneOf(stream) !== undefined;
  }

  tombstoneOf(stream: string): LogEvent | undefined {
    return this.#streams.get(stream)?.tombstone;
  }

  isSoftDeleted(stream: string): boolean {
    return this.lastRevision(stream) !== NO_STREAM && truncation(this.metadataOf(stream)) >= EVERYTHING;
  }

  event(stream: string, revision: number): LogEvent | undefined {
    return this.#streams.get(stream)?.events[revision];
  }

  /** Where an id was last written, if that was in this stream. */
  placeOf(stream: string, id: string): LogEvent | undefined {
    const place = this.#places.get(id);
    return place?.stream === stream ? place : undefined;
  }

  metadataOf(stream: string): Readonly<Record<string, unknown>> {
    const metastream = metastreamOf(stream);
    const last = this.event(metastream, this.lastRevision(metastream));
    return last === undefined ? {} : objectOf(last.data);
  }

  /** Undefined where there is no stream, or it was soft-deleted: a reader is not told which. */
  readable(stream: string, now: number): Readable | undefined {
    const last = this.lastRevision(stream);
    if (last === NO_STREAM || this.isSoftDeleted(stream)) return undefined;
    const metadata = stream.startsWith('$$') ? { $maxCount: 1 } : this.metadataOf(stream);
    const [count, age] = [numberOf(metadata, '$maxCount'), numberOf(metadata, '$maxAge')];
    return {
      first: Math.max(0, truncation(metadata), count === undefined ? 0 : last - count + 1),
      last,
      since: age === undefined ? 0 : now - age * 1_000,
    };
  }

  get length(): number {
    return this.#all.length;
  }
  /** Where the next write begins. */
  get end(): number {
    return this.#end;
  }
  /** Of `$all`, by its place in order; undefined where a write had no event. */
  entry(index: number): LogEvent | undefined {
    return this.#all[index]?.event;
  }
  /** The first entry at or after a position. */
  indexAt(position: number): number {
    let [low, high] = [0, this.#all.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#all[middle]?.position ?? 0) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }
  isBoundary(position: number): boolean {
    return position === this.#end || this.#all[this.indexAt(position)]?.position === position;
  }
}

const TOMBSTONE: ProposedEvent = {
  id: '00000000-0000-0000-0000-000000000000',
  type: '$streamDeleted',
  contentType: 'application/octet-stream',
  data: new Uint8Array(0),
  metadata: new Uint8Array(0),
};

const truncation = (metadata: Readonly<Record<string, unknown>>): number => numberOf(metadata, '$tb') ?? 0;

function numberOf(metadata: Readonly<Record<string, unknown>>, name: string): number | undefined {
  const value = metadata[name];
  return typeof value === 'number' ? value : undefined;
}

function objectOf(data: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(data).toString('utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
