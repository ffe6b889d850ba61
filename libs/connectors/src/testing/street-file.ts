import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgencyId } from '#kernel';
import { STREET_COLUMNS } from '../police-street-csv/layout.ts';

export const HEADER = STREET_COLUMNS.join(',');
export const CONTEXT = { agency: 'warwickshire-police' as AgencyId, key: Buffer.alloc(32, 9) };

/** A row of the newest layout; each part may be set. */
export const street = (
  set: Partial<Record<'id' | 'month' | 'location' | 'lsoa' | 'type' | 'outcome', string>>,
): string =>
  [
    set.id ?? '',
    set.month ?? '2024-01',
    'Warwickshire Police',
    'Warwickshire Police',
    '-1.767380',
    '52.559816',
    set.location ?? 'On or near Holly Lane',
    set.lsoa ?? 'E01009450',
    'Birmingham 012E',
    set.type ?? 'Anti-social behaviour',
    set.outcome ?? '',
    '',
  ].join(',');

/** Any text as chunks of `size` bytes. */
export async function* chunks(text: string | Uint8Array, size = 7): AsyncGenerator<Uint8Array> {
  const bytes = typeof text === 'string' ? Buffer.from(text, 'utf8') : text;
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** A published file, or undefined (and the reason printed) where the folder of real files is absent. */
export function realFile(name: string): Buffer | undefined {
  const path = join(process.env['SVD_DATA_DIR'] ?? '../shared/data', name);
  if (existsSync(path)) return readFileSync(path);
  process.stderr.write(`skipped: no ${name} under SVD_DATA_DIR\n`);
  return undefined;
}
