import { FINDINGS, NOTES, type Finding, type LogVerdict, type Verdict } from '#audit/verify';
import { count, visible } from './terminal.ts';

/** Where a key came from, beside what the verifier says of itself. */
export const MORE_NOTES = {
  'key-from-hub':
    'The public key came from the hub that was asked: this proves nothing about who signed. Name it with --keys, or keep it with --state.',
  'no-earlier-checkpoint':
    'Nothing was kept from an earlier time: that the log only grew since then was not looked at. Keep it with --state, or name what was kept with --given or --checkpoints.',
  'receipt-alone': 'One event was looked at, and that its place in the log was signed; the rest of the log was not.',
} as const;
export type AuditNote = keyof typeof MORE_NOTES | keyof typeof NOTES;

const MEANING = { ...NOTES, ...MORE_NOTES };
const MOST = 50;
const LOGS = ['facts', 'access'] as const;

export type Told = Omit<Verdict, 'notes'> & { readonly notes: readonly AuditNote[] };

/** A verdict for people. */
export function inWords(verdict: Told): string {
  const lines = LOGS.flatMap((log) => ofLog(log, verdict[log]));
  for (const log of LOGS) {
    const first = verdict.findings.find(({ of, index }) => of === log && index !== undefined);
    if (first !== undefined) lines.push(`${log}: first bad index ${rowsOf(first)}`);
  }
  lines.push(...findingsInWords(verdict.findings, verdict.found), ...notesInWords(verdict.notes));
  lines.push(verdict.sound ? 'sound: nothing was found' : `not sound: ${count(verdict.found)} found`);
  return lines.join('\n');
}

export const findingsInWords = (findings: readonly Finding[], found: number): readonly string[] => [
  ...findings.slice(0, MOST).map(oneInWords),
  ...(found > MOST ? [`  … and ${count(found - MOST)} more (--json tells up to 1,000)`] : []),
];

export const notesInWords = (notes: readonly AuditNote[]): readonly string[] =>
  notes.map((note) => `note: ${MEANING[note]}`);

function ofLog(log: string, { size, covered, root, checkpoints }: LogVerdict): readonly string[] {
  const lines = [`${log}: ${count(size)} rows, ${count(covered)} covered, ${count(checkpoints)} checkpoints`];
  if (root !== '') lines.push(`  root ${root}`);
  if (size > covered)
    lines.push(`  ${count(size - covered)} rows are not covered by a checkpoint: nothing vouches for them`);
  return lines;
}

function oneInWords(finding: Finding): string {
  const { of, code, index, what } = finding;
  const place = index === undefined ? '' : ` ${rowsOf(finding)}`;
  return `  ${of}${place}: ${code}${what === undefined ? '' : ` (${visible(what)})`}: ${FINDINGS[code]}`;
}

const rowsOf = ({ index, until }: Finding): string =>
  until === undefined || until === index ? `${index}` : `${index} to ${until}`;
