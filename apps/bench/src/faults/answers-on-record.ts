/** An answer that a client received whole: what its access record must say. */
export interface ReceivedAnswer {
  /** Absent where the answer carries none: 304, and what is not there. */
  readonly disclosureId?: string;
  readonly agency: string;
  readonly operation: string;
  /** Canonical JSON of the question, as it is recorded. */
  readonly question: string;
  /** `permit` and the agreements, or `refuse` and the rule. */
  readonly decision: string;
}
export interface RecordedAnswer extends ReceivedAnswer {
  readonly disclosureId: string;
}
export interface Comparison {
  /** Answers for which there is no access record. */
  readonly missing: readonly ReceivedAnswer[];
  /** Answers whose record says something else than what was answered. */
  readonly different: readonly ReceivedAnswer[];
}

const said = ({ agency, operation, question, decision }: ReceivedAnswer): string =>
  [agency, operation, question, decision].join('\n');

/**
 * Holds what clients received against the access records. An answer with an id needs the record of that id, which no
 * other answer may need too; one without needs a record that says the same and is nobody else's.
 */
export function compareAnswers(answers: readonly ReceivedAnswer[], records: readonly RecordedAnswer[]): Comparison {
  const free = new Map(records.map((record) => [record.disclosureId, record]));
  const missing: ReceivedAnswer[] = [];
  const different: ReceivedAnswer[] = [];
  for (const answer of answers) {
    if (answer.disclosureId === undefined) continue;
    const record = free.get(answer.disclosureId);
    free.delete(answer.disclosureId);
    if (record === undefined) missing.push(answer);
    else if (said(record) !== said(answer)) different.push(answer);
  }
  const left = new Map<string, number>();
  for (const record of free.values()) left.set(said(record), (left.get(said(record)) ?? 0) + 1);
  for (const answer of answers) {
    if (answer.disclosureId !== undefined) continue;
    const count = left.get(said(answer)) ?? 0;
    if (count === 0) missing.push(answer);
    left.set(said(answer), count - 1);
  }
  return { missing, different };
}
