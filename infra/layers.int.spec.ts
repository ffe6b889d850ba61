import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CRUISE = join(process.cwd(), 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');

/** A small tree with one planted file, judged by the real rules. */
function violations(plant: Record<string, string>): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'svd-layers-'));
  try {
    for (const name of ['layers.json', 'tsconfig.json', 'tsconfig.base.json', 'package.json'])
      cpSync(name, join(folder, name));
    mkdirSync(join(folder, 'infra'));
    cpSync('infra/layers.cjs', join(folder, 'infra/layers.cjs'));
    symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'));
    const files: Record<string, string> = {
      'libs/kernel/src/index.ts': 'export const kernel = 1;\n',
      'libs/event-store/src/index.ts': 'export const store = 1;\n',
      'libs/event-store/src/deep.ts': 'export const deep = 1;\n',
      'apps/hub/src/main.ts': "export { kernel } from '#kernel';\n",
      ...plant,
    };
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(folder, path, '..'), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const done = spawnSync(
      process.execPath,
      [CRUISE, '--config', 'infra/layers.cjs', '--output-type', 'json', 'apps', 'libs'],
      {
        cwd: folder,
        encoding: 'utf8',
      },
    );
    const report = JSON.parse(done.stdout) as { summary: { violations: { rule: { name: string } }[] } };
    return [...new Set(report.summary.violations.map((violation) => violation.rule.name))].sort();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('layer rules', () => {
  it('find nothing in a tree that keeps them', () => expect(violations({})).toEqual([]));

  it.each([
    [
      'a lib that imports upwards',
      { 'libs/kernel/src/index.ts': "export { store } from '#event-store';\n" },
      'layer-libs-kernel',
    ],
    [
      'sharing that sees the store',
      { 'libs/sharing/src/index.ts': "export { store } from '#event-store';\n" },
      'layer-libs-sharing',
    ],
    [
      'an import past an entry',
      { 'apps/hub/src/main.ts': "export { deep } from '../../../libs/event-store/src/deep.ts';\n" },
      'entry-event-store',
    ],
    [
      'a SQL driver outside an adapter',
      { 'libs/sharing/src/index.ts': "export { DatabaseSync } from 'node:sqlite';\n" },
      'vendor-sqlite',
    ],
    [
      'Nest in a pure lib',
      { 'libs/sharing/src/index.ts': "export { Module } from '@nestjs/common';\n" },
      'vendor-nestjs',
    ],
    [
      'a verifier that shares code with what it checks',
      {
        'libs/audit/src/verify/check.ts': "export { made } from '../trees/made.ts';\n",
        'libs/audit/src/trees/made.ts': 'export const made = 1;\n',
      },
      'verifier-alone',
    ],
    [
      'a cycle',
      {
        'libs/kernel/src/index.ts': "export * from './other.ts';\n",
        'libs/kernel/src/other.ts': "export * from './index.ts';\n",
      },
      'no-cycles',
    ],
  ])('catch %s', (_what, plant, rule) => expect(violations(plant)).toContain(rule));

  it('hold for this tree', () => {
    expect(() =>
      execFileSync(process.execPath, [CRUISE, '--config', 'infra/layers.cjs', 'apps', 'libs'], { encoding: 'utf8' }),
    ).not.toThrow();
  });
});
