import type { Finding, Findings } from './findings.ts';

export const NOTES = {
  'key-from-directory':
    'The public key came from the directory itself: this proves nothing about who signed. Name it with --keys.',
  'key-from-bundle':
    'The public key came with the bundle itself: this proves nothing about who signed. Name it with --keys.',
  'repeats-unchecked': 'Without hub.key the digests that tell a repeated event from another were not checked.',
} as const;
export type Note = keyof typeof NOTES;

/** What was looked at of one log. Sizes in leaves. */
export interface LogVerdict {
  readonly size: number;
  /** Leaves that a root which somebody vouched for covers, and agrees with. */
  readonly covered: number;
  /** Hex. */
  readonly root: string;
  readonly checkpoints: number;
}
export interface Verdict {
  /** Nothing was found. */
  readonly sound: boolean;
  readonly facts: LogVerdict;
  readonly access: LogVerdict;
  /** The first bad index of each log first; at most 1,000. */
  readonly findings: readonly Finding[];
  /** How many there are. */
  readonly found: number;
  /** What the verdict does not rest on, or could not look at. */
  readonly notes: readonly Note[];
}

export const NOT_READ: LogVerdict = { size: 0, covered: 0, root: '', checkpoints: 0 };

export const verdictOf = (
  findings: Findings,
  { facts, access, notes }: Pick<Verdict, 'facts' | 'access' | 'notes'>,
): Verdict => ({
  sound: findings.count === 0,
  facts,
  access,
  findings: findings.sorted(),
  found: findings.count,
  notes,
});
