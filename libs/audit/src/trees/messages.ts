import type { LogName } from '../log-trees.ts';

/** What the thread is started with. */
export interface FollowStart {
  readonly directory: string;
  readonly outside: string;
}
/** Cover what the logs hold, then end. */
export type ToWorker = 'close';
export type ToMain =
  | { readonly kind: 'ready' }
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'signed'; readonly log: LogName }
  /** A round failed and will be tried again, until `recovered`. */
  | { readonly kind: 'failed' }
  | { readonly kind: 'recovered' };
