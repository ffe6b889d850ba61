import { once } from 'node:events';
import { request } from 'node:http';
import type { PushTotals } from '#transport';

const NEWLINE = 0x0a;
const LONGEST_CLOSING_LINE = 4_096;

export interface Pushed {
  readonly totals: PushTotals;
  readonly seconds: number;
  readonly bytes: number;
  /** The first result came before the last input was written. */
  readonly answeredWhileReading: boolean;
}

/**
 * One NDJSON push at the least cost to the sender, so that what is measured is the hub: blocks are written as fast as
 * they are read, results are counted, and only the closing line is parsed.
 * @throws Error when the push was refused or has no closing line.
 */
export async function pushBlocks(url: string, token: string, blocks: Iterable<Buffer>): Promise<Pushed> {
  const began = performance.now();
  const pushing = request(`${url}/v1/events`, {
    method: 'POST',
    agent: false,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' },
  });
  let answered = false;
  let results = 0;
  let last: Buffer = Buffer.alloc(0);
  const totals = new Promise<PushTotals>((resolve, reject) => {
    pushing.once('error', reject);
    pushing.once('response', (response) => {
      response.once('error', reject);
      response.on('data', (chunk: Buffer) => {
        answered = true;
        for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) results++;
        last = chunk.length >= LONGEST_CLOSING_LINE ? chunk : Buffer.concat([last, chunk]);
        last = last.subarray(-LONGEST_CLOSING_LINE);
      });
      response.once('end', () => {
        const closing = closingLine(last);
        if (response.statusCode === 200 && closing !== undefined) resolve(closing);
        else reject(new Error(`the push was answered ${response.statusCode}: ${last.toString('latin1').slice(-300)}`));
      });
    });
  });
  let failed = false;
  totals.catch(() => (failed = true));
  let bytes = 0;
  let answeredWhileReading = false;
  for (const block of blocks) {
    if (failed) break;
    answeredWhileReading = answered;
    bytes += block.length;
    if (!pushing.write(block)) await Promise.race([once(pushing, 'drain'), totals]);
  }
  pushing.end();
  const closing = await totals;
  if (results - 1 !== closing.accepted + closing.repeated + closing.quarantined + closing.rejected)
    throw new Error('the totals do not agree with the results');
  return { totals: closing, seconds: (performance.now() - began) / 1_000, bytes, answeredWhileReading };
}

function closingLine(tail: Buffer): PushTotals | undefined {
  const line = tail.toString('latin1').trimEnd().split('\n').at(-1) ?? '';
  return line.startsWith('{"done":true') ? (JSON.parse(line) as PushTotals) : undefined;
}
