import { closed, json, listOf, named, position, text, wholeNumber, type Parameter } from '#edge';

const model = { enum: ['incidents', 'profiles'] };
const positionOrEmpty = { anyOf: [position('Of the facts log.'), { const: 'empty' }] };
const projection = named(
  'Projection',
  closed(
    {
      name: model,
      version: wholeNumber('Of the fold.'),
      build: wholeNumber('That answers questions; each rebuild takes the next one.'),
      position: positionOrEmpty,
      applied: wholeNumber('Facts passed and not parked.'),
      parked: wholeNumber('Facts that the fold refused, set-aside ones included.'),
      skipped: wholeNumber('Of `parked`, those set aside for good.'),
      pending: wholeNumber('Facts that the live build has not reached.'),
      state: { enum: ['running', 'down'] },
      rebuilding: closed({ build: wholeNumber('That grows beside the live one.'), position: positionOrEmpty }),
    },
    ['rebuilding'],
  ),
);
export const PROJECTIONS = json(closed({ projections: listOf(projection) }));

const id = text('`<projection>:<position>`.', { pattern: '^[a-z-]{1,40}:[0-9]{1,16}$' });
const parked = named(
  'ParkedFact',
  closed({
    id,
    projection: model,
    position: position('Of the fact.'),
    code: text('Why it could not be placed.'),
    tries: wholeNumber('How often it was folded.', 1),
    state: { enum: ['parked', 'skipped'] },
  }),
);
export const PARKED_FACTS = json(closed({ parked: listOf(parked) }));
export const RETRIED = json(closed({ id, state: { enum: ['applied', 'parked'] } }));
export const PARKED_ID: Parameter = { in: 'path', name: 'id', description: 'Of the parked fact.', schema: id };
