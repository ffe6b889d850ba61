import { setTimeout as pause } from 'node:timers/promises';
import { POLICE } from '../hub/people.ts';
import { BearingLoad } from './bearing-load.ts';
import { monotonic, pushStream, type RecordedHub } from './recorded-hub.ts';
import type { Faults } from './faulty-host.ts';

/** A time during which a host does something wrong. */
export interface Spell {
  readonly what: string;
  readonly faults: Faults;
  readonly ms: number;
  /** Killed before the host is well again, and started on a host that is. */
  readonly killed?: boolean;
  /** Parts of which `/health/ready` must name one meanwhile. */
  readonly missing: readonly string[];
  /** Statuses that a client may be answered meanwhile beside those of a hub that is well. */
  readonly allowed: readonly number[];
}
export interface SpellReport {
  readonly what: string;
  /** Syncs, writes and readings of the clock that went wrong. */
  readonly faults: number;
  readonly answers: ReadonlyMap<number, number>;
  /** On the monotonic clock, nanoseconds; until the hub was well again. */
  readonly from: number;
  readonly until: number;
  /** What was not as it must be. */
  readonly broken: readonly string[];
}

const CALM_MS = 300;
const LOOK_EVERY_MS = 50;
const WELL_AGAIN_WITHIN_MS = 60_000;
const WELL = [200, 201];

/** A spell in the midst of a load, and a calm before and after it. The hub is running before and after. */
export async function spell(recorded: RecordedHub, seed: string, wanted: Spell): Promise<SpellReport> {
  const { hub, host } = recorded;
  const load = new BearingLoad(recorded, seed);
  const calm = new AbortController();
  const before = load.run(calm.signal);
  await Promise.race([pause(CALM_MS), before]);
  calm.abort();
  await before;

  const from = monotonic();
  const already = host.faults();
  const ending = new AbortController();
  const named = new Set<string>();
  host.set(wanted.faults);
  const under = load.run(ending.signal);
  under.catch(() => undefined);
  for (const until = performance.now() + wanted.ms; performance.now() < until;) {
    const missing = await missingPart(hub.url);
    if (missing !== undefined) named.add(missing);
    await Promise.race([pause(LOOK_EVERY_MS), under]);
  }
  if (wanted.killed === true) {
    await host.halt();
    ending.abort();
    await hub.kill();
  }
  const faults = host.faults() - already;
  host.set({});
  if (wanted.killed === true) await hub.start();
  const well = await wellAgain(recorded, load.unacknowledged);
  ending.abort();
  await under;
  // a kill cuts whatever stream is open
  const allowed = [...WELL, ...wanted.allowed, ...(wanted.killed === true ? [0] : [])];
  const broken = [
    ...(faults === 0 ? ['nothing went wrong: nothing was shown'] : []),
    ...(wanted.missing.length === 0 || wanted.missing.some((part) => named.has(part))
      ? []
      : [`/health/ready never named ${wanted.missing.join(' or ')}`]),
    ...[...load.answers]
      .filter(([status]) => !allowed.includes(status))
      .map(([status, count]) => `${count} answers of ${status}`),
    ...load.leaks.map((text) => `a refusal says too much: ${text}`),
    ...(well ? [] : ['not well again']),
  ];
  // whatever was refused, or whose answer was lost, can be sent again
  if (well) await pushStream(hub.as(POLICE, 'publisher'), load.unacknowledged, recorded.promised);
  const report = { what: wanted.what, faults, answers: load.answers, from, until: monotonic() };
  return { ...report, broken: broken.map((one) => `${wanted.what}: ${one}`) };
}

/** Ready, and what was refused is taken: by itself, in a bounded time. */
async function wellAgain({ hub }: RecordedHub, refused: readonly string[]): Promise<boolean> {
  const isTaken = (event: string): Promise<boolean> =>
    hub
      .as(POLICE, 'publisher')
      .postEvent(Buffer.from(event, 'latin1'))
      .then(({ status }) => status === 'accepted' || status === 'repeated')
      .catch(() => false);
  for (const until = performance.now() + WELL_AGAIN_WITHIN_MS; performance.now() < until;) {
    const [one] = refused;
    if ((await missingPart(hub.url)) === undefined && (one === undefined || (await isTaken(one)))) return true;
    await pause(LOOK_EVERY_MS);
  }
  return false;
}

/** The first part that the hub lacks, as it says itself. */
async function missingPart(url: string): Promise<string | undefined> {
  const answer = await fetch(`${url}/health/ready`);
  const { field } = (await answer.json()) as { readonly field?: string };
  return answer.status === 200 ? undefined : (field ?? 'something');
}
