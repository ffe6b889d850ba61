export * from './connector.ts';
export * from './registry.ts';
export { policeStreetCsv } from './police-street-csv/index.ts';
export { slug } from './police-street-csv/street-row.ts';
