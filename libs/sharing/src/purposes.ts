import { PURPOSES, type Purpose } from '#contracts';
import { gatewayInForce, type LawPack } from './law-pack.ts';
import { PURPOSE_WORDS } from './words.ts';

/** A purpose that a question may name. */
export interface KnownPurpose {
  readonly purpose: Purpose;
  /** What it stands for, for people. */
  readonly words: string;
  /** Gateways in force that serve some purposes alone, this one among them, with the section that says so. */
  readonly functionUnder: readonly { readonly gateway: string; readonly title: string; readonly section: string }[];
}

/** Every purpose; a gateway that asks for none of its own serves any and isn't named. `day`: `YYYY-MM-DD`, Europe/London. */
export const knownPurposes = (law: LawPack | undefined, day: string): readonly KnownPurpose[] =>
  PURPOSES.map((purpose) => ({
    purpose,
    words: PURPOSE_WORDS[purpose],
    functionUnder: (law?.gateways ?? [])
      .filter((gateway) => gatewayInForce(gateway, day))
      .flatMap(({ id, title, requires }) =>
        requires
          .filter(({ rule, purposes = [] }) => rule === 'purpose-is-function' && purposes.includes(purpose))
          .map(({ source }) => ({ gateway: id, title, section: source })),
      ),
  }));
