import type { Capacity, Role } from '#contracts';
import type { AgencyId } from '#kernel';

export interface DemoAgency {
  readonly agency: AgencyId;
  readonly name: string;
  /** What it is in law: the first where an agreement says nothing else. */
  readonly capacities: readonly [Capacity, ...Capacity[]];
  /** One client for each: `<agency>.<role>`. */
  readonly roles: readonly Role[];
}
const agency = (
  id: string,
  name: string,
  capacities: Capacity | DemoAgency['capacities'],
  ...roles: Role[]
): DemoAgency => ({
  agency: id as AgencyId,
  name,
  capacities: typeof capacities === 'string' ? [capacities] : capacities,
  roles,
});

/** Runs the hub for the others, as their processor; has no purpose of its own. Enrolled on the host, before anybody signs in. */
export const HOST = agency('merrowshire-hub', 'Merrowshire hub office', 'host', 'operator', 'steward', 'auditor');

export const POLICE = agency(
  'merrowshire-police',
  'Merrowshire Police',
  'chief-officer-of-police',
  'publisher',
  'practitioner',
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
/** A council speaks for its schools too, and says in each agreement as what it takes part. */
export const COUNTY_COUNCIL = agency(
  'merrowshire-council',
  'Merrowshire County Council',
  ['local-authority', 'educational-authority'],
  'publisher',
  'analyst',
  'practitioner',
  'signatory',
  'steward',
);
export const CITY_COUNCIL = agency(
  'aldermouth-council',
  'Aldermouth City Council',
  ['local-authority', 'educational-authority'],
  'publisher',
  'signatory',
  'steward',
);
export const PRISON = agency('hmp-eastfleet', 'HMP Eastfleet', 'prison-authority', 'publisher', 'signatory', 'steward');

/** Runs the MASH: the door of the county for worries about a child. */
export const SOCIAL_CARE = agency(
  'merrowshire-social-care',
  'Merrowshire County Council, children’s social care',
  'local-authority',
  'practitioner',
  'supervisor',
  'signatory',
  'steward',
);
export const ICB = agency(
  'merrowshire-icb',
  'NHS Merrowshire Integrated Care Board',
  'integrated-care-board',
  'practitioner',
  'signatory',
  'steward',
  'guardian',
);
export const COMMISSIONER = agency(
  'merrowshire-pcc',
  'Police and Crime Commissioner for Merrowshire',
  'local-policing-body',
  'analyst',
  'signatory',
  'steward',
);
export const PROBATION = agency(
  'merrowshire-probation',
  'Probation Service, Merrowshire',
  'probation-provider',
  'analyst',
  'practitioner',
  'supervisor',
  'signatory',
);
export const YOUTH_JUSTICE = agency(
  'merrowshire-youth-justice',
  'Merrowshire Youth Justice Service',
  'youth-offending-team',
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
/** Evaluates the programme; no body of the duty. */
export const UNIVERSITY = agency(
  'university-of-elmhaven',
  'University of Elmhaven, Violence Research Centre',
  'analysis-unit',
  'analyst',
  'signatory',
);

export const PUBLISHERS = [POLICE, ALDERMOUTH_GENERAL, ST_BRIDE, COUNTY_COUNCIL, CITY_COUNCIL, PRISON] as const;
const CONSUMERS = [SOCIAL_CARE, ICB, COMMISSIONER, PROBATION, YOUTH_JUSTICE, MENTORS, ANALYSIS, UNIVERSITY] as const;
/** Everybody whom the operator enrols through the API. */
export const PARTNERS: readonly DemoAgency[] = [...PUBLISHERS, ...CONSUMERS];
export const AGENCIES: readonly DemoAgency[] = [HOST, ...PARTNERS];

/** A person of an agency for each of its roles, as the demo's own sign-in provider shall know them. */
export const WANTED_CLIENTS = AGENCIES.flatMap(({ agency: id, roles }) =>
  roles.map((role) => ({ agency: id, roles: [role] })),
);
/** What that provider calls the person. */
export const clientId = (agencyId: AgencyId, role: Role): string => `${agencyId}.${role}`;
