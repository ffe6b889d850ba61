import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';

/** Length of the payload and its CRC-32, 4 bytes each, big-endian; the payload follows. */
const HEAD_BYTES = 8;

/** An append-only file of records. What a killed process left half written at its end is dropped when it is opened. */
export class LogFile {
  readonly #file: number;
  /** What the file held when it was opened, in order. */
  readonly records: readonly Buffer[];

  constructor(path: string) {
    this.#file = openSync(path, 'a+', 0o600);
    const { records, end } = wholeRecords(readFileSync(path));
    this.records = records;
    ftruncateSync(this.#file, end);
  }

  /** All of it is on the disk when this returns. */
  append(payloads: readonly Uint8Array[]): void {
    const bytes = Buffer.concat(payloads.flatMap((payload) => [headOf(payload), payload]));
    for (let at = 0; at < bytes.length;) at += writeSync(this.#file, bytes, at);
    fsyncSync(this.#file);
  }

  close(): void {
    closeSync(this.#file);
  }
}

function headOf(payload: Uint8Array): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32BE(payload.length);
  head.writeUInt32BE(crc32(payload), 4);
  return head;
}

function wholeRecords(bytes: Buffer): { readonly records: Buffer[]; readonly end: number } {
  const records: Buffer[] = [];
  let end = 0;
  while (end + HEAD_BYTES <= bytes.length) {
    const next = end + HEAD_BYTES + bytes.readUInt32BE(end);
    const payload = bytes.subarray(end + HEAD_BYTES, next);
    if (next > bytes.length || crc32(payload) !== bytes.readUInt32BE(end + 4)) break;
    records.push(payload);
    end = next;
  }
  return { records, end };
}
