import type { Fault } from '#contracts';
import type { GeographyPack } from './geography.ts';

const fault = (code: string, field: string): Fault => ({ ok: false, code: `geography-${code}`, field });

/** The first reference of a pack that does not hold: a code twice, a code that is not there, a tree that is none. */
export function integrityFault(pack: GeographyPack): Fault | undefined {
  return repeatedCode(pack) ?? wardFault(pack) ?? areaFault(pack) ?? districtFault(pack) ?? boundaryFault(pack);
}

const codesOf = (places: readonly { readonly code: string }[]) => places.map(({ code }) => code);

function repeatedCode(pack: GeographyPack): Fault | undefined {
  const lists = {
    areas: pack.areas.map(({ lsoa }) => lsoa),
    wards: codesOf(pack.wards),
    districts: codesOf(pack.districts),
    csps: codesOf(pack.csps),
    forces: codesOf(pack.forces),
  };
  const seen = new Set<string>();
  for (const [field, codes] of Object.entries(lists))
    for (const [i, code] of codes.entries()) {
      if (seen.has(code)) return fault('code-repeated', `${field}.${i}`);
      seen.add(code);
    }
  return undefined;
}

function wardFault(pack: GeographyPack): Fault | undefined {
  const districts = new Set(codesOf(pack.districts));
  const lost = pack.wards.findIndex(({ district }) => !districts.has(district));
  return lost < 0 ? undefined : fault('reference-missing', `wards.${lost}.district`);
}

function areaFault(pack: GeographyPack): Fault | undefined {
  const wards = new Map(pack.wards.map((ward) => [ward.code, ward.district]));
  const districts = new Set(codesOf(pack.districts));
  for (const [i, { ward, district }] of pack.areas.entries()) {
    if (!districts.has(district)) return fault('reference-missing', `areas.${i}.district`);
    if (ward === undefined) continue;
    if (!wards.has(ward)) return fault('reference-missing', `areas.${i}.ward`);
    if (wards.get(ward) !== district) return fault('inconsistent', `areas.${i}.ward`);
  }
  return undefined;
}

/** A partnership lies in one force, or none of its districts says in which. */
function districtFault(pack: GeographyPack): Fault | undefined {
  const csps = new Set(codesOf(pack.csps));
  const forces = new Set(codesOf(pack.forces));
  const forceOf = new Map<string, string | undefined>();
  for (const [i, { csp, force }] of pack.districts.entries()) {
    if (csp !== undefined && !csps.has(csp)) return fault('reference-missing', `districts.${i}.csp`);
    if (force !== undefined && !forces.has(force)) return fault('reference-missing', `districts.${i}.force`);
    if (csp === undefined) continue;
    if (forceOf.has(csp) && forceOf.get(csp) !== force) return fault('inconsistent', `districts.${i}.csp`);
    forceOf.set(csp, force);
  }
  return undefined;
}

/** Each boundary is of an area or a district of the pack, once. */
function boundaryFault(pack: GeographyPack): Fault | undefined {
  const drawn = new Set([...pack.areas.map(({ lsoa }) => lsoa), ...codesOf(pack.districts)]);
  const stray = (pack.boundaries?.features ?? []).findIndex(({ properties }) => !drawn.delete(properties.code));
  return stray < 0 ? undefined : fault('reference-missing', `boundaries.features.${stray}.properties.code`);
}
