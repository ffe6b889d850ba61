import { PLACE_GRAINS, TIME_GRAINS } from '#contracts';

const LATTICES: readonly (readonly string[])[] = [PLACE_GRAINS, TIME_GRAINS];

/** True when `asked` is finer than `granted`, or no grain of its lattice: what is not understood is too fine. */
export function finerThan(asked: string, granted: string): boolean {
  const lattice = LATTICES.find((grains) => grains.includes(granted)) ?? [];
  const at = lattice.indexOf(asked);
  return at < 0 || at < lattice.indexOf(granted);
}

/** The coarsest of some grains of one lattice. */
export const coarsest = <G extends string>(grains: readonly [G, ...G[]]): G =>
  grains.reduce((a, b) => (finerThan(a, b) ? b : a));
