import { dataSchemaOf, EVENT_EXAMPLES, EVENT_TYPES, eventDefinition, eventSchema, type JsonSchema } from '#contracts';
import { named, type Described } from '#edge';

function eventOf(type: string): JsonSchema {
  const definition = eventDefinition(type);
  if (definition === undefined) throw new Error('a registered type has a definition');
  return named(type, eventSchema(definition, dataSchemaOf(definition)));
}

const EVENT = named('Event', {
  description:
    'An event of a registered type. A consented one is refused `consent-missing` until its consent is on record.',
  oneOf: EVENT_TYPES.map(eventOf),
  discriminator: {
    propertyName: 'type',
    mapping: Object.fromEntries(EVENT_TYPES.map((type) => [type, `#/components/schemas/${type}`])),
  },
});

const nameOf = (event: object): string => {
  const { type, data } = event as { type: string; data: object };
  return 'corrects' in data ? `${type}.correction` : type;
};
const [first, second] = EVENT_EXAMPLES;
const lines = [first, second].map((event) => `${JSON.stringify(event)}\n`).join('');

/** What may be published, in each of its three media types. */
export const EVENTS_BODY: Described = {
  content: {
    'application/cloudevents+json': {
      schema: EVENT,
      examples: Object.fromEntries(EVENT_EXAMPLES.map((event) => [nameOf(event), event])),
    },
    'application/cloudevents-batch+json': {
      schema: { type: 'array', minItems: 1, maxItems: 1_000, items: EVENT },
      examples: { 'two-events': [first, second] },
    },
    'application/x-ndjson': { schema: EVENT, examples: { 'two-events': lines } },
  },
};
