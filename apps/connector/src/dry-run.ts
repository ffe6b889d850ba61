import { createReadStream } from 'node:fs';
import type { Connector, ConnectorContext } from '#connectors';
import { CodeLists, readEvent, type ReadingContext } from '#contracts';
import { systemClock } from '#kernel';
import type { RejectedFile } from './row-files.ts';

export interface DryRun {
  readonly rows: number;
  readonly wouldSend: number;
  readonly rejected: number;
  readonly reasons: Readonly<Record<string, number>>;
}

/**
 * Reads every row as a push would and checks each event as the hub would, but for what only the hub knows: agreements,
 * adopted code lists and what was sent before. Connects to nothing.
 */
export async function dryRun(
  connector: Connector,
  context: ConnectorContext,
  file: string,
  rejectedFile: RejectedFile,
): Promise<DryRun> {
  let rows = 0;
  let wouldSend = 0;
  const reasons = new Map<string, number>();
  const asHub = { agency: context.agency, codes: CodeLists.none, now: systemClock.now() };
  for await (const reading of connector.read(createReadStream(file), context)) {
    rows++;
    const fault = 'rejected' in reading ? reading.rejected : faultOf(reading.event.bytes, asHub);
    if (fault === undefined) {
      wouldSend++;
      continue;
    }
    reasons.set(fault.code, (reasons.get(fault.code) ?? 0) + 1);
    rejectedFile.add(reading, fault);
  }
  await rejectedFile.keep();
  return { rows, wouldSend, rejected: rows - wouldSend, reasons: Object.fromEntries(reasons) };
}

function faultOf(bytes: Uint8Array, asHub: ReadingContext): { code: string; field: string } | undefined {
  const reading = readEvent(bytes, asHub);
  return reading.outcome === 'reject' ? { code: reading.code, field: reading.field ?? '' } : undefined;
}
