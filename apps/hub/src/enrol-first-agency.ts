import { parseArgs } from 'node:util';
import { CAPACITIES, ROLES, type Capacity } from '#contracts';
import { EnrolAgency, enrolAgency, PolicyFeed } from '#hub';
import { isAgencyId, Problem } from '#kernel';
import { openPorts, type Directories } from './open-ports.ts';
import { BUILD } from './build-id.ts';

export const ENROL_USAGE =
  'enrol-agency --id <agency> --name <name> --issuer <url> [--issuer <url>] --capacity <capacity> [--from YYYY-MM-DD]';

/**
 * The command on the host by which the first agency is enrolled: nobody could be asked to permit it. It runs on the files
 * of a hub that is stopped, and leaves the same fact that the API would. The agency may hold every role: it appoints the
 * operator who enrols the others.
 */
export async function enrolFirstAgency(args: readonly string[], directories: Directories): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      id: { type: 'string' },
      name: { type: 'string' },
      issuer: { type: 'string', multiple: true },
      capacity: { type: 'string', multiple: true },
      from: { type: 'string', default: '2023-01-31' },
    },
  });
  const { id, name, issuer = [], capacity = [], from } = values;
  if (!isAgencyId(id)) throw new Problem('field-invalid', { field: '--id' });
  if (name === undefined) throw new Problem('field-missing', { field: '--name' });
  if (issuer.length === 0) throw new Problem('field-missing', { field: '--issuer' });
  const known = capacity.filter((text): text is Capacity => CAPACITIES.some((one) => one === text));
  if (known.length === 0 || known.length < capacity.length) throw new Problem('field-invalid', { field: '--capacity' });
  const { ports, close } = await openPorts(directories, BUILD);
  try {
    const capacities = known.map((one) => ({ capacity: one, from }));
    const by = { issuer: 'host', person: 'command-line', agency: id };
    await enrolAgency(
      ports,
      new PolicyFeed(ports),
      new EnrolAgency(by, { agency: id, name, issuers: issuer, capacities, roles: ROLES }),
    );
  } finally {
    await close();
  }
}
