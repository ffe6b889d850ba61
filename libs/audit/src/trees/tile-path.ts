import { TILE_HASHES } from './merkle.ts';

export interface TileName {
  readonly level: number;
  readonly no: number;
  /** Hashes: 256, or fewer of a partial tile. */
  readonly width: number;
}

const PATH = /^([0-6])\/((?:x[0-9]{3}\/){0,4})([0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/;

/** `<level>/<number>[.p/<width>]`, the number in groups of three digits, all but the last after an `x` (C2SP tlog-tiles). */
export function parseTilePath(path: string): TileName | undefined {
  const [whole, level = '', groups = '', last = '', partial] = PATH.exec(path) ?? [];
  // one name for each tile: no group of zeros in front
  if (whole === undefined || groups.startsWith('x000')) return undefined;
  const width = partial === undefined ? TILE_HASHES : Number(partial);
  if (width > TILE_HASHES || (partial !== undefined && width === TILE_HASHES)) return undefined;
  const no = Number(groups.replace(/[x/]/g, '') + last);
  return Number.isSafeInteger(no) ? { level: Number(level), no, width } : undefined;
}
