/** How a stable code is answered (RFC 9457). `explanation` is written for people and printed in the reference. */
export interface ProblemKind {
  readonly status: number;
  readonly title: string;
  readonly explanation: string;
}

export const kind = (status: number, title: string, explanation: string): ProblemKind => ({
  status,
  title,
  explanation,
});
