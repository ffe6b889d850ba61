import { claimsTouching } from '#cases';
import { eventDefinition } from '#contracts';
import type { AgencyId, EventType } from '#kernel';
import type { ModelName, ReadModels } from '#read-models';
import { unavailable } from './model-unavailable.ts';

/** Whether a publisher has an event of one of these types that claims a time in these months. */
export type HasEvents = (publisher: AgencyId, types: readonly EventType[], months: readonly string[]) => boolean;

const MODEL_OF: Readonly<Record<string, ModelName | undefined>> = { P: 'incidents', D: 'profiles' };

/** The live model that holds events of a type; none of a consented one, whose events nobody counts. */
export const modelOf = (type: EventType): ModelName | undefined => MODEL_OF[eventDefinition(type)?.way ?? ''];

/**
 * Looks once at what the live models hold of these types and months. Counts stop here: only a yes or a no leaves.
 * A claim that is coarser than a month (a quarter, a term) counts in every month that it touches.
 * @throws Problem `model-unavailable`
 */
export async function claimedEvents(
  models: ReadModels,
  types: readonly EventType[],
  months: readonly string[],
): Promise<HasEvents> {
  const held = new Set<string>();
  const periods = claimsTouching(months);
  for (const model of ['incidents', 'profiles'] as const) {
    const asked = types.filter((type) => modelOf(type) === model);
    if (asked.length === 0) continue;
    const question = { model, types: asked, periods, by: ['publisher', 'type', 'period'] };
    const { cells } = await models.cube(question).catch(unavailable);
    for (const { values } of cells) held.add(`${values['publisher']} ${values['type']} ${values['period']}`);
  }
  return (publisher, wanted, within) =>
    claimsTouching(within).some((claim) => wanted.some((type) => held.has(`${publisher} ${type} ${claim}`)));
}
