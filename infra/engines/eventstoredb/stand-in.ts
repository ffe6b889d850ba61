import { parseArgs } from 'node:util';
import { serveStandIn } from './stand-in-server.ts';

/**
 * The stand-in as a process: `--file` holds its log, `--port` is any free one when absent, and the port is the one line
 * that it prints. `--child` ends it when its standard input does, with whoever started it.
 */
const { values } = parseArgs({
  options: { file: { type: 'string' }, port: { type: 'string', default: '0' }, child: { type: 'boolean' } },
});
if (values.file === undefined) throw new RangeError('--file is missing');
if (values.child === true) process.stdin.resume().once('end', () => process.exit(0));
process.stdout.write(`${await serveStandIn(values.file, Number(values.port))}\n`);
