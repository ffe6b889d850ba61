import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { climb } from '../schema-steps.ts';

/** Run as a process: takes the steps given on its input, and dies where one of them calls `end_here()`. */
const db = new DatabaseSync(process.argv[2] ?? '');
db.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=1');
db.function('end_here', () => Number(process.kill(process.pid, 'SIGKILL')));
climb(db, JSON.parse(readFileSync(0, 'utf8')) as string[], () => new Error('later'));
