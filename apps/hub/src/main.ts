import { describeSettings, Problem, readConfig } from '#kernel';
import { ENROL_USAGE, enrolFirstAgency } from './enrol-first-agency.ts';
import { demoIdentityOf } from './identity.ts';
import { OTHER_PROGRAMS, SETTINGS } from './settings.ts';
import { startHub } from './start-hub.ts';

const USAGE = `SVD Hub

  npm start                          starts the hub
  npm start -- ${ENROL_USAGE}
                                     enrols the first agency, while the hub is stopped
  npm start -- demo-clients          prints the clients of a demo's own sign-in, with their secrets, as JSON

Settings, from the environment:
${describeSettings(SETTINGS)}
`;

async function main(args: readonly string[]): Promise<void> {
  // what it writes is its owner's alone
  process.umask(0o077);
  if (args.includes('--help')) {
    process.stdout.write(USAGE);
    return;
  }
  const settings = readConfig(SETTINGS, process.env, OTHER_PROGRAMS);
  const [command, ...rest] = args;
  if (command === 'enrol-agency') return enrolFirstAgency(rest, settings);
  if (command === 'demo-clients') {
    process.stdout.write(`${JSON.stringify(demoIdentityOf(settings).clients, null, 2)}\n`);
    return;
  }
  if (command !== undefined) throw new Problem('command-unknown', { field: 'enrol-agency' });
  const hub = await startHub(settings);
  let closing = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (closing) return;
      closing = true;
      void hub.close().then(() => process.exit(0));
    });
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const reason =
    error instanceof Problem ? `${error.code}${error.field === undefined ? '' : ` (${error.field})`}` : String(error);
  process.stderr.write(`svd-hub: ${reason}\n`);
  process.exit(error instanceof Problem && error.code.startsWith('setting-') ? 2 : 1);
});
