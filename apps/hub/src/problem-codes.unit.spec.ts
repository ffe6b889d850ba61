import { readdirSync, readFileSync } from 'node:fs';
import { PROBLEMS, START_FAULTS } from '#edge';

/**
 * Codes that never leave as they are: where each is translated, or why it stops the start or means a broken invariant,
 * which the edge answers as `unavailable`.
 */
const INTERNAL: Readonly<Record<string, string>> = {
  // told by a model of a fact that it parks, beside the fact's position (libs/read-models/src/sqlite/build.ts)
  'time-unplaceable': 'parked',
  'value-unplaceable': 'parked',
  'correction-unplaceable': 'parked',
  'correction-cycle': 'parked',
  'type-unplaceable': 'parked',
  'fold-failed': 'parked',
  'fact-undecodable': 'parked',
  // broken invariants: the hub asks only what these can answer
  'projection-gap': 'unavailable',
  'cube-column-unknown': 'unavailable',
  'cube-month-malformed': 'unavailable',
  'cube-too-wide': 'unavailable',
  'release-cell-invalid': 'unavailable',
  'release-mismatch': 'unavailable',
  'policy-fact-unknown': 'unavailable',
  'label-unknown': 'unavailable',
  'label-stands': 'unavailable',
  'labels-unknown': 'unavailable',
  'declassifier-unknown': 'unavailable',
  'seal-broken': 'unavailable',
  'tree-behind': 'unavailable',
  'trees-closed': 'unavailable',
  // a source's key file, told by the connector
  'key-file-malformed': 'the connector',
  'key-file-unsafe': 'the connector',
};
/** Codes of a log that moves, and of the engine that it moves to: told by the migration. */
const MIGRATION = 'docs/how-to/migrate.md';
const MIGRATING = [
  'log-not-empty',
  'facts-not-contiguous',
  'forgotten-not-supported',
  'repeat-key-differs',
  'hub-key-missing',
  'roots-differ',
  'connection-invalid',
  'store-refused',
  'store-access-denied',
];
/** Codes of the values that deciders of libs/sharing answer, and what the hub calls them. */
const TRANSLATED: Readonly<Record<string, string>> = {
  'agreement-unknown': 'libs/hub/src/agreement-facts.ts',
  'role-not-held': 'libs/hub/src/agreement-facts.ts',
  'law-not-adopted': 'libs/hub/src/agreement-facts.ts',
  'agreement-id-differs': 'libs/hub/src/agreement-facts.ts',
  'day-invalid': 'libs/hub/src/agreement-facts.ts',
  'day-past': 'libs/hub/src/agreement-facts.ts',
  'draft-changed': 'libs/hub/src/agreement-facts.ts',
  'person-signed-already': 'libs/hub/src/agreement-facts.ts',
  'law-pack-invalid': 'libs/hub/src/adopt-pack.ts',
  'geography-invalid': 'libs/hub/src/adopt-pack.ts',
  'release-invalid': 'libs/hub/src/read-release-table.ts',
  'release-definition-unknown': 'libs/hub/src/read-release-table.ts',
  'dimension-repeated': 'libs/hub/src/read-release-table.ts',
  'where-malformed': 'libs/hub/src/read-release-table.ts',
};

/** Programs at an agency or an auditor and what only they use: their codes are theirs to tell. */
const ELSEWHERE = /^(apps\/(?!hub\/)|libs\/(connectors|transport|audit\/src\/verify)\/)/;

const sources = ['libs', 'apps']
  .flatMap((root) => readdirSync(root, { recursive: true, encoding: 'utf8' }).map((file) => `${root}/${file}`))
  .filter(
    (file) => file.endsWith('.ts') && !/\.spec\.ts$|\/testing\/|node_modules/.test(file) && !ELSEWHERE.test(file),
  );
const codesIn = (form: RegExp): ReadonlyMap<string, string> =>
  new Map(
    sources.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(form)].map((match): [string, string] => [match[1] ?? '', file]),
    ),
  );
const answerable = (code: string): boolean => Object.hasOwn(PROBLEMS, code) || Object.hasOwn(START_FAULTS, code);

describe('every code of the hub', () => {
  const thrown = codesIn(/new Problem\(\s*(?:[^'()]*\? )?'([a-z0-9-]+)'/g);
  // every string that stands as a code, in whatever way it is put together
  const valued = new Map([
    ...codesIn(/\bcode: '([a-z0-9-]+)'/g),
    ...codesIn(/\b(?:reject|fail)\((?:id, )?'([a-z0-9-]+)'/g),
  ]);

  it('that is thrown is answered, or is told where it ends', () => {
    expect(thrown.size).toBeGreaterThan(60);
    const told = (code: string): boolean =>
      answerable(code) || Object.hasOwn(INTERNAL, code) || MIGRATING.includes(code);
    expect([...thrown].filter(([code]) => !told(code))).toEqual([]);
    const page = readFileSync(MIGRATION, 'utf8');
    expect(MIGRATING.filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
  });

  it('that is answered as a value is answered, or is translated', () => {
    expect(valued.size).toBeGreaterThan(15);
    const lost = [...valued].filter(
      ([code]) => !answerable(code) && !Object.hasOwn(TRANSLATED, code) && !Object.hasOwn(INTERNAL, code),
    );
    expect(lost).toEqual([]);
  });

  it('that is told elsewhere is still there to be told, and not answered too', () => {
    const written = sources.map((file) => readFileSync(file, 'utf8')).join('\n');
    for (const code of [...Object.keys(INTERNAL), ...MIGRATING, ...Object.keys(TRANSLATED)]) {
      expect([code, written.includes(`'${code}'`), answerable(code)]).toEqual([code, true, false]);
    }
  });

  it('that is translated is so where the list says', () => {
    for (const [code, file] of Object.entries(TRANSLATED)) {
      if (file.endsWith('agreement-facts.ts')) expect(readFileSync(file, 'utf8')).toContain(`'${code}':`);
    }
  });
});
