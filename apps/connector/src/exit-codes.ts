import { Problem } from '#kernel';

export const EXIT = { done: 0, someNotTaken: 1, usage: 2, incomplete: 3, refused: 4 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_HELP = `Exit codes:
  0  every row was accepted, or had been before
  1  some rows were rejected or are held in quarantine
  2  the command, a setting or the file can't be used; nothing was sent
  3  incomplete: the hub can't be reached or the connection was cut; run the same command again
  4  refused: the client is not taken, or no agreement covers what was sent`;

const CUT = new Set(['push-incomplete', 'hub-unreachable', 'hub-busy']);
const REFUSED = new Set(['hub-refused', 'hub-rejected', 'hub-answer-malformed', 'token-malformed']);

/** Whether the same push may come to its end when it is tried again at once. */
export const mayComplete = (error: unknown): error is Problem => error instanceof Problem && CUT.has(error.code);

export function exitCodeOf(problem: Problem): ExitCode {
  if (CUT.has(problem.code) || problem.code === 'interrupted') return EXIT.incomplete;
  return REFUSED.has(problem.code) ? EXIT.refused : EXIT.usage;
}
