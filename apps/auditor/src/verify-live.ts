import {
  boundedLines,
  isConsistent,
  readHead,
  verifyBundle,
  type BundleOptions,
  type BundleVerdict,
  type Finding,
} from '#audit/verify';
import { Problem } from '#kernel';
import { hubSettings, openHub, problemCode, type Answer, type Hub } from '#transport';
import { LOGS, type Log, type State } from './state-file.ts';
import type { Surroundings } from './verify-command.ts';

/**
 * Takes the bundle of a running hub and checks it while it comes; then asks the hub to prove that it grew out of what was
 * kept. What the hub says to whoever asks for a checkpoint is held against the bundle too.
 * @throws Problem as `Hub.get` and `Hub.stream` do
 */
export async function verifyLive(
  options: BundleOptions,
  kept: State | undefined,
  { environment, progress }: Surroundings,
): Promise<BundleVerdict> {
  const hub = openHub(await hubSettings(environment));
  const said: string[] = [];
  for (const log of LOGS) {
    const answer = await hub.get(`/v1/audit/log/${log}/checkpoint`);
    // a log that holds nothing yet has none
    if (answer.status !== 404) said.push(taken(answer).text);
  }
  const given = [...said, ...(options.given ?? [])];
  const lines = progress.lines(boundedLines(hub.stream('/v1/audit/bundle', { accept: 'application/x-ndjson' })));
  const verdict = await verifyBundle(lines, { ...options, given });
  if (!verdict.sound) return verdict;
  const grown = await Promise.all(LOGS.map((log) => growth(hub, log, kept?.checkpoints[log], verdict.heads[log])));
  const findings = grown.flat();
  if (findings.length === 0) return verdict;
  return {
    ...verdict,
    sound: false,
    findings: [...verdict.findings, ...findings],
    found: verdict.found + findings.length,
  };
}

async function growth(
  hub: Hub,
  log: Log,
  before: string | undefined,
  now: string | undefined,
): Promise<readonly Finding[]> {
  const [from, to] = [before, now].map((note) => (note === undefined ? undefined : readHead(note)));
  // that one of them is missing, or shorter, the bundle told
  if (from === undefined || to === undefined || from.size === 0 || from.size > to.size) return [];
  const answer = taken(await hub.get(`/v1/audit/log/${log}/proof/consistency?from=${from.size}&to=${to.size}`));
  const hashes = hashesIn(answer);
  if (hashes !== undefined && isConsistent(from, to, hashes)) return [];
  return [{ of: log, code: 'inconsistent', index: 0, until: from.size - 1 }];
}

function hashesIn({ body }: Answer): readonly Uint8Array[] | undefined {
  const hashes: unknown = typeof body === 'object' && body !== null && 'hashes' in body ? body.hashes : undefined;
  if (!Array.isArray(hashes) || !hashes.every((hash) => typeof hash === 'string')) return undefined;
  return hashes.map((hash) => Buffer.from(hash, 'base64'));
}

/** @throws Problem `hub-refused` or `hub-rejected`, its `field` the hub's own code or the status */
export function taken(answer: Answer): Answer {
  if (answer.status === 200) return answer;
  const { body, status } = answer;
  const type = typeof body === 'object' && body !== null && 'type' in body ? body.type : undefined;
  const said = typeof type === 'string' ? problemCode({ type, status }) : undefined;
  const field = said ?? `http-${status}`;
  throw new Problem(status === 401 || status === 403 ? 'hub-refused' : 'hub-rejected', { field });
}
