import type { Artefacts, FactsReader, FactsWriter, HeldRecords } from './ports.ts';

/** Everything that keeps facts, opened together and closed together. */
export interface Store {
  readonly writer: FactsWriter;
  readonly reader: FactsReader;
  readonly artefacts: Artefacts;
  readonly held: HeldRecords;
  /** Waits for every call under way; whatever is called afterwards rejects with `Problem('store-closed')`. */
  close(): Promise<void>;
}
