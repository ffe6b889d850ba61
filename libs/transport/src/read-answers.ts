import { type Json, parsePosition, parseStrictJson } from '#kernel';
import type { ProblemDetails, PushTotals, ResultLine } from './publisher.ts';

const ANSWER_LIMITS = { bytes: 64 * 1024 * 1024, depth: 64, keys: 100_000, items: 5_000_000 };

/** JSON of an answer; undefined where it is none. */
export function readJson(bytes: Uint8Array): Json | undefined {
  const parsed = parseStrictJson(bytes, ANSWER_LIMITS);
  return parsed.ok ? parsed.value : undefined;
}

/** A line of the result stream; undefined where it is neither a result nor the closing line. */
export function readResult(bytes: Uint8Array): ResultLine | PushTotals | undefined {
  const value = readJson(bytes);
  if (!isObject(value)) return undefined;
  if (value['done'] === true) return isTotals(value) ? value : undefined;
  const { line, status, position, problem } = value;
  if (!Number.isSafeInteger(line) || typeof status !== 'string' || !STATUSES.has(status)) return undefined;
  if (KEPT.has(status) && (typeof position !== 'string' || parsePosition(position) === undefined)) return undefined;
  if (problem !== undefined && !isProblem(problem)) return undefined;
  return TEXTS.every((name) => value[name] === undefined || typeof value[name] === 'string')
    ? (value as unknown as ResultLine)
    : undefined;
}

const KEPT = new Set(['accepted', 'repeated']);
const TEXTS = ['id', 'field', 'reason', 'quarantineId'];
const STATUSES = new Set(['accepted', 'repeated', 'quarantined', 'rejected']);
export type JsonObject = { readonly [key: string]: Json };
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const isProblem = (value: unknown): value is JsonObject & ProblemDetails =>
  isObject(value) && typeof value['type'] === 'string';

function isTotals(value: JsonObject): value is JsonObject & PushTotals {
  return ['accepted', 'repeated', 'quarantined', 'rejected'].every((name) => Number.isSafeInteger(value[name]));
}
