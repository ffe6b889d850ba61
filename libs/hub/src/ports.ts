import type { AccessLog, LogTrees } from '#audit';
import type { Artefacts, FactsReader, FactsWriter, HeldRecords } from '#event-store';
import type { Clock } from '#kernel';
import type { ReadModels } from '#read-models';
import type { HubKeys } from './keys.ts';

/**
 * What the use cases stand on, wired once by an app. A class, so that Nest can inject it by type; every handler takes
 * this and, where it decides, {@link PolicyFeed}.
 */
export class HubPorts {
  readonly writer: FactsWriter;
  readonly log: FactsReader;
  readonly artefacts: Artefacts;
  readonly held: HeldRecords;
  readonly models: ReadModels;
  readonly access: AccessLog;
  readonly trees: LogTrees;
  readonly keys: HubKeys;
  readonly clock: Clock;
  /** Version of the running code, written into each access record. */
  readonly build: string;

  constructor(ports: HubPorts) {
    this.writer = ports.writer;
    this.log = ports.log;
    this.artefacts = ports.artefacts;
    this.held = ports.held;
    this.models = ports.models;
    this.access = ports.access;
    this.trees = ports.trees;
    this.keys = ports.keys;
    this.clock = ports.clock;
    this.build = ports.build;
  }
}
