import { Problem } from '#kernel';
import { joined, type LegalLabel } from './legal-labels.ts';

/** What lowers labels, as data: a data-protection officer reads it, a lawyer corrects it. */
export interface Declassifier {
  /** What has been done to the information, and what enforces it. */
  readonly rule: string;
  /** Each label that it lowers, and why the label no longer holds. What is not named here stands. */
  readonly lowers: Readonly<Partial<Record<LegalLabel, string>>>;
  readonly asAt: string;
  readonly verified: boolean;
  readonly reviewer: string | null;
}

const WITHOUT_A_PERSON = {
  personal: 'UK GDPR Article 4(1) and recital 26; PCSC Act 2022 s.10(10): it identifies nobody',
  patient: 'PCSC Act 2022 s.10(10): patient information is personal information',
  'hsc-source': 'PCSC Act 2022 s.16(4)(b): bars personal information of a health or social care authority only',
  'special-category': 'UK GDPR Article 9: personal data only',
  'criminal-offence': 'UK GDPR Article 10: personal data only',
  'law-enforcement': 'DPA 2018 Part 3: personal data only',
} as const;
const NOT_REVIEWED = { asAt: '2026-11-01', verified: false, reviewer: null } as const;

/**
 * The only two ways to fewer labels. Neither lowers `s17-only`: it limits what information that was supplied on a
 * request is used for, and neither takes away who supplied it (PCSC Act 2022 s.17).
 */
export const DECLASSIFIERS = {
  'anonymised-at-source': {
    rule: 'The publisher sends a place event or a profile event, which the registry refuses to hold more, or anything finer, than the table of its type allows, and splits an occurrence so that its halves cannot be joined. Whether it is anonymous to a recipient is for the anonymisation test that the agreement records.',
    lowers: {
      ...WITHOUT_A_PERSON,
      da: 'The tables of fields: a domestic offence is placed by district and part of the day at the finest, and tabulated by district and quarter',
      sexual:
        'The tables of fields: a sexual offence is named by its group, and placed by district and part of the day at the finest',
    },
    ...NOT_REVIEWED,
  },
  'aggregated-under-disclosure-control': {
    rule: 'A count of rows of many, shown by the display rule: 0 to the threshold as `low`, the rest to the nearest 5. A count shown exact has not been through it.',
    lowers: {
      ...WITHOUT_A_PERSON,
      da: 'The display rule shows no count that leads to a person',
      sexual: 'The display rule shows no count that leads to a person',
      // the tables coarsen nothing for these three at the source, so that only a count lowers them
      'exploitation-victim': 'The display rule shows no count that leads to a person',
      'protected-identity': 'The display rule shows no count that leads to a person',
      'limited-access': 'The display rule shows no count that leads to a person',
    },
    ...NOT_REVIEWED,
  },
} as const satisfies Readonly<Record<string, Declassifier>>;
export type DeclassifierName = keyof typeof DECLASSIFIERS;

/**
 * The labels that still stand once the declassifier's rule has been applied. The caller vouches that it has: call it
 * where the rule is applied and nowhere else.
 * @throws Problem `declassifier-unknown`; `label-unknown` as {@link joined}
 */
export function declassify(name: DeclassifierName, labels: Iterable<LegalLabel>): ReadonlySet<LegalLabel> {
  if (!Object.hasOwn(DECLASSIFIERS, name)) throw new Problem('declassifier-unknown');
  const { lowers } = DECLASSIFIERS[name];
  return new Set([...joined(labels)].filter((label) => !Object.hasOwn(lowers, label)));
}
