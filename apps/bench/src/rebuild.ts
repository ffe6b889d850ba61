import type { ChildHub } from './hub/child-hub.ts';
import { HOST } from './hub/people.ts';
import type { Figure } from './measure/figures.ts';
import { caughtUp, modelsAre, modelStatus } from './measure/models.ts';
import { rebuildBaseline } from './raw/rebuild-baseline.ts';

/** Both live models anew from position 0; raw: every fact read and parsed, and the same integer rows inserted. */
export async function rebuildFigure(hub: ChildHub): Promise<Figure> {
  await modelsAre(hub, caughtUp);
  const before = (await modelStatus(hub))[0]?.build ?? 0;
  const began = performance.now();
  const asked = await hub.as(HOST, 'operator').post('/v1/projections/rebuild', {});
  if (asked.status !== 202) throw new Error(`POST /v1/projections/rebuild: ${asked.status} ${asked.text}`);
  await modelsAre(hub, (models) => models.every(({ build, rebuilding }) => build > before && rebuilding === undefined));
  const seconds = (performance.now() - began) / 1_000;
  const raw = rebuildBaseline(hub.directory, hub.directory);
  return {
    what: 'rebuild of incidents and profiles',
    unit: 'events/s',
    better: 'more',
    hub: raw.facts / seconds,
    raw: raw.facts / raw.seconds,
    note: `${raw.facts} facts, over the API until the new models answer`,
  };
}
