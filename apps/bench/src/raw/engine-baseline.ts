import { randomUUID } from 'node:crypto';
import { EventStoreDBClient, NO_STREAM, type BinaryEventData } from '@eventstore/db-client';

/** The most facts that the hub sends in one call. */
const MOST_OF_CALL = 256;
/** Where a frame keeps the time at which it was recorded. */
const RECORDED = { from: 1, to: 7 } as const;

export interface EngineBaseline {
  readonly facts: number;
  readonly seconds: number;
  readonly calls: number;
}

/**
 * The frames of one stream appended once more to another of the same engine, by its client alone: what was recorded at
 * one time is one call here too, each at the exact revision and after the one before it was answered.
 */
export async function engineBaseline(connection: string, from: string, to: string): Promise<EngineBaseline> {
  const client = EventStoreDBClient.connectionString(connection);
  try {
    const calls = await callsOf(client, from);
    let facts = 0;
    const began = performance.now();
    for (const call of calls) {
      const expectedRevision = facts === 0 ? NO_STREAM : BigInt(facts - 1);
      await client.appendToStream(to, call, { expectedRevision, requiresLeader: true });
      facts += call.length;
    }
    return { facts, seconds: (performance.now() - began) / 1_000, calls: calls.length };
  } finally {
    await client.dispose();
  }
}

async function callsOf(client: EventStoreDBClient, stream: string): Promise<BinaryEventData[][]> {
  const calls: BinaryEventData[][] = [];
  let recorded = '';
  for await (const { event } of client.readStream(stream)) {
    if (event === undefined || !(event.data instanceof Uint8Array)) throw new TypeError('a frame is binary');
    const { type, data } = event;
    const at = Buffer.from(data).toString('hex', RECORDED.from, RECORDED.to);
    const frame = {
      id: randomUUID(),
      contentType: 'application/octet-stream',
      type,
      data,
      metadata: undefined,
    } as const;
    const call = calls.at(-1);
    if (call !== undefined && at === recorded && call.length < MOST_OF_CALL) call.push(frame);
    else calls.push([frame]);
    recorded = at;
  }
  return calls;
}
