import type { EventType, Position, Sha256 } from '#kernel';

/** `incidents`: one row per place event (P). `profiles`: one row per profile event (D). Never joined. */
export const MODELS = ['incidents', 'profiles'] as const;
export type ModelName = (typeof MODELS)[number];

/** What a row says where its event said nothing. */
export const NOT_STATED = 'not-stated';

export interface ProjectionStatus {
  readonly name: ModelName;
  readonly version: number;
  /** Number of the build that answers questions; each rebuild takes the next one. */
  readonly build: number;
  /** Last fact that the live build includes. */
  readonly position: Position | 'empty';
  /** Facts of the log passed and not parked. `applied + parked + pending` = facts in the log. */
  readonly applied: number;
  /** Facts that the fold refused, set-aside ones included. */
  readonly parked: number;
  /** Of `parked`, those that an operator set aside for good. */
  readonly skipped: number;
  /** Facts of the log that the live build has not reached. */
  readonly pending: number;
  readonly state: 'running' | 'down';
  /** A build that grows beside the live one, and the last fact it includes. */
  readonly rebuilding?: { readonly build: number; readonly position: Position | 'empty' };
}

/** A fact that one projection could not place. Never its payload. */
export interface ParkedFact {
  /** `<projection>:<position>`. */
  readonly id: string;
  readonly projection: ModelName;
  readonly position: Position;
  readonly code: string;
  readonly tries: number;
  readonly state: 'parked' | 'skipped';
}

/**
 * A count of rows by columns. Every filter that is given must hold for a row to count.
 * `period` is the row's own period in its own grain, as its type says it (`2024-01` for months; a term or a quarter as
 * sent); `months` looks at the month alone, so that rows which know no month fall outside any range.
 */
export interface CubeQuestion {
  readonly model: ModelName;
  /** Rows of other types don't count; none named, none counted. */
  readonly types: readonly EventType[];
  /** `YYYY-MM`, both inclusive. */
  readonly months?: { readonly from: string; readonly to: string };
  readonly periods?: readonly string[];
  /** Columns of the model ({@link columnsOf}), at most 12. */
  readonly by: readonly string[];
}
export interface Cell {
  /** One value for each column of `by`; {@link NOT_STATED} where the event says nothing. */
  readonly values: Readonly<Record<string, string>>;
  readonly count: number;
}
export interface Cube {
  /** Last fact the counts include, read in the same transaction as the counts. */
  readonly asOf: Position | 'empty';
  /** Cells with a count above 0, ordered by their values. True counts: only a release may show them. */
  readonly cells: readonly Cell[];
}

/**
 * The live models over the facts log, kept by a thread of their own.
 * Guaranteed: rows and checkpoint advance in one transaction; a question sees one state, never a half-built one; a
 * rebuild from position 0 has the digest of the model that grew event by event. Not guaranteed: that a commit is
 * visible at once (ask {@link caughtUp}). A caller must not show a cube's counts to a consumer.
 * Whatever needs the thread rejects with `Problem('projector-down')` while it is down; it restarts by itself.
 */
export interface ReadModels {
  /** One for each model, also while the thread is down. */
  status(): Promise<readonly ProjectionStatus[]>;
  /** Tells the thread that the log has grown to `head`, so that it needn't wait for its next look. */
  nudge(head: Position): void;
  /** Resolves when the live models include `position`. */
  caughtUp(position: Position): Promise<void>;
  /** Builds all models anew beside the live ones; resolves when they have taken their place. Joins one under way. */
  rebuild(): Promise<void>;
  /** In order of position. */
  parked(): Promise<readonly ParkedFact[]>;
  /** Folds the fact again: `applied` when it now fits. @throws Problem `parked-unknown`. */
  retry(id: string): Promise<'applied' | 'parked'>;
  /** Sets the fact aside for good; a retry may still fetch it back. @throws Problem `parked-unknown`. */
  skip(id: string): Promise<void>;
  /**
   * @throws Problem `cube-column-unknown`, `cube-too-wide`, `cube-month-malformed`; `projection-rebuilding` while the
   * live build is of an older version than the code.
   */
  cube(question: CubeQuestion): Promise<Cube>;
  /** SHA-256 over the decoded rows in order of key: the same for equal models, whatever build holds them. */
  digest(model: ModelName): Promise<Sha256>;
  /** Stops the thread after its transaction. Calls under way reject with `Problem('projector-down')`. */
  close(): Promise<void>;
}
