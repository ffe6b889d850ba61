import { setTimeout as pause } from 'node:timers/promises';
import type { ProjectionStatus } from '#read-models';
import type { ChildHub } from '../hub/child-hub.ts';
import { HOST } from '../hub/people.ts';

const LOOK_EVERY_MS = 20;

/** The live models as their operator sees them. */
export async function modelStatus(hub: ChildHub): Promise<readonly ProjectionStatus[]> {
  const answer = await hub.as(HOST, 'operator').get('/v1/projections');
  if (answer.status !== 200) throw new Error(`GET /v1/projections: ${answer.status}`);
  return (answer.body as unknown as { readonly projections: readonly ProjectionStatus[] }).projections;
}

/** Resolves when the models are as wanted; seconds waited. */
export async function modelsAre(
  hub: ChildHub,
  wanted: (models: readonly ProjectionStatus[]) => boolean,
): Promise<number> {
  const began = performance.now();
  while (!wanted(await modelStatus(hub))) await pause(LOOK_EVERY_MS);
  return (performance.now() - began) / 1_000;
}

export const caughtUp = (models: readonly ProjectionStatus[]): boolean => models.every(({ pending }) => pending === 0);

/** Resolves when a checkpoint of the facts log covers so many leaves; how many it covers. */
export async function treesCover(hub: ChildHub, leaves: number): Promise<number> {
  for (;;) {
    const answer = await hub.as(HOST, 'auditor').get('/v1/audit/log/facts/checkpoint');
    if (answer.status !== 200) throw new Error(`GET /v1/audit/log/facts/checkpoint: ${answer.status}`);
    const size = Number(answer.text.split('\n')[1]);
    if (size >= leaves) return size;
    await pause(LOOK_EVERY_MS);
  }
}
