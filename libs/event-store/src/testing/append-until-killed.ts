import { writeSync } from 'node:fs';
import { openSqliteStore } from '../sqlite/sqlite-store.ts';
import { manyPlaced } from './sample-facts.ts';

/** Run as a process: appends for ever and writes `<position> <id>` for each fact once it is acknowledged. */
const [directory = '', seed = '0'] = process.argv.slice(2);
// nobody left to kill it
setTimeout(() => process.exit(1), 60_000);
const store = await openSqliteStore({ directory });

async function caller(lane: number): Promise<never> {
  for (let call = 0; ; call++) {
    const facts = manyPlaced(1 + ((call * 37 + lane * 11) % 300), `${seed}-${lane}-${call}`);
    const positions =
      lane === 0
        ? await store.writer.append(facts).then((appended) => (appended.outcome === 'appended' ? appended.results : []))
        : await store.writer.appendEach(facts, `lane-${lane}`);
    writeSync(1, facts.map(({ fact }, index) => `${positions[index]?.position} ${fact.id}\n`).join(''));
  }
}
await Promise.all([0, 1, 2].map(caller));
