import type { PublishedEvent } from '#contracts';
import type { HeldRecord, HeldRecords, Placed } from '#event-store';
import { instant, millis, Problem, streamName, type AgencyId } from '#kernel';
import { sealFor } from '#privacy';
import { ownFact } from './own-facts.ts';
import type { HubPorts } from './ports.ts';

/** How long a held record waits, and how many one publisher may have waiting. */
const HELD_FOR_MS = 30 * 24 * 3600 * 1000;
const HELD_CAP = 10_000;

/**
 * Holds well-formed events whose code no adopted list maps. The held file gets the sealed event; the log gets the id, the
 * reason and the field, never a value. The same event held again keeps its one record.
 * Results in order; `undefined` where the publisher's quarantine is full.
 */
export async function holdEvents(
  ports: HubPorts,
  publisher: AgencyId,
  events: readonly { readonly event: PublishedEvent; readonly field: string; readonly reason: string }[],
): Promise<readonly (string | undefined)[]> {
  const { ids, held } = await inTurn(ports.held, () => lookAndHold(ports, publisher, events));
  // for records held before as well: a fact that an earlier try did not come to write is written now, any other repeats
  if (held.length > 0) await ports.writer.append(held.map((record) => heldFact(ports, publisher, record)));
  return ids;
}

const heldFact = (ports: HubPorts, publisher: AgencyId, { id, heldAt, field, reason }: HeldRecord): Placed => ({
  stream: streamName(`quarantine:${publisher}`),
  fact: ownFact(
    ports.keys,
    'uk.svd.hub.event-quarantined.v1',
    { quarantine: id, publisher, field, reason },
    publisher,
    `${id}.${millis(heldAt)}.held`,
  ),
});

async function lookAndHold(
  ports: HubPorts,
  publisher: AgencyId,
  events: Parameters<typeof holdEvents>[2],
): Promise<{ readonly ids: readonly (string | undefined)[]; readonly held: readonly HeldRecord[] }> {
  const ids: string[] = [];
  const fresh = new Map<string, HeldRecord>();
  const held = new Map<string, HeldRecord>();
  const now = ports.clock.now();
  for (const { event, field, reason } of events) {
    const id = ports.keys.quarantineId(publisher, event.digest);
    ids.push(id);
    if (held.has(id)) continue;
    const known = await ports.held.get(publisher, id);
    if (known !== undefined) {
      held.set(id, known);
      continue;
    }
    const sealed = sealFor(ports.keys.quarantine, { publisher, record: id }, event.canonical);
    const record = { id, publisher, field, reason, heldAt: now, expiresAt: instant(millis(now) + HELD_FOR_MS), sealed };
    fresh.set(id, record);
    held.set(id, record);
  }
  if (fresh.size === 0) return { ids, held: [...held.values()] };
  try {
    await ports.held.hold([...fresh.values()], HELD_CAP);
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'quarantine-full') throw error;
    return {
      ids: ids.map((id) => (fresh.has(id) ? undefined : id)),
      held: [...held.values()].filter(({ id }) => !fresh.has(id)),
    };
  }
  return { ids, held: [...held.values()] };
}

const turns = new WeakMap<HeldRecords, Promise<unknown>>();
/** Between looking for a held id and keeping it nobody else may: one event can be in two chunks that are under way. */
function inTurn<T>(held: HeldRecords, work: () => Promise<T>): Promise<T> {
  const done = (turns.get(held) ?? Promise.resolve()).then(work);
  turns.set(
    held,
    done.catch(() => undefined),
  );
  return done;
}
