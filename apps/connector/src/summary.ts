import { basename } from 'node:path';
import { Problem } from '#kernel';
import type { DryRun } from './dry-run.ts';
import { EXIT, exitCodeOf, type ExitCode } from './exit-codes.ts';
import type { PushOutcome } from './push-file.ts';
import type { PushJournal } from './push-journal.ts';

/** What `--json` prints: one object, whatever happened. Counts are rows; positions unpadded decimals. */
export interface Summary {
  readonly format: string;
  /** Without its folder. */
  readonly file: string;
  readonly agency?: string;
  readonly rows: number;
  readonly accepted: number;
  readonly repeated: number;
  readonly quarantined: number;
  readonly rejected: number;
  /** Sent as corrections, since the hub holds the event in other words. */
  readonly corrected: number;
  /** Of all these, settled by an earlier run that was interrupted. */
  readonly resumed: number;
  readonly incomplete: boolean;
  readonly firstPosition?: string;
  readonly lastPosition?: string;
  /** Rows that were rejected or held, by code. */
  readonly reasons: Readonly<Record<string, number>>;
  readonly rejectedFile?: string;
  /** Why the push is incomplete, refused or was never begun. */
  readonly problem?: { readonly code: string; readonly field?: string };
  readonly dryRun?: true;
  readonly wouldSend?: number;
}
export interface Named {
  readonly format: string;
  readonly file: string;
  readonly agency?: string;
}

const NOTHING = {
  rows: 0,
  accepted: 0,
  repeated: 0,
  quarantined: 0,
  rejected: 0,
  corrected: 0,
  resumed: 0,
  reasons: {},
};
const named = ({ format, file, agency }: Named) => ({
  format,
  file: basename(file),
  ...(agency === undefined ? {} : { agency }),
});

export function pushSummary(of: Named, outcome: PushOutcome, journal: PushJournal): Summary {
  const { rows, rejected, reasons, resumed, rejectedFile, failure } = outcome;
  return {
    ...named(of),
    rows,
    ...journal.counts,
    rejected,
    resumed,
    incomplete: failure !== undefined,
    ...positions(journal),
    reasons,
    ...(rejectedFile === undefined ? {} : { rejectedFile }),
    ...(failure === undefined ? {} : problemOf(failure)),
  };
}

export const drySummary = (of: Named, run: DryRun, rejectedFile: string | undefined): Summary => ({
  ...named(of),
  ...NOTHING,
  rows: run.rows,
  rejected: run.rejected,
  incomplete: false,
  reasons: run.reasons,
  ...(rejectedFile === undefined ? {} : { rejectedFile }),
  dryRun: true,
  wouldSend: run.wouldSend,
});

export const failedSummary = (of: Named, failure: unknown): Summary => ({
  ...named(of),
  ...NOTHING,
  incomplete: true,
  ...problemOf(failure),
});

export function exitCode(summary: Summary, failure: unknown): ExitCode {
  if (failure instanceof Problem) return exitCodeOf(failure);
  if (failure !== undefined) return EXIT.incomplete;
  const { rows, rejected, quarantined, reasons } = summary;
  if (rows > 0 && reasons['agreement-required'] === rows) return EXIT.refused;
  return rejected + quarantined === 0 ? EXIT.done : EXIT.someNotTaken;
}

function problemOf(failure: unknown): { problem: { code: string; field?: string } } {
  if (!(failure instanceof Problem)) return { problem: { code: 'file-unreadable' } };
  return { problem: { code: failure.code, ...(failure.field === undefined ? {} : { field: failure.field }) } };
}

function positions(journal: PushJournal): { firstPosition?: string; lastPosition?: string } {
  let first = Infinity;
  let last = -1;
  for (const [, settled] of journal.rows()) {
    if (settled.status === 'quarantined') continue;
    const at = Number(settled.position);
    if (at < first) first = at;
    if (at > last) last = at;
  }
  return last === -1 ? {} : { firstPosition: String(first), lastPosition: String(last) };
}
