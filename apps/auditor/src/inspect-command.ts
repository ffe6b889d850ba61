import { inspectRow } from '#audit/verify';
import { parsePosition, Problem } from '#kernel';
import { EXIT, type Outcome } from './outcome.ts';
import { visible } from './terminal.ts';

/** `inspect`: what one row commits to, and whether the tree was made of it. Of a fact no payload is shown. */
export function inspectCommand(directory: string, log: string, index: string): Outcome {
  if (log !== 'facts' && log !== 'access') throw new Problem('log-unknown', { field: 'facts, access' });
  const number = parsePosition(index);
  if (number === undefined) throw new Problem('index-malformed');
  const row = inspectRow(directory, log, Number(number));
  if (row === undefined) throw new Problem('row-unknown', { field: `${log} ${number}` });
  const { inTree, storedBytes, ...texts } = row;
  const said = { true: 'in the tree', false: 'not what the tree was made of', undefined: 'not in the tree yet' };
  const lines = Object.entries(texts).map(([name, value]) => `${name} ${visible(String(value))}`);
  return {
    json: row,
    words: [`${log} ${number}: ${said[`${inTree}`]}`, ...lines, `storedBytes ${storedBytes}`].join('\n'),
    exit: inTree === false ? EXIT.findings : EXIT.sound,
  };
}
