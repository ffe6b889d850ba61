import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { accessLeaf, factLeaf, LOGS, type LeafOpening, type LogName } from '#audit';
import type { Principal } from '#contracts';
import { position, type Instant } from '#kernel';
import { ANCHORED } from './anchor-access-log.ts';
import { discloseAudit } from './disclose.ts';
import type { Disclosed, Refused } from './disclosed.ts';
import { PolicyFeed } from './policy-feed.ts';
import { HubPorts } from './ports.ts';

/** First line of a bundle. Its checkpoints commit to every other line. */
export interface BundleHead {
  readonly bundle: 'svd-hub-audit';
  readonly v: 1;
  readonly madeAt: Instant;
  readonly logs: Readonly<Record<LogName, { readonly key: string; readonly checkpoint: string | null }>>;
}

/**
 * Everything an auditor needs to check both logs without the hub: checkpoints, the leaf of every fact, and every access
 * record with what opens its leaf. No fact's payload, but that of the facts that anchor the access log.
 */
export class ReadAuditBundle extends Command<Disclosed<BundleHead> | Refused> {
  readonly auditor: Principal;
  constructor(auditor: Principal) {
    super();
    this.auditor = auditor;
  }
}

@CommandHandler(ReadAuditBundle)
export class ReadAuditBundleHandler implements ICommandHandler<ReadAuditBundle> {
  readonly #ports: HubPorts;
  readonly #feed: PolicyFeed;
  constructor(ports: HubPorts, feed: PolicyFeed) {
    this.#ports = ports;
    this.#feed = feed;
  }

  async execute({ auditor }: ReadAuditBundle): Promise<Disclosed<BundleHead> | Refused> {
    const { trees, clock } = this.#ports;
    const sizes: Record<LogName, number> = { facts: 0, access: 0 };
    const head = (log: LogName): BundleHead['logs'][LogName] => {
      const checkpoint = trees.checkpoint(log);
      sizes[log] = checkpoint?.size ?? 0;
      return { key: trees.verifierKey(log), checkpoint: checkpoint?.note ?? null };
    };
    return discloseAudit(this.#ports, this.#feed, auditor, {
      operation: 'audit.bundle',
      asked: {},
      // the facts' head first: an anchor that it covers is then of no more records than the access log's head
      answer: async () => ({
        bundle: 'svd-hub-audit' as const,
        v: 1 as const,
        madeAt: clock.now(),
        logs: { facts: head('facts'), access: head('access') },
      }),
      rendering: {
        mediaType: 'application/x-ndjson',
        body: (data) => bundleLines(this.#ports, data, sizes),
      },
    });
  }
}

const ROWS = 500;

async function* bundleLines(
  { trees, log, access }: HubPorts,
  head: BundleHead,
  sizes: Readonly<Record<LogName, number>>,
): AsyncGenerator<string> {
  yield line(head);
  for (const name of LOGS) {
    for (const checkpoint of trees.earlier(name, sizes[name])) yield line({ log: name, checkpoint });
  }
  if (sizes.facts > 0) {
    for await (const facts of log.readAll('start', position(sizes.facts - 1))) {
      yield facts
        .map((fact) => {
          const { leaf, opening } = factLeaf(fact);
          const shown = { log: 'facts', index: Number(fact.position), leaf };
          return line(fact.type === ANCHORED ? { ...shown, opening: written(opening) } : shown);
        })
        .join('');
    }
  }
  for (let next = 0; next < sizes.access;) {
    const rows = await access.rows(next - 1, Math.min(ROWS, sizes.access - next));
    // a log that holds less than was signed is not worth an ending: the bundle stays without its last line
    if (rows.length === 0) throw new Error('the access log is shorter than its checkpoint');
    yield rows
      .map((row) => {
        const { leaf, opening } = accessLeaf(row);
        return line({ log: 'access', index: row.number, leaf, opening: written(opening) });
      })
      .join('');
    next += rows.length;
  }
  yield line({ end: true, ...sizes });
}

const line = (value: object): string => `${JSON.stringify(value)}\n`;
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const written = ({ nonce, stored, ...texts }: LeafOpening): object => ({
  nonce: base64(nonce),
  ...texts,
  stored: base64(stored),
});
