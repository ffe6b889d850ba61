export * from './read-models.ts';
export { columnsOf } from './projections.ts';
export { columnLabels } from './column-labels.ts';
export { openReadModels, type ReadModelsOptions } from './sqlite/open-read-models.ts';
