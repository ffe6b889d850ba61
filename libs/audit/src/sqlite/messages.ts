import type { NewRow, Placed } from './access-table.ts';

/** One commit, at `now` (ms since 1970) by the caller's clock. One is under way at a time. */
export type ToWorker =
  { readonly kind: 'commit'; readonly now: number; readonly rows: readonly NewRow[] } | { readonly kind: 'close' };
export type ToMain =
  | { readonly kind: 'ready' }
  | { readonly kind: 'refused'; readonly code: string; readonly file?: string | undefined }
  | { readonly kind: 'committed'; readonly placed: readonly Placed[] }
  | { readonly kind: 'failed' };
