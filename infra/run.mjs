// What each npm script goes through: installs what is missing, builds what is stale, then runs the named program on the
// Node that package.json pins, whatever Node the machine has. Plain JavaScript, no dependencies: it runs before any are there.
// Usage: node infra/run.mjs <step> [-- arguments]     steps: install, build, dist <file>, node <file>, jest, tool <bin>
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');
const pinned = join(root, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');
const log = (text) => process.stderr.write(`${text}\n`);

function run(command, args, { quietStdout = false } = {}) {
  const env = { ...process.env, PATH: [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter) };
  const stdio = ['inherit', quietStdout ? process.stderr.fd : 'inherit', 'inherit'];
  const done = spawnSync(command, args, { cwd: root, stdio, env });
  if (done.error) throw done.error;
  if (done.signal) process.exit(128 + (constants.signals[done.signal] ?? 0));
  return done.status ?? 1;
}

function must(status) {
  if (status !== 0) process.exit(status);
}

/** Digest of what decides which packages are installed; npm itself may complete the lock. */
const wanted = () =>
  createHash('sha256')
    .update(readFileSync(join(root, 'package.json')))
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');

function install() {
  const stamp = join(root, 'node_modules/.svd-installed');
  if (existsSync(pinned) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted()) return;
  log('installing dependencies (once) …');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  must(run(npm, ['install', '--no-audit', '--no-fund', '--loglevel=error'], { quietStdout: true }));
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

function build() {
  install();
  const stamp = join(root, 'dist/.built');
  const sources = ['apps', 'libs', 'package.json', 'tsconfig.base.json', 'tsconfig.build.json'];
  const changed = Math.max(...sources.map((path) => newest(join(root, path))));
  if (existsSync(stamp) && statSync(stamp).mtimeMs >= changed) return;
  log('building …');
  must(run(pinned, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'], { quietStdout: true }));
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(stamp, '');
  utimesSync(stamp, changed / 1000 + 0.001, changed / 1000 + 0.001);
}

const quiet = ['--disable-warning=ExperimentalWarning'];
const [step, ...rest] = process.argv.slice(2);
const steps = {
  install,
  build,
  dist: ([file, ...args]) => {
    build();
    return run(pinned, [...quiet, join(root, 'dist', file), ...args]);
  },
  node: ([file, ...args]) => {
    install();
    return run(pinned, [...quiet, file, ...args]);
  },
  jest: (args) => {
    build();
    return run(pinned, [...quiet, '--experimental-vm-modules', 'node_modules/jest/bin/jest.js', ...args]);
  },
  tool: ([name, ...args]) => {
    install();
    return run(join(root, 'node_modules/.bin', name), args);
  },
};
if (!Object.hasOwn(steps, step)) {
  log(`unknown step; one of: ${Object.keys(steps).join(', ')}`);
  process.exit(2);
}
process.exit(steps[step](rest) ?? 0);
