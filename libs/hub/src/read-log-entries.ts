import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { accessLeaf, factLeaf, type LogName } from '#audit';
import type { Principal } from '#contracts';
import { position, Problem } from '#kernel';
import { discloseAudit } from './disclose.ts';
import type { Disclosed, Refused } from './disclosed.ts';
import { PolicyFeed } from './policy-feed.ts';
import { HubPorts } from './ports.ts';

/** Leaves `first` to `first + count` of a log, as texts. */
export interface LogEntries {
  readonly log: LogName;
  readonly first: number;
  readonly leaves: readonly string[];
}

/** The leaves under a tile of the lowest level, as a C2SP entry bundle: each preceded by its length as two bytes, big-endian. */
export class ReadLogEntries extends Command<Disclosed<LogEntries> | Refused> {
  readonly auditor: Principal;
  readonly log: LogName;
  readonly no: number;
  readonly width: number;
  constructor(auditor: Principal, tile: { readonly log: LogName; readonly no: number; readonly width: number }) {
    super();
    this.auditor = auditor;
    this.log = tile.log;
    this.no = tile.no;
    this.width = tile.width;
  }
}

const TILE = 256;

@CommandHandler(ReadLogEntries)
export class ReadLogEntriesHandler implements ICommandHandler<ReadLogEntries> {
  readonly #ports: HubPorts;
  readonly #feed: PolicyFeed;
  constructor(ports: HubPorts, feed: PolicyFeed) {
    this.#ports = ports;
    this.#feed = feed;
  }

  /** @throws Problem `not-found` where the newest checkpoint doesn't cover all of them. */
  async execute({ auditor, log, no, width }: ReadLogEntries): Promise<Disclosed<LogEntries> | Refused> {
    const first = no * TILE;
    return discloseAudit(this.#ports, this.#feed, auditor, {
      operation: 'log.entries',
      asked: { log, first: String(first), count: String(width) },
      answer: async () => {
        if (first + width > (this.#ports.trees.checkpoint(log)?.size ?? 0)) throw new Problem('not-found');
        return { log, first, leaves: await leavesOf(this.#ports, log, first, width) };
      },
      rendering: { mediaType: 'application/octet-stream', body: ({ leaves }) => entryBundle(leaves) },
    });
  }
}

async function leavesOf({ log, access }: HubPorts, name: LogName, first: number, count: number): Promise<string[]> {
  if (name === 'access') return (await access.rows(first - 1, count)).map((row) => accessLeaf(row).leaf);
  const leaves: string[] = [];
  const after = first === 0 ? 'start' : position(first - 1);
  for await (const facts of log.readAll(after, position(first + count - 1)))
    leaves.push(...facts.map((fact) => factLeaf(fact).leaf));
  return leaves;
}

function entryBundle(leaves: readonly string[]): Uint8Array {
  return Buffer.concat(
    leaves.flatMap((leaf) => {
      const bytes = Buffer.from(leaf);
      const length = Buffer.alloc(2);
      length.writeUInt16BE(bytes.length);
      return [length, bytes];
    }),
  );
}
