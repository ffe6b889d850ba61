import type { Findings } from './findings.ts';
import type { VouchedRoot } from './log-check.ts';
import { isSignedBy, readHead, type VerifierKey } from './signed-note.ts';

/** A checkpoint and where it was found. */
export interface FoundCheckpoint {
  readonly note: string;
  readonly what: string;
  /** Where it is kept under a size, that size. */
  readonly size?: number;
}

/** Those that the keys of this log signed; each of the others is a finding. */
export function vouchedCheckpoints(
  log: 'facts' | 'access',
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
