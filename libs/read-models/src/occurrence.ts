import { hash } from 'node:crypto';
import type { CORRECTION_REASONS } from '#contracts';
import { Problem } from '#kernel';
import { isObject } from './field-reader.ts';

/**
 * One occurrence may be told several times: an original, and corrections that name it or each other. It makes at most
 * one row, at its root: the end of the chain of `corrects`. Any correction beats the original; among corrections the
 * later position wins; a winner whose reason is `duplicate` or `retracted` leaves no count. All of it commutes, so that
 * a correction may come before what it corrects.
 */
export interface Correction {
  /** Event of the same source. */
  readonly id: string;
  /** The row leaves the counts. */
  readonly removes: boolean;
}
const REMOVES: Readonly<Record<(typeof CORRECTION_REASONS)[number], boolean>> = {
  reclassified: false,
  wrong: false,
  duplicate: true,
  retracted: true,
};
const REASONS: ReadonlyMap<unknown, boolean> = new Map(Object.entries(REMOVES));

/** @throws Problem `correction-unplaceable` when `corrects` is not understood. */
export function correctionOf(data: Readonly<Record<string, unknown>>): Correction | undefined {
  const corrects = data['corrects'];
  if (corrects === undefined) return undefined;
  const id = isObject(corrects) ? corrects['id'] : undefined;
  const removes = isObject(corrects) ? REASONS.get(corrects['reason']) : undefined;
  if (typeof id !== 'string' || removes === undefined) {
    throw new Problem('correction-unplaceable', { field: 'data.corrects' });
  }
  return { id, removes };
}

/** 16 bytes that stand for source and id. The length of the source keeps the two apart. */
export const occurrenceKey = (source: string, id: string): Uint8Array =>
  hash('sha256', `${source.length}:${source}${id}`, 'buffer').subarray(0, 16);

/** Rank of an original, below that of any correction (its position + 1). */
export const ORIGINAL = 0;
