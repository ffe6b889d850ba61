import type { ParkedFact, ProjectionStatus } from '../read-models.ts';
import type { Progress } from './projector.ts';

export interface ProjectorStart {
  readonly directory: string;
  readonly factsDirectory: string;
}
/** What the thread is asked, and what each answers. */
export interface Calls {
  status: { readonly argument: undefined; readonly value: readonly ProjectionStatus[] };
  rebuild: { readonly argument: undefined; readonly value: undefined };
  retry: { readonly argument: ParkedFact['id']; readonly value: 'applied' | 'parked' };
  skip: { readonly argument: ParkedFact['id']; readonly value: undefined };
}
export type CallName = keyof Calls;
export type ToProjector =
  | { readonly kind: 'nudge' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'call'; readonly no: number; readonly name: CallName; readonly argument: string | undefined };
export type FromProjector =
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'answer'; readonly no: number; readonly value: unknown }
  | { readonly kind: 'refused'; readonly no: number; readonly code: string };
