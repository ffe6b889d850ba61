import type { Role } from '#contracts';

export const HOST = 'bench-host';
export const POLICE = 'bench-police';
export const ANALYSTS = 'bench-analysts';

const ROLES: Readonly<Record<string, readonly Role[]>> = {
  [HOST]: ['operator', 'steward', 'auditor'],
  [POLICE]: ['publisher', 'steward', 'signatory'],
  [ANALYSTS]: ['analyst', 'signatory'],
};
/** One client for each agency and role. */
export const PEOPLE = Object.entries(ROLES).flatMap(([agency, roles]) =>
  roles.map((role) => ({ agency, roles: [role] })),
);
