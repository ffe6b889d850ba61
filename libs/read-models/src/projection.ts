import type { EventType } from '#kernel';
import type { ModelName } from './read-models.ts';

/** What a fold reads of a fact: decoded once, whatever the number of projections. */
export interface PublishedEvent {
  readonly type: EventType;
  readonly publisher: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A text is kept as a number of the build's dictionary, a number as itself. `undefined`: the event says nothing. */
export type Value = string | number | undefined;
export interface Column {
  readonly name: string;
  readonly kind: 'text' | 'number';
}

/**
 * A row model over events of which each makes at most one row. What corrects what is the runner's affair
 * (`occurrence.ts`); a projection only says what an event's row holds.
 */
export interface Projection {
  readonly name: ModelName;
  /** Another version is built beside the live one, then switched. Raise it whenever what `row` says changes. */
  readonly version: number;
  readonly reads: readonly EventType[];
  readonly columns: readonly Column[];
  /**
   * Pure; one value for each column, in their order.
   * @throws Problem with a stable code on what it can't place (parks the fact for this projection).
   */
  row(event: PublishedEvent): readonly Value[];
  /**
   * Paths below `data` that each column of such an event's row is made of, by column: all that `row` can read for it.
   * @throws Problem `type-unplaceable` for a type that the model does not read.
   */
  filledFrom(type: EventType): ReadonlyMap<string, readonly string[]>;
}
