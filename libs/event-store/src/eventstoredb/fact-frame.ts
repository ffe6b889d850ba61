import { canonicalJson, eventType, instant, millis, position, Problem, streamName } from '#kernel';
import { MAX_STORED_BYTES } from '../new-fact.ts';
import type { StoredFact } from '../ports.ts';

/** First byte of a frame. Another version is another layout: it is refused, never guessed at. */
const VERSION = 1;
const NONCE_BYTES = 16;
/** Whole numbers are 6 bytes, big-endian: milliseconds and revisions are exact in a double. */
const NUMBER_BYTES = 6;
const LENGTH_BYTES = 4;
const HEAD_BYTES = 1 + NUMBER_BYTES + NONCE_BYTES + NUMBER_BYTES;
/** The end of the year 9999: an instant has four digits for its year. */
const LAST_MS = 253_402_300_799_999;

/** What an event's data must be to be a fact: all of it but the type, which is the event's, and the position, which is its revision. */
export type Framed = Omit<StoredFact, 'position' | 'type'>;

/**
 * Version 1: version (1 byte), recorded time in ms (6), nonce (16), revision in the logical stream (6); source, id,
 * stream and canonical metadata in UTF-8, each after its length (4); the stored bytes are the rest.
 */
export function frameFact(fact: Framed): Buffer {
  const texts = [fact.source, fact.id, fact.stream, canonicalJson(fact.metadata)].map((text) => Buffer.from(text));
  const size = texts.reduce((sum, text) => sum + LENGTH_BYTES + text.length, HEAD_BYTES + fact.stored.length);
  const frame = Buffer.allocUnsafe(size);
  let at = frame.writeUInt8(VERSION);
  at = frame.writeUIntBE(millis(fact.recordedTime), at, NUMBER_BYTES);
  frame.set(fact.nonce, at);
  at = frame.writeUIntBE(fact.revision, at + NONCE_BYTES, NUMBER_BYTES);
  for (const text of texts) {
    at = frame.writeUInt32BE(text.length, at);
    frame.set(text, at);
    at += text.length;
  }
  frame.set(fact.stored, at);
  return frame;
}

/** Reads frames strictly; remembers metadata, of which a log has few. */
export class FrameReader {
  readonly #utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  readonly #metadata = new Map<string, StoredFact['metadata']>();

  /** @throws Problem `store-damaged` with the position as its index, and nothing of what was found there. */
  read(at: number, type: string, data: Uint8Array): StoredFact {
    try {
      return this.#read(at, type, data);
    } catch {
      throw new Problem('store-damaged', { index: at });
    }
  }

  #read(at: number, type: string, data: Uint8Array): StoredFact {
    const frame = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    if (type === '' || frame.readUInt8(0) !== VERSION) throw new RangeError('not a frame of this version');
    const recorded = frame.readUIntBE(1, NUMBER_BYTES);
    if (recorded > LAST_MS) throw new RangeError('no such time');
    const revision = frame.readUIntBE(HEAD_BYTES - NUMBER_BYTES, NUMBER_BYTES);
    let end = HEAD_BYTES;
    const part = (): string => {
      const start = end + LENGTH_BYTES;
      end = start + frame.readUInt32BE(end);
      if (end > frame.length) throw new RangeError('a part runs over the end');
      return this.#utf8.decode(view(data, start, end));
    };
    const [source, id, stream, metadata] = [part(), part(), part(), part()];
    if (frame.length - end > MAX_STORED_BYTES) throw new RangeError('longer than any fact');
    return {
      position: position(at),
      recordedTime: instant(recorded),
      stream: streamName(stream),
      revision,
      source,
      id,
      type: eventType(type),
      metadata: this.#readMetadata(metadata),
      stored: view(data, end, frame.length),
      nonce: view(data, 1 + NUMBER_BYTES, 1 + NUMBER_BYTES + NONCE_BYTES),
    };
  }

  #readMetadata(text: string): StoredFact['metadata'] {
    const known = this.#metadata.get(text);
    if (known !== undefined) return known;
    const metadata = JSON.parse(text) as Record<string, string>;
    const flat = Object.values(metadata).every((value) => typeof value === 'string');
    // canonical text is part of what the leaf commits to: another spelling is another fact
    if (!flat || !text.startsWith('{') || canonicalJson(metadata) !== text) throw new RangeError('not canonical');
    if (this.#metadata.size >= 1_000) this.#metadata.clear();
    this.#metadata.set(text, Object.freeze(metadata));
    return metadata;
  }
}

const view = (data: Uint8Array, from: number, to: number): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset + from, to - from);
