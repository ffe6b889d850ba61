export { bucketOf, shown, shownSum, type Count, type DisplayRule, type Shown } from './bucket.ts';
export { cellsBehind, heldAt, type CellsBehind, type Held } from './cells-behind.ts';
export { closedAt, firstDay, monthsOf, parsePeriod, rowTimesIn, type Period, type RowTime } from './period.ts';
export {
  GEOGRAPHY_LIMITS,
  OUTSIDE,
  readGeographyPack,
  UNKNOWN,
  type Boundaries,
  type Geography,
  type GeographyPack,
  type GeographyRead,
  type NamedPlace,
} from './geography.ts';
export { GEOGRAPHY_SCHEMA } from './geography-schema.ts';
export {
  DEFINITIONS,
  definitionId,
  definitionOf,
  dimensionsOf,
  fieldsOf,
  NOT_STATED,
  releaseColumns,
  type Definition,
  type Dimension,
  type FieldDimension,
} from './definition.ts';
export {
  freeze,
  isSameTable,
  readReleaseTable,
  releaseBytes,
  type Code,
  type Freezing,
  type ReleaseCell,
  type ReleaseTable,
} from './release.ts';
export { finestGrains, readTableQuery, type Asked, type TableQuery } from './table-query.ts';
export { releaseLabels } from './release-labels.ts';
export { knowsValues, tabulate, type LabelledTable, type ResultTable, type Shows } from './table.ts';
