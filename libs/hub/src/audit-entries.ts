import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { KeptAccessRecord, Principal } from '#contracts';
import type { AgencyId, Instant } from '#kernel';
import { discloseAudit } from './disclose.ts';
import type { Disclosed, Refused } from './disclosed.ts';
import { PolicyFeed } from './policy-feed.ts';
import { HubPorts } from './ports.ts';

export interface EntryFilter {
  readonly consumer?: AgencyId;
  readonly agreement?: string;
  readonly from?: Instant;
  readonly to?: Instant;
  /** Number of the last entry already seen. */
  readonly after?: number;
  readonly limit: number;
}
export interface AuditEntries {
  readonly entries: readonly KeptAccessRecord[];
  /** `after` of the next page; absent on the last. */
  readonly next?: string;
}

/** Who asked what, why, under which agreement, and what was refused. Payload-free; itself on record. */
export class ReadAuditEntries extends Command<Disclosed<AuditEntries> | Refused> {
  readonly auditor: Principal;
  readonly filter: EntryFilter;
  constructor(auditor: Principal, filter: EntryFilter) {
    super();
    this.auditor = auditor;
    this.filter = filter;
  }
}

/** Agreements that nobody signed (`disclose.ts`). */
const BUILT_IN = ['oversight', 'rehearsal'];

@CommandHandler(ReadAuditEntries)
export class ReadAuditEntriesHandler implements ICommandHandler<ReadAuditEntries> {
  readonly #ports: HubPorts;
  readonly #feed: PolicyFeed;
  constructor(ports: HubPorts, feed: PolicyFeed) {
    this.#ports = ports;
    this.#feed = feed;
  }

  async execute({ auditor, filter }: ReadAuditEntries): Promise<Disclosed<AuditEntries> | Refused> {
    const { agencies, agreements } = await this.#feed.confirmed();
    // names that are none of ours are not kept: whoever asks may not write text of their own into the log
    const kept = {
      ...filter,
      ...(filter.consumer === undefined || agencies.has(filter.consumer) ? {} : { consumer: 'unknown' }),
      ...(filter.agreement === undefined || BUILT_IN.includes(filter.agreement) || agreements.has(filter.agreement)
        ? {}
        : { agreement: 'unknown' }),
    };
    const asked = Object.fromEntries(Object.entries(kept).map(([name, value]) => [name, String(value)]));
    return discloseAudit(this.#ports, this.#feed, auditor, {
      operation: 'audit.entries',
      asked,
      answer: async () => {
        const entries = await this.#ports.access.entries(filter);
        const last = entries.at(-1);
        return entries.length === filter.limit && last !== undefined
          ? { entries, next: String(last.number) }
          : { entries };
      },
    });
  }
}
