/** One line of a stream: its number from 1 and its bytes without the line ending, or `undefined` when it was too long. */
export interface Line {
  readonly number: number;
  readonly bytes: Uint8Array | undefined;
}

const NEWLINE = 0x0a;
const RETURN = 0x0d;
/** Read in one turn of the event loop, in which no question is answered. */
const MAX_LINES = 64;
const MAX_BYTES = 1 << 18;

/**
 * Cuts a byte stream into lines, in chunks of at most 64 lines or 256 KiB (several share a commit), and no chunk waits for
 * more input than has arrived. A line over `maxLine` bytes is passed over without being kept. Blank lines are not
 * yielded but counted; the last line needs no ending.
 */
export async function* lineChunks(input: AsyncIterable<Uint8Array>, maxLine: number): AsyncGenerator<readonly Line[]> {
  let number = 0;
  let rest: Uint8Array[] = [];
  let restLength = 0;
  let chunk: Line[] = [];
  let chunkBytes = 0;

  const end = (last: Uint8Array): void => {
    number++;
    const length = restLength + last.length;
    if (length > maxLine + 1) chunk.push({ number, bytes: undefined });
    else {
      const whole = rest.length === 0 ? last : Buffer.concat([...rest, last], length);
      const bytes = whole.at(-1) === RETURN ? whole.subarray(0, -1) : whole;
      if (bytes.length > maxLine) chunk.push({ number, bytes: undefined });
      else if (!isBlank(bytes)) chunk.push({ number, bytes });
    }
    chunkBytes += Math.min(length, maxLine);
    rest = [];
    restLength = 0;
  };

  for await (const piece of input) {
    let start = 0;
    for (let stop = piece.indexOf(NEWLINE); stop !== -1; stop = piece.indexOf(NEWLINE, start)) {
      end(piece.subarray(start, stop));
      start = stop + 1;
      if (chunk.length >= MAX_LINES || chunkBytes >= MAX_BYTES) {
        yield chunk;
        chunk = [];
        chunkBytes = 0;
      }
    }
    if (start < piece.length) {
      // past the limit only the length matters, so that an endless line costs no memory
      if (restLength <= maxLine + 1) rest.push(piece.subarray(start));
      restLength += piece.length - start;
      if (restLength > maxLine + 1) rest = [];
    }
    if (chunk.length > 0) {
      yield chunk;
      chunk = [];
      chunkBytes = 0;
    }
  }
  if (restLength > 0) end(new Uint8Array(0));
  if (chunk.length > 0) yield chunk;
}

function isBlank(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte !== 0x20 && byte !== 0x09) return false;
  return true;
}
