import fc from 'fast-check';
import { eventType, instant, position, streamName } from '#kernel';
import type { StoredFact } from '../ports.ts';
import { FrameReader, frameFact } from './fact-frame.ts';

const bytes = (minLength: number, maxLength: number) => fc.uint8Array({ minLength, maxLength });
const text = fc.string({ unit: 'binary', maxLength: 40 });
const fact: fc.Arbitrary<StoredFact> = fc.record({
  position: fc.nat().map(position),
  recordedTime: fc.integer({ min: 0, max: 253_402_300_799_999 }).map(instant),
  stream: text.map(streamName),
  revision: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
  source: text,
  id: text,
  type: fc.string({ unit: 'binary', minLength: 1 }).map(eventType),
  metadata: fc.dictionary(text, text, { maxKeys: 4, noNullPrototype: true }),
  stored: bytes(0, 300),
  nonce: bytes(16, 16),
});
const read = (at: StoredFact, data: Uint8Array, type: string = at.type): StoredFact =>
  new FrameReader().read(Number(at.position), type, data);
const damaged = (at: StoredFact) =>
  expect.objectContaining({ code: 'store-damaged', index: Number(at.position) }) as unknown as Error;

describe('the frame of a fact', () => {
  it('gives back all that was put in, wherever it lies in its buffer', () => {
    fc.assert(
      fc.property(fact, fc.nat(9), (given, offset) => {
        const frame = frameFact(given);
        const buffer = new Uint8Array(frame.length + offset);
        buffer.set(frame, offset);
        expect(read(given, buffer.subarray(offset))).toEqual(given);
      }),
    );
  });

  it('is never read as another fact: each byte is checked, or is told back as it is', () => {
    fc.assert(
      fc.property(fact, fc.nat(), fc.integer({ min: 1, max: 255 }), (given, place, change) => {
        const frame = frameFact(given);
        const at = place % frame.length;
        frame[at] = (frame[at] ?? 0) ^ change;
        let found: StoredFact;
        try {
          found = read(given, frame);
        } catch (error) {
          return expect(error).toEqual(damaged(given));
        }
        expect(frameFact(found)).toEqual(frame);
      }),
    );
  });

  it('is refused where it was cut short', () => {
    fc.assert(
      fc.property(fact, fc.nat(), (given, cut) => {
        const stop = cut % (frameFact(given).length - given.stored.length);
        expect(() => read(given, frameFact(given).subarray(0, stop))).toThrow(damaged(given));
      }),
    );
  });

  const sample: StoredFact = {
    position: position(7),
    recordedTime: instant(1),
    stream: streamName('s'),
    revision: 0,
    source: 'urn:a',
    id: 'i',
    type: eventType('t'),
    metadata: { a: '1', b: '2' },
    stored: new Uint8Array(2),
    nonce: new Uint8Array(16),
  };
  const metadataWritten = (written: string): Uint8Array => {
    const frame = Buffer.from(frameFact(sample));
    frame.write(written, frame.length - 2 - written.length);
    return frame;
  };

  it.each<[string, Uint8Array, string]>([
    ['another version', Buffer.concat([Buffer.from([2]), frameFact(sample).subarray(1)]), 't'],
    ['no type', frameFact(sample), ''],
    ['nothing', new Uint8Array(0), 't'],
    ['more than a fact holds', frameFact({ ...sample, stored: new Uint8Array(60_001) }), 't'],
    ['a time that does not exist', Buffer.from(frameFact(sample)).fill(255, 1, 7), 't'],
    ['metadata in another order', metadataWritten('{"b":"1","a":"2"}'), 't'],
    ['metadata that is a list', metadataWritten('["a","1","b","2"]'), 't'],
    ['metadata that nests', metadataWritten('{"a":{"b":"123"}}'), 't'],
    ['metadata of numbers', metadataWritten('{"a":100,"b":200}'), 't'],
  ])('is refused with %s', (_, data, type) => {
    expect(() => read(sample, data, type)).toThrow(damaged(sample));
  });
});
