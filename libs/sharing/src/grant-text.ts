import { AGE_BANDS, eventDefinition, fieldLabel, LEGAL_LABELS, type LegalLabel } from '#contracts';
import type { AgencyId, EventType } from '#kernel';
import type { Agreement, Grant } from './agreement.ts';
import type { Clause } from './clauses.ts';
import { conditionText } from './conditions.ts';
import { labelsShown } from './grant-labels.ts';
import { gatewayOf, type Gateway, type Provenance } from './law-pack.ts';
import { quoted, visible } from './plain-text.ts';
import type { CompiledPolicy } from './policy.ts';
import { dayWords, LABEL_WORDS, MODE_WORDS, PLACE_WORDS, PURPOSE_WORDS, TIME_WORDS, withName } from './words.ts';

type Known = Pick<CompiledPolicy, 'agencies' | 'law' | 'dutyRequests'>;

/** An agency by the name that it is enrolled under. */
export const agencyWords = ({ agencies }: Pick<Known, 'agencies'>, agency: AgencyId): string => {
  const name = agencies.get(agency)?.name;
  return withName(name === undefined ? undefined : visible(name), agency);
};

export const typeWords = (type: EventType): string => withName(eventDefinition(type)?.title, type);

/** Label of a field in the first of the types that has it. */
export const labelOf = (types: readonly EventType[], field: string): string | undefined =>
  types.map((type) => fieldLabel(type, field)).find((label) => label !== undefined);

/** The n-th grant is clause `7.n`, and what it says of one matter has the same number below that in every agreement. */
export const grantClauses = ({ grants }: Agreement, policy: Known): readonly Clause[] =>
  grants.length === 0
    ? [{ text: 'Nothing is granted.', at: ['grants'] }]
    : grants.map((grant, i) => grantClause(grant, `grants.${i}`, policy));

function grantClause(grant: Grant, path: string, policy: Known): Clause {
  const agency = (one: AgencyId) => agencyWords(policy, one);
  const gateway = gatewayOf(policy.law, grant.gateway);
  const at = (...names: readonly (keyof Grant)[]) => names.map((name) => `${path}.${name}`);
  return {
    text: `Grant ${grant.id}: ${agency(grant.consumer)} may be shown what is said here, and nothing else.`,
    at: [path],
    clauses: [
      {
        text: `Shown to ${agency(grant.consumer)}, of what these publish:`,
        items: grant.publishers.map(agency),
        at: at('consumer', 'publishers'),
      },
      { text: 'Events of these types:', items: grant.types.map(typeWords), at: at('types') },
      {
        text: 'For these purposes:',
        items: grant.purposes.map((purpose) => withName(PURPOSE_WORDS[purpose], purpose)),
        at: at('purposes'),
      },
      { text: `Shown as ${withName(MODE_WORDS[grant.mode], grant.mode)}.`, at: at('mode') },
      powerClause(gateway, grant.gateway, at('gateway')),
      { ...restsOn(grant, policy), at: at('heldForFunctions', 'provision', 'necessity', 'dutyRequest') },
      fieldsClause(grant, gateway, at('fields', 'admits')),
      {
        text: `Finest place: ${withName(PLACE_WORDS[grant.place], grant.place)}. Finest period: ${withName(TIME_WORDS[grant.time], grant.time)}. Coarser ones are granted too.`,
        at: at('place', 'time'),
      },
      { text: `Ages in the ${grant.ageBands} bands: ${AGE_BANDS.join(', ')}.`, at: at('ageBands') },
      { text: guardWords(grant), at: at('threshold', 'k') },
      { text: opennessWords(grant), at: at('openness', 'licence', 'address') },
      grant.conditions.length === 0
        ? { text: 'No further condition.', at: at('conditions') }
        : {
            text: 'All of these conditions hold, or nothing is shown:',
            items: grant.conditions.map((one) => `${one.condition}: ${conditionText(one)}`),
            at: at('conditions'),
          },
    ],
  };
}

function powerClause(gateway: Gateway | undefined, id: string, at: readonly string[]): Clause {
  if (gateway === undefined) return { text: `Power relied on: ${id}, which the adopted law does not have.`, at };
  return {
    text: `Power relied on: ${withName(visible(gateway.title), id)}. Source: ${visible(gateway.source)}. ${provenanceWords(gateway)}`,
    at,
  };
}

/** Whether anybody has checked what the law pack says of a power. */
export const provenanceWords = ({ verified, asAt, reviewer }: Provenance): string =>
  [
    verified ? `The primary text was read, as at ${dayWords(asAt)}.` : `Not verified (as at ${dayWords(asAt)}).`,
    reviewer === null ? 'No lawyer has reviewed it.' : `Reviewed by ${visible(reviewer)}.`,
  ].join(' ');

/** What some powers ask a grant to say for itself. */
function restsOn(grant: Grant, { dutyRequests, agencies }: Known): Clause {
  const items: string[] = [];
  if (grant.heldForFunctions !== undefined)
    items.push(
      `The publishers ${grant.heldForFunctions ? 'hold' : 'do not hold'} it for the purposes of their own functions (PCSC Act 2022 s.16(1)).`,
    );
  if (grant.provision !== undefined) items.push(`For this provision: ${quoted(grant.provision)}.`);
  if (grant.necessity !== undefined) items.push(`Necessary or expedient, since: ${quoted(grant.necessity)}.`);
  if (grant.dutyRequest !== undefined) {
    const request = dutyRequests.get(grant.dutyRequest);
    const dated =
      request === undefined
        ? 'which is not on record'
        : `made by ${agencyWords({ agencies }, request.by)} on ${dayWords(request.asked)} and due on ${dayWords(request.due)} (${request.status}), about ${dayWords(request.period.from)} to ${dayWords(request.period.to)}`;
    items.push(`It answers the request ${grant.dutyRequest}, ${dated}.`);
  }
  return items.length === 0
    ? { text: 'The grant says nothing further for this power.' }
    : { text: 'What the grant says for this power:', items };
}

function fieldsClause(grant: Grant, gateway: Gateway | undefined, at: readonly string[]): Clause {
  const { types, fields } = grant;
  const shown = new Set([...labelsShown(types, fields, grant), ...(gateway?.adds ?? [])]);
  const attached = `To what is shown law attaches: ${labelList(LEGAL_LABELS.filter((label) => shown.has(label)))}.`;
  const admitted = grant.admits === undefined ? '' : ` Admitted by name: ${labelList(grant.admits)}.`;
  if (fields.length === 0) return { text: `No field beside place and time. ${attached}${admitted}`, at };
  return {
    text: `${attached}${admitted} Fields that may be shown beside place and time, with what law attaches to them at the publisher:`,
    items: fields.map(
      (field) => `${withName(labelOf(types, field), field)}: ${labelList(labelsAtSource(types, field))}`,
    ),
    at,
  };
}

const labelList = (labels: readonly LegalLabel[]): string =>
  labels.length === 0 ? 'nothing' : labels.map((label) => withName(LABEL_WORDS[label], label)).join(', ');

function labelsAtSource(types: readonly EventType[], field: string): readonly LegalLabel[] {
  const found = new Set(types.flatMap((type) => eventDefinition(type)?.fields.get(field)?.labels ?? []));
  return LEGAL_LABELS.filter((label) => found.has(label));
}

function guardWords({ threshold, k, openness }: Grant): string {
  const counts =
    openness === 'open'
      ? `Counts of 0 to ${threshold} are shown too, since it is open.`
      : `Counts of 0 to ${threshold} show as “low”, others to the nearest 5.`;
  return k === undefined
    ? counts
    : `${counts} Each combination of the identifying fields is held by ${k} rows or more.`;
}

function opennessWords({ openness, licence, address }: Grant): string {
  const open = openness === 'open';
  return [
    open
      ? 'Open: already published elsewhere at this detail, so shown exact (open).'
      : 'Protected: shown under disclosure control alone (protected).',
    ...(licence === undefined ? [] : [`Licence: ${quoted(licence)}.`]),
    ...(address === undefined ? [] : [`Published at ${quoted(address)}.`]),
  ].join(' ');
}
