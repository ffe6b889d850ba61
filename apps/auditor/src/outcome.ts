import { NotReadable } from '#audit/verify';
import { Problem } from '#kernel';

export const EXIT = { sound: 0, findings: 1, unseen: 2 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_HELP = `Exit codes:
  0  sound: everything was looked at and nothing was found
  1  something was found
  2  it could not be looked at: the command, a setting or a file can't be used, or the hub can't be reached or refuses`;

/** What a command came to: what it prints for a program, what it prints for a person. */
export interface Outcome {
  /** Nothing, where all was printed on the way. */
  readonly json: object | undefined;
  readonly words: string;
  readonly exit: ExitCode;
}

/** Why it could not be looked at; it accuses nobody. Never a value of what was read. */
export function unseen(error: unknown): Outcome & { readonly complaint: string } {
  const problem = problemOf(error);
  const complaint = problem.field === undefined ? problem.code : `${problem.code}: ${problem.field}`;
  return { json: { sound: false, problem }, words: '', exit: EXIT.unseen, complaint };
}

function problemOf(error: unknown): { readonly code: string; readonly field?: string } {
  if (error instanceof Problem)
    return { code: error.code, ...(error.field === undefined ? {} : { field: error.field }) };
  if (error instanceof NotReadable) return { code: error.code };
  const { code, path } = (typeof error === 'object' && error !== null ? error : {}) as Readonly<
    Record<string, unknown>
  >;
  if (code === 'ERR_SQLITE_ERROR' || code === 'ERR_OUT_OF_RANGE') return { code: 'file-damaged' };
  if (typeof code === 'string' && /^E[A-Z]+$/.test(code))
    return { code: 'file-unreadable', field: typeof path === 'string' ? path : code };
  // what it says may be of what was read
  return { code: 'failed' };
}
