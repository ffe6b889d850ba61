import type { AccessRecord, KeptAccessRecord } from '#contracts';
import { canonicalJson, instant } from '#kernel';

/** What is kept of a record: canonical JSON (RFC 8785) of it and its id; a member without a value is left out. */
export function recordBytes(id: string, record: AccessRecord): Uint8Array {
  return Buffer.from(canonicalJson(withoutUndefined({ ...record, id })));
}

/** Reads back what {@link recordBytes} wrote. */
export function readRecord(number: number, ms: number, bytes: Uint8Array): KeptAccessRecord {
  const kept = JSON.parse(Buffer.from(bytes).toString()) as Omit<KeptAccessRecord, 'number' | 'time'>;
  return { ...kept, number, time: instant(ms) };
}

export const agreementsOf = ({ decision }: AccessRecord): readonly string[] =>
  decision.kind === 'permit' ? [...new Set(decision.agreements.map(({ id }) => id))] : [];

function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (typeof value !== 'object' || value === null) return value;
  const present = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(present.map(([name, member]) => [name, withoutUndefined(member)]));
}
