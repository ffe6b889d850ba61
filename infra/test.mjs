// The whole test run, in the order that fails soonest, with one closing line that counts every level.
// Usage: node infra/test.mjs check|all     check: format, lint, types, layers, dead code, unit and property tests
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ContractCounts, enginesLine } from './test-report.mjs';

const scope = process.argv[2] ?? 'all';
const bin = (name) => join('node_modules/.bin', name);
const checks = [
  ['format', bin('prettier'), ['--check', '--log-level=warn', '.']],
  ['lint', bin('eslint'), ['--max-warnings=0', '.']],
  ['types', bin('tsc'), ['-p', 'tsconfig.json']],
  ['layers', bin('depcruise'), ['--config', 'infra/layers.cjs', 'apps', 'libs']],
  ['dead code', bin('knip'), ['--no-progress']],
];
const total = { passed: 0, failed: 0, skipped: 0 };
const began = Date.now();
const say = (text) => process.stdout.write(`${text}\n`);

for (const [name, command, args] of checks) {
  const start = Date.now();
  const done = spawnSync(command, args, { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });
  const ok = done.status === 0;
  total[ok ? 'passed' : 'failed']++;
  say(`${ok ? 'ok  ' : 'FAIL'} ${name} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
  if (!ok) say(`${done.stdout}${done.stderr}`);
}

const levels = scope === 'check' ? ['unit', 'prop'] : ['unit', 'prop', 'int', 'e2e'];
const folder = mkdtempSync(join(tmpdir(), 'svd-test-'));
const engines = join(folder, 'engines');
const env = { ...process.env, SVD_ENGINES_REPORT: engines };
const contracts = new ContractCounts();
for (const level of levels) {
  const report = join(folder, `${level}.json`);
  const jest = ['--disable-warning=ExperimentalWarning', '--experimental-vm-modules', 'node_modules/jest/bin/jest.js'];
  // end-to-end suites each start a hub of their own: one at a time keeps their figures and ports apart
  const workers = level === 'e2e' ? ['--runInBand'] : [];
  const args = [...jest, '--testPathPatterns', `\\.${level}\\.spec`, '--json', `--outputFile=${report}`, ...workers];
  const done = spawnSync(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'], env });
  let results;
  try {
    results = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    total.failed++;
    say(`FAIL ${level}: no report (exit ${done.status})`);
    continue;
  }
  total.passed += results.numPassedTests;
  total.failed += results.numFailedTests + results.numRuntimeErrorTestSuites;
  // a run that jest itself calls failed, or that ran nothing, is no pass
  if (
    results.numPassedTests === 0 ||
    (!results.success && results.numFailedTests + results.numRuntimeErrorTestSuites === 0)
  )
    total.failed++;
  total.skipped += results.numPendingTests + results.numTodoTests;
  say(
    `${results.success ? 'ok  ' : 'FAIL'} ${level}: ${results.numPassedTests} passed, ${results.numFailedTests} failed, ${results.numPendingTests} skipped`,
  );
  contracts.add(results);
  for (const suite of results.testResults)
    for (const test of suite.assertionResults) if (test.status === 'pending') say(`     skipped: ${test.fullName}`);
}
for (const line of contracts.lines()) say(line);
say(enginesLine(engines));
rmSync(folder, { recursive: true, force: true });
say(`took ${((Date.now() - began) / 1000).toFixed(0)} s`);
say(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed === 0 ? 0 : 1);
