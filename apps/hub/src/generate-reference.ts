import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canonicalJson, describeSettings } from '#kernel';
import { renderEventReference } from '#contracts';
import { createEdge, PROBLEMS, START_FAULTS } from '#edge';
import { PolicyFeed, RULE_MEANINGS } from '#hub';
import { HubModule } from './hub.module.ts';
import { openPorts } from './open-ports.ts';
import { SETTINGS } from './settings.ts';

const FOLDER = 'docs/reference';
const MADE = '<!-- Made from code by `npm run gen`; edits are lost. -->';

/** Every reference page, by file name: what code says of itself. */
export async function referencePages(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ['events.md', `${MADE}\n\n${renderEventReference().trim()}\n`],
    ['problems.md', problems()],
    ['settings.md', `${MADE}\n\n# Settings of the hub\n\n\`\`\`\n${describeSettings(SETTINGS)}\n\`\`\`\n`],
    ['openapi.json', await openapi()],
  ]);
}

function problems(): string {
  const rows = Object.entries(PROBLEMS).map(
    ([code, { status, title, explanation }]) => `| \`${code}\` | ${status} | ${title} | ${explanation} |`,
  );
  const faults = Object.entries(START_FAULTS).map(([code, about]) => `| \`${code}\` | ${about} |`);
  return [
    MADE,
    '',
    '# Problems',
    '',
    'Every problem is `application/problem+json` (RFC 9457) with `type` = `/problems/<code>`.',
    '',
    '| code | status | title | what it means |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    '## Rules of a refusal',
    '',
    'A 403 `refused` names the rule; of several the one that came furthest in this order.',
    '',
    '| rule | what it means |',
    '| --- | --- |',
    ...[...RULE_MEANINGS].map(([rule, meaning]) => `| \`${rule}\` | ${meaning} |`),
    '',
    '## Faults that stop a start',
    '',
    '| code | what it means |',
    '| --- | --- |',
    ...faults,
    '',
  ].join('\n');
}

async function openapi(): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'svd-reference-'));
  const { ports, close } = await openPorts({ directory, checkpoints: join(directory, 'checkpoints') }, 'reference');
  try {
    const edge = await createEdge(HubModule.over(ports, new PolicyFeed(ports)), {
      publicUrl: 'http://127.0.0.1:3000',
      title: 'SVD Hub',
      version: '0.1.0',
      issuers: [],
      logLevel: 'silent',
    });
    await edge.app.close();
    const sorted: unknown = JSON.parse(canonicalJson(JSON.parse(JSON.stringify(edge.openapi)) as unknown));
    return `${JSON.stringify(sorted, null, 1)}\n`;
  } finally {
    await close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Names of the pages whose committed text is not what code says now. */
export async function stalePages(): Promise<readonly string[]> {
  const stale: string[] = [];
  for (const [name, text] of await referencePages()) if (committed(name) !== text) stale.push(name);
  return stale;
}

function committed(name: string): string | undefined {
  try {
    return readFileSync(join(FOLDER, name), 'utf8');
  } catch {
    return undefined;
  }
}

if (process.argv[1]?.endsWith('generate-reference.js') === true) {
  mkdirSync(FOLDER, { recursive: true });
  for (const [name, text] of await referencePages()) writeFileSync(join(FOLDER, name), text);
}
