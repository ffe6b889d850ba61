import type { Position } from './ids.ts';

/** @throws RangeError when `n` is not a whole number that a double holds exactly. */
export function position(n: number): Position {
  if (!Number.isSafeInteger(n) || n < 0) throw new RangeError('a position is a whole number from 0');
  return String(n) as Position;
}

const DECIMAL = /^(0|[1-9][0-9]{0,15})$/;
/** Reads what an outsider sent; `undefined` for anything but an unpadded decimal that {@link position} would write. */
export function parsePosition(text: string): Position | undefined {
  return DECIMAL.test(text) && Number.isSafeInteger(Number(text)) ? (text as Position) : undefined;
}

export const positionNumber = (p: Position): number => Number(p);
/** Negative, zero or positive, as `Array.prototype.sort` wants it. */
export const comparePositions = (a: Position, b: Position): number => Number(a) - Number(b);
