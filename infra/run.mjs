// What each npm script goes through: installs what is missing, builds what is stale, then runs the named program on the
// Node that package.json pins, whatever Node the machine has. Plain JavaScript, no dependencies: it runs before any are there.
// Usage: node infra/run.mjs <step> [-- arguments]     steps: install, build, dist <file>, node <file>, jest, tool <bin>
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');
const pinned = join(root, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');
const log = (text) => process.stderr.write(`${text}\n`);

/** Runs to its end and resolves to the exit status; a signal meant for the program is passed on, not outlived. */
function run(command, args, { quietStdout = false } = {}) {
  const env = { ...process.env, PATH: [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter) };
  const stdio = ['inherit', quietStdout ? process.stderr.fd : 'inherit', 'inherit'];
  const child = spawn(command, args, { cwd: root, stdio, env });
  // the terminal sends Ctrl-C to the program as well: here it only must not end the wait
  const wait = () => undefined;
  const pass = () => child.kill('SIGTERM');
  process.on('SIGINT', wait).on('SIGTERM', pass);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (status, signal) => {
      process.off('SIGINT', wait).off('SIGTERM', pass);
      resolve(signal === null ? (status ?? 1) : 128 + (constants.signals[signal] ?? 0));
    });
  });
}

async function must(running) {
  const status = await running;
  if (status !== 0) process.exit(status);
}

/** Digest of what decides which packages are installed; npm itself may complete the lock. */
const wanted = () =>
  createHash('sha256')
    .update(readFileSync(join(root, 'package.json')))
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');

async function install() {
  const stamp = join(root, 'node_modules/.svd-installed');
  if (existsSync(pinned) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted()) return;
  log('installing dependencies (once) …');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  await must(run(npm, ['install', '--no-audit', '--no-fund', '--loglevel=error'], { quietStdout: true }));
  if (!existsSync(pinned)) {
    log('the pinned Node (package "node") was not installed: allow its install script and run npm install again');
    process.exit(1);
  }
  writeFileSync(stamp, wanted());
}

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

const versionOf = () => JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;

/** Names the code that runs: SHA-256 over every built file, its path and its bytes. 16 hexadecimal digits. */
function digestOf(folder) {
  const hash = createHash('sha256');
  const walk = (path) => {
    for (const entry of readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const file = join(path, entry.name);
      if (entry.isDirectory()) walk(file);
      else if (file.endsWith('.js')) hash.update(file.slice(folder.length)).update(readFileSync(file));
    }
  };
  walk(folder);
  return hash.digest('hex').slice(0, 16);
}

async function build() {
  await install();
  const stamp = join(root, 'dist/.built');
  const sources = ['apps', 'libs', 'infra/engines', 'package.json', 'tsconfig.base.json', 'tsconfig.build.json'];
  const changed = Math.max(...sources.map((path) => newest(join(root, path))));
  if (existsSync(stamp) && statSync(stamp).mtimeMs >= changed) return;
  log('building …');
  await must(
    run(pinned, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'], { quietStdout: true }),
  );
  writeFileSync(
    join(root, 'dist/build.json'),
    JSON.stringify({ version: versionOf(), digest: digestOf(join(root, 'dist')) }),
  );
  writeFileSync(stamp, '');
  utimesSync(stamp, changed / 1000 + 0.001, changed / 1000 + 0.001);
}

const quiet = ['--disable-warning=ExperimentalWarning'];
/** What a program wants of Node, from the file beside its sources: the hub bounds its memory there. */
function argumentsOf(file) {
  const beside = join(root, file.replace(/\/src\/.*$/, ''), 'node-arguments.json');
  return existsSync(beside) ? JSON.parse(readFileSync(beside, 'utf8')) : [];
}
const [step, ...rest] = process.argv.slice(2);
const steps = {
  install,
  build,
  dist: async ([file, ...args]) => {
    await build();
    return run(pinned, [...quiet, ...argumentsOf(file), join(root, 'dist', file), ...args]);
  },
  node: async ([file, ...args]) => {
    await install();
    return run(pinned, [...quiet, file, ...args]);
  },
  jest: async (args) => {
    await build();
    return run(pinned, [...quiet, '--experimental-vm-modules', 'node_modules/jest/bin/jest.js', ...args]);
  },
  tool: async ([name, ...args]) => {
    await install();
    return run(join(root, 'node_modules/.bin', name), args);
  },
};
if (!Object.hasOwn(steps, step)) {
  log(`unknown step; one of: ${Object.keys(steps).join(', ')}`);
  process.exit(2);
}
process.exit((await steps[step](rest)) ?? 0);
