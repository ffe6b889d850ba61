import type { Capacity, Role } from '#contracts';
import type { AgencyId } from '#kernel';

export interface DemoAgency {
  readonly agency: AgencyId;
  readonly name: string;
  readonly capacity: Capacity;
  /** One client for each: `<agency>.<role>`. */
  readonly roles: readonly Role[];
}
const agency = (id: string, name: string, capacity: Capacity, ...roles: Role[]): DemoAgency => ({
  agency: id as AgencyId,
  name,
  capacity,
  roles,
});

/** Runs the hub for the others, as their processor; has no purpose of its own. Enrolled on the host, before anybody signs in. */
export const HOST = agency('merrowshire-hub', 'Merrowshire hub office', 'host', 'operator', 'steward', 'auditor');

export const POLICE = agency(
  'merrowshire-police',
  'Merrowshire Police',
  'specified-authority',
  'publisher',
  'signatory',
  'steward',
);
export const ALDERMOUTH_GENERAL = agency(
  'aldermouth-general',
  'Aldermouth General Hospital',
  'health-provider',
  'publisher',
  'signatory',
  'steward',
  'guardian',
);
export const ST_BRIDE = agency(
  'st-bride-hospital',
  'St Bride’s Hospital, Elmhaven',
  'health-provider',
  'publisher',
  'signatory',
  'steward',
  'guardian',
);
export const COUNTY_COUNCIL = agency(
  'merrowshire-council',
  'Merrowshire County Council, education',
  'educational-authority',
  'publisher',
  'analyst',
  'signatory',
  'steward',
);
export const CITY_COUNCIL = agency(
  'aldermouth-council',
  'Aldermouth City Council, education',
  'educational-authority',
  'publisher',
  'signatory',
  'steward',
);
export const PRISON = agency('hmp-eastfleet', 'HMP Eastfleet', 'prison-authority', 'publisher', 'signatory', 'steward');

export const PROBATION = agency(
  'merrowshire-probation',
  'Probation Service, Merrowshire',
  'specified-authority',
  'analyst',
  'practitioner',
  'supervisor',
  'signatory',
);
export const YOUTH_JUSTICE = agency(
  'merrowshire-youth-justice',
  'Merrowshire Youth Justice Service',
  'specified-authority',
  'analyst',
  'practitioner',
  'supervisor',
  'signatory',
);
export const MENTORS = agency(
  'steady-hands',
  'Steady Hands, mentoring charity',
  'voluntary-sector',
  'analyst',
  'practitioner',
  'signatory',
);
export const ANALYSIS = agency(
  'merrowshire-analysis',
  'Merrowshire county analysis unit',
  'analysis-unit',
  'analyst',
  'signatory',
  'auditor',
);

export const PUBLISHERS = [POLICE, ALDERMOUTH_GENERAL, ST_BRIDE, COUNTY_COUNCIL, CITY_COUNCIL, PRISON] as const;
const CONSUMERS = [PROBATION, YOUTH_JUSTICE, MENTORS, ANALYSIS] as const;
/** Everybody whom the operator enrols through the API. */
export const PARTNERS: readonly DemoAgency[] = [...PUBLISHERS, ...CONSUMERS];
export const AGENCIES: readonly DemoAgency[] = [HOST, ...PARTNERS];

/** A person of an agency for each of its roles, as the demo's own sign-in provider shall know them. */
export const WANTED_CLIENTS = AGENCIES.flatMap(({ agency: id, roles }) =>
  roles.map((role) => ({ agency: id, roles: [role] })),
);
/** What that provider calls the person. */
export const clientId = (agencyId: AgencyId, role: Role): string => `${agencyId}.${role}`;
