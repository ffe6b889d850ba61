import { readFileSync } from 'node:fs';

export interface Pack {
  readonly kind: string;
  readonly version: string;
}
const invented = { source: 'Invented for the bench', licence: 'Apache-2.0' };

export const CATEGORIES = [
  'anti-social-behaviour',
  'bicycle-theft',
  'burglary',
  'criminal-damage-and-arson',
  'drugs',
  'other-theft',
  'possession-of-weapons',
  'public-order',
  'robbery',
  'shoplifting',
  'vehicle-crime',
  'violence-and-sexual-offences',
] as const;
export const OUTCOMES = ['under-investigation', 'local-resolution', 'awaiting-court-outcome'] as const;
export const OFFENCES = ['8N', '8P', '34B'] as const;
export const FLAG_METHOD = 'home-office-guidance';

const DISTRICTS = 6;
const AREAS = 300;
const coded = (letters: string, n: number): string => `${letters}${String(n).padStart(9 - letters.length, '0')}`;
export const districtAt = (n: number): string => coded('E07', 999_001 + (n % DISTRICTS));
export const areaAt = (n: number): string => coded('E01', 999_001 + (n % AREAS));

export function geographyPack(): Pack {
  const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
  return {
    kind: 'geography',
    version: 'bench-1',
    title: 'A county of six districts',
    ...invented,
    areas: numbers(AREAS).map((n) => ({ lsoa: areaAt(n), name: `Area ${n + 1}`, district: districtAt(n) })),
    wards: [],
    districts: numbers(DISTRICTS).map((n) => ({ code: districtAt(n), name: `District ${n + 1}` })),
    csps: [],
    forces: [],
  } as Pack;
}

export function codesPack(): Pack {
  const list = (title: string, codes: readonly string[]): object => ({
    title,
    version: '1',
    codes: Object.fromEntries(codes.map((code) => [code, code])),
  });
  return {
    kind: 'codes',
    version: 'bench-1',
    title: 'Codes of the bench',
    ...invented,
    lists: {
      'street-category': list('Categories', CATEGORIES),
      'street-outcome': list('Outcomes', OUTCOMES),
      'home-office-offence': list('Offences', OFFENCES),
      'flag-method': list('Counting methods', [FLAG_METHOD]),
    },
  } as Pack;
}

/** The gateways that the hub ships; the same file whether this runs from sources or from `dist`. */
export function lawPack(): Pack {
  const root = import.meta.url.endsWith('.ts') ? '../../../../' : '../../../../../';
  return JSON.parse(
    readFileSync(new URL(`${root}libs/sharing/packs/law-2026-11.json`, import.meta.url), 'utf8'),
  ) as Pack;
}
