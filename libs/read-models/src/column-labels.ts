import { eventDefinition, joined, labelsIn, type ColumnLabels, type EventDefinition } from '#contracts';
import { Problem, type EventType } from '#kernel';
import type { Projection } from './projection.ts';
import { projectionOf } from './projections.ts';
import type { ModelName } from './read-models.ts';

/**
 * Legal labels of a model's columns in the rows of these types together. Computed from what fills the columns, never
 * written beside them.
 * @throws Problem `type-unplaceable` for a type that the model does not read; `projection-unknown`.
 */
export function columnLabels(model: ModelName, ...types: readonly EventType[]): ColumnLabels {
  const definitions = types.map((type) => {
    const definition = eventDefinition(type);
    if (definition === undefined) throw new Problem('type-unplaceable', { field: 'type' });
    return definition;
  });
  return labelsOfColumns(projectionOf(model), definitions);
}

/** Of all that a column is made of, and of there being such a row, which every column tells. */
export function labelsOfColumns(projection: Projection, definitions: readonly EventDefinition[]): ColumnLabels {
  const labels = new Map(projection.columns.map(({ name }) => [name, joined()]));
  for (const definition of definitions) {
    for (const [column, paths] of projection.filledFrom(definition.type)) {
      const made = paths.map((path) => labelsIn(definition, path));
      labels.set(column, joined(labels.get(column) ?? [], labelsIn(definition), ...made));
    }
  }
  return labels;
}
