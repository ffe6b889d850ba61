import { gatewayInForce, serves, type Gateway, type LawPack } from './law-pack.ts';

/** Who would disclose to whom, as far as it is known; on a day. */
export interface Between {
  readonly day: string;
  readonly mode: string;
  /** Capacities of the publisher, of which one must be served; any, where no one publisher is meant. */
  readonly from: ReadonlySet<string> | undefined;
  readonly to: ReadonlySet<string>;
  /** Gateway that was refused. */
  readonly not?: string;
}

/** Nothing standing can rest on these: they carry one case, or one emergency. */
const NO_STANDING: readonly string[] = ['case-exchange-only', 'emergency-only'];
const FIRST: readonly string[] = ['anonymous', 'confidence-consent'];

/**
 * Lawful ways that are left when one is refused, best first (law.md): make it anonymous, ask for consent, then the other
 * powers whose parties fit, those for one case or one emergency last, each by name.
 */
export function alternativesTo(law: LawPack | undefined, between: Between): readonly string[] {
  const open = (law?.gateways ?? []).filter((gateway) => gateway.id !== between.not && couldServe(gateway, between));
  return open
    .map((gateway) => ({ id: gateway.id, rank: rankOf(gateway) }))
    .sort((a, b) => a.rank - b.rank || (a.id < b.id ? -1 : 1))
    .map(({ id }) => id);
}

function couldServe(gateway: Gateway, { day, mode, from, to }: Between): boolean {
  if (!gatewayInForce(gateway, day)) return false;
  if (FIRST.includes(gateway.id)) return true;
  if (!gateway.carries.some((carried) => carried === mode)) return false;
  const fits = (side: Gateway['from'], capacities: ReadonlySet<string>) =>
    [...capacities].some((capacity) => serves(side, capacity));
  return (from === undefined || fits(gateway.from, from)) && fits(gateway.to, to);
}

function rankOf({ id, requires }: Gateway): number {
  const first = FIRST.indexOf(id);
  if (first >= 0) return first;
  return requires.some(({ rule }) => NO_STANDING.includes(rule)) ? FIRST.length + 1 : FIRST.length;
}
