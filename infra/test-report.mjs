// What a test run says of itself beside its counts: on which engines it ran, and how many tests of each contract every
// adapter passed, both taken from what ran. Plain JavaScript: `npm test` runs it as it is.
import { existsSync, readFileSync } from 'node:fs';

/** Adapters by the first word of a contract's title, in the order in which they are told. */
const ADAPTERS = { memory: 'memory', sqlite: 'SQLite', eventstoredb: 'EventStoreDB' };
const CONTRACT = /^(facts log|subscription): (\w+)/;

/** Counts the tests of each contract for each adapter; `results` as in jest's JSON report. */
export class ContractCounts {
  #counts = new Map();

  add(results) {
    for (const { ancestorTitles, status } of results.testResults.flatMap((suite) => suite.assertionResults)) {
      const [, contract, adapter] = ancestorTitles.map((title) => CONTRACT.exec(title)).find(Boolean) ?? [];
      if (contract === undefined) continue;
      const counts = this.#counts.get(contract) ?? new Map();
      const count = counts.get(adapter) ?? { passed: 0, all: 0 };
      count.all++;
      if (status === 'passed') count.passed++;
      counts.set(adapter, count);
      this.#counts.set(contract, counts);
    }
  }

  /** One line a contract. */
  lines() {
    return [...this.#counts].map(([contract, counts]) => {
      const told = Object.entries(ADAPTERS)
        .filter(([adapter]) => counts.has(adapter))
        .map(([adapter, name]) => `${name} ${counts.get(adapter).passed} of ${counts.get(adapter).all}`);
      return `contract of the ${contract}, tests passed: ${told.join(', ')}`;
    });
  }
}

const STAND_IN =
  'EventStoreDB stand-in (no server can be installed from npm; ESDB_URL=esdb://… npm run test:int runs the same suites on a real one)';

/** `file`: where the suites wrote on which engine they ran, one a line, if any did. */
export function enginesLine(file) {
  const ran = existsSync(file) ? [...new Set(readFileSync(file, 'utf8').trim().split('\n'))] : [];
  const told = ran.map((engine) => (engine.startsWith('EventStoreDB stand-in') ? STAND_IN : engine));
  if (told.length === 0) told.push('EventStoreDB: no suite of it ran');
  return `engines: SQLite real (node:sqlite) · ${told.join(' · ')} · PostgreSQL, Kafka: no adapter yet, nothing to run`;
}
