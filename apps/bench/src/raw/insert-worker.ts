import { randomBytes } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { DatabaseSync } from 'node:sqlite';
import { bareDatabase, copySchema, insertInto, readHubFile, rowsOf } from './bare-database.ts';
import type { InsertServerStart } from './insert-server.ts';

const start = JSON.parse(process.argv[2] ?? '') as InsertServerStart;
const db = bareDatabase(start.file, start.kind);
const insert = prepared(db, start);
const answer = Buffer.alloc(start.answerBytes, ' ');
let waiting: { readonly body: Buffer; readonly response: ServerResponse }[] = [];

/** All that came since the last commit is the next: one fsync for many. */
function commit(): void {
  const group = waiting;
  waiting = [];
  db.exec('BEGIN IMMEDIATE');
  for (const { body } of group) insert(body);
  db.exec('COMMIT');
  for (const { response } of group) response.writeHead(200, { 'content-length': answer.length }).end(answer);
}

// whoever started it is gone
process.once('disconnect', () => process.exit());
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    waiting.push({ body: Buffer.concat(chunks), response });
    if (waiting.length === 1) setImmediate(commit);
  });
});
// a client that is idle for a while keeps its connection, as at the hub
server.keepAliveTimeout = 0;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.(typeof address === 'object' ? address?.port : undefined);
});

/** What is written for each request: a fact with its identity, or a copy of an access record. */
function prepared(db: DatabaseSync, { kind, like, rows = 1 }: InsertServerStart): (body: Buffer) => void {
  const hub = readHubFile(like);
  copySchema(hub, db);
  let next = 0;
  if (kind === 'facts') {
    const [metadata = ''] = rowsOf(hub, 'SELECT metadata FROM facts ORDER BY position DESC LIMIT 1')[0] ?? [];
    hub.close();
    const claim = db.prepare(insertInto('identities', 3));
    const fact = db.prepare(insertInto('facts', 10));
    return (body) => {
      const share = Math.floor(body.length / rows);
      for (let row = 0; row < rows; row++) {
        const stored = body.subarray(row * share, (row + 1) * share);
        claim.run(randomBytes(16), next, randomBytes(32));
        fact.run(next, 1, next, 1, 2, randomBytes(16).toString('hex'), Date.now(), randomBytes(16), metadata, stored);
        next++;
      }
    };
  }
  const sample = rowsOf(hub, 'SELECT consumer, record FROM records ORDER BY number DESC LIMIT 1')[0];
  const rests = rowsOf(hub, 'SELECT agreement FROM agreements ORDER BY number DESC LIMIT 1')[0];
  hub.close();
  const record = db.prepare(insertInto('records', 6));
  const agreement = db.prepare(insertInto('agreements', 2));
  return () => {
    const [consumer = '', bytes = null] = sample ?? [];
    record.run(next, randomBytes(16).toString('hex'), Date.now(), consumer, randomBytes(16), bytes);
    if (rests !== undefined) agreement.run(rests[0] ?? '', next);
    next++;
  };
}
