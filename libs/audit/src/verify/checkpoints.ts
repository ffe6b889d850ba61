import type { Findings } from './findings.ts';
import type { VouchedRoot } from './log-check.ts';
import { isSignedBy, readHead, type VerifierKey } from './signed-note.ts';

export type Log = 'facts' | 'access';

/** A checkpoint and where it was found. */
export interface FoundCheckpoint {
  readonly note: string;
  readonly what: string;
  /** Where it is kept under a size, that size. */
  readonly size?: number;
}

/** Those that the keys of this log signed; each of the others is a finding. */
export function vouchedCheckpoints(
  log: Log,
  found: readonly FoundCheckpoint[],
  keys: readonly VerifierKey[],
  findings: Findings,
): readonly VouchedRoot[] {
  const ours = keys.filter(({ name }) => name.endsWith(`/${log}`));
  return found.flatMap(({ note, what, size }): VouchedRoot[] => {
    const head = readHead(note);
    const sound = head !== undefined && isSignedBy(note, ours) && (size === undefined || size === head.size);
    if (sound) return [{ size: head.size, root: head.root, what, kind: 'checkpoint' }];
    const index = head?.size ?? size;
    findings.add({ of: log, code: 'checkpoint-unsigned', what, ...(index === undefined ? {} : { index }) });
    return [];
  });
}

/** Checkpoints that the auditor was given, under the log that each names; one that names none is no log's, and is not passed over. */
export function givenCheckpoints(given: readonly string[], log: Log): readonly FoundCheckpoint[] {
  return given
    .filter((note) => (readHead(note)?.origin.endsWith('/access') === true) === (log === 'access'))
    .map((note) => ({ note, what: 'checkpoint that was given' }));
}
