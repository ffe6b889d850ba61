import { PLACE_GRAINS, TIME_GRAINS } from '#contracts';

const LATTICES: readonly (readonly string[])[] = [PLACE_GRAINS, TIME_GRAINS];
/** Which lattice a grain is of, and how coarse it is in it. */
const RANKS: ReadonlyMap<string, { readonly lattice: number; readonly rank: number }> = new Map(
  LATTICES.flatMap((grains, lattice) => grains.map((grain, rank) => [grain, { lattice, rank }] as const)),
);

/** True when `asked` is finer than `granted`, or no grain of its lattice: what is not understood is too fine. */
export function finerThan(asked: string, granted: string): boolean {
  const [of, than] = [RANKS.get(asked), RANKS.get(granted)];
  return of === undefined || than === undefined || of.lattice !== than.lattice || of.rank < than.rank;
}

/** The coarsest of some grains of one lattice. */
export const coarsest = <G extends string>(grains: readonly [G, ...G[]]): G =>
  grains.reduce((a, b) => (finerThan(a, b) ? b : a));
