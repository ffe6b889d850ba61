import type { DutyLaw } from '#cases';
import { Problem } from '#kernel';
import { lawRuleOf, type LawPack } from '#sharing';

/**
 * Who is who under the PCSC Act 2022, as the adopted law lists them: under s.17 whoever it discloses to is a policing body,
 * and whoever it discloses from and is none has the duty. A policing body has no duty of its own to collaborate, so that
 * nobody asks it.
 * @throws Problem `pack-missing` while no law with both is adopted.
 */
export function dutyLawOf(law: LawPack | undefined, day: string): DutyLaw {
  const s17 = law?.gateways.find(({ id }) => id === 'pcsc-17');
  if (s17 === undefined || s17.from === 'any' || s17.to === 'any') throw new Problem('pack-missing');
  const { from, to: policingBodies, requires } = s17;
  return {
    dutyHolders: from.filter((capacity) => !policingBodies.includes(capacity)),
    policingBodies,
    s15: { reasons: itemsOf(law, 's15-refusal', day), noneFor: itemsOf(law, 's15-no-refusal', day) },
    health: requires.flatMap(({ rule, capacities = [] }) => (rule === 'bars-labels-from' ? capacities : [])),
  };
}

const itemsOf = (law: LawPack | undefined, id: string, day: string): readonly string[] =>
  lawRuleOf(law, id, day)?.items.map((item) => item.id) ?? [];
