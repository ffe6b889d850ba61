import type { Connector } from './connector.ts';
import { policeStreetCsv } from './police-street-csv/index.ts';

/** Every format that can be pushed, by its name on the command line. */
export const connectors: ReadonlyMap<string, Connector> = new Map(
  [policeStreetCsv].map((connector) => [connector.format, connector]),
);
