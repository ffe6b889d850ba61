import type { Expected } from '../ports.ts';
import type { Committed, Refused } from './facts-log.ts';
import type { PackedFacts } from './packed-facts.ts';

/** What the writer's thread is started with. */
export interface WorkerStart {
  readonly directory: string;
  /** False where there must be a log already. */
  readonly mayBeNew: boolean;
}
/** One commit, at `now` (ms since 1970) by the caller's clock. With `expected` it is all or nothing. */
export type ToWorker =
  | {
      readonly kind: 'commit';
      readonly no: number;
      readonly now: number;
      readonly facts: PackedFacts;
      readonly expected?: ReadonlyMap<string, Expected>;
    }
  | { readonly kind: 'close' };
export type CommitResult = Committed | Refused | { readonly outcome: 'failed' };
export type ToMain =
  | { readonly no: 'ready' }
  | { readonly no: 'refused'; readonly code: string; readonly file?: string | undefined }
  | { readonly no: number; readonly result: CommitResult };
