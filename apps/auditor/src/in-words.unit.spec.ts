import { FINDINGS, type Finding } from '#audit/verify';
import { inWords, type Told } from './in-words.ts';
import { visible } from './terminal.ts';

const log = { size: 1_200, covered: 1_200, root: 'ab'.repeat(32), checkpoints: 3 };
const verdict = (told: Partial<Told>): Told => ({
  sound: true,
  facts: log,
  access: { ...log, size: 0, covered: 0, checkpoints: 0 },
  findings: [],
  found: 0,
  notes: [],
  ...told,
});
const lines = (told: Partial<Told>): string[] => inWords(verdict(told)).split('\n');

describe('a verdict in words', () => {
  it('tells sizes, what is covered, and roots', () => {
    expect(lines({})).toEqual([
      'facts: 1,200 rows, 1,200 covered, 3 checkpoints',
      `  root ${'ab'.repeat(32)}`,
      'access: 0 rows, 0 covered, 0 checkpoints',
      `  root ${'ab'.repeat(32)}`,
      'sound: nothing was found',
    ]);
  });

  it('says that the end is not covered yet, and where the key came from', () => {
    const said = lines({ facts: { ...log, covered: 1_150 }, notes: ['key-from-directory'] });
    expect(said[2]).toBe('  50 rows are not covered by a checkpoint: nothing vouches for them');
    expect(said.at(-2)).toMatch(/^note: .*proves nothing about who signed/);
  });

  it('names the first bad index of each log, and what each finding means', () => {
    const findings: Finding[] = [
      { of: 'access', code: 'row-missing', index: 4 },
      { of: 'facts', code: 'log-rewritten', index: 7, until: 90, what: 'trees.db 91' },
      { of: 'facts', code: 'row-changed', index: 8 },
      { of: 'trees', code: 'file-damaged' },
    ];
    const said = lines({ sound: false, findings, found: 4 }).slice(4);
    expect(said).toEqual([
      'facts: first bad index 7 to 90',
      'access: first bad index 4',
      `  access 4: row-missing: ${FINDINGS['row-missing']}`,
      `  facts 7 to 90: log-rewritten (trees.db 91): ${FINDINGS['log-rewritten']}`,
      `  facts 8: row-changed: ${FINDINGS['row-changed']}`,
      `  trees: file-damaged: ${FINDINGS['file-damaged']}`,
      'not sound: 4 found',
    ]);
  });

  it('does not go on for ever', () => {
    const findings = Array.from({ length: 1_000 }, (_, index): Finding => ({
      of: 'facts',
      code: 'row-changed',
      index,
    }));
    const said = lines({ sound: false, findings, found: 20_000 });
    expect(said.length).toBeLessThan(60);
    expect(said.at(-2)).toBe('  … and 19,950 more (--json tells up to 1,000)');
  });

  it('moves no cursor and turns no writing round', () => {
    expect(visible('a\x1b[2Jb\r\n\u202ec\u2028é')).toBe('a\ufffd[2Jb\ufffd\ufffd\ufffdc\ufffdé');
  });
});
