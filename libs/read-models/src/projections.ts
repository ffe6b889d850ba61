import { Problem } from '#kernel';
import { incidents } from './incidents.ts';
import { profiles } from './profiles.ts';
import type { Projection } from './projection.ts';
import type { ModelName } from './read-models.ts';

export const PROJECTIONS: readonly Projection[] = [incidents, profiles];

/** @throws Problem `projection-unknown`. */
export function projectionOf(model: string): Projection {
  const found = PROJECTIONS.find((projection) => projection.name === model);
  if (found === undefined) throw new Problem('projection-unknown', { field: 'model' });
  return found;
}

/** Columns by which a cube of the model may count. */
export const columnsOf = (model: ModelName): readonly string[] =>
  projectionOf(model).columns.map((column) => column.name);
