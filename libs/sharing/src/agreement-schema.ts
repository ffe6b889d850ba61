import {
  CAPACITIES,
  ED_DEPARTMENTS,
  LEGAL_LABELS,
  PLACE_GRAINS,
  PURPOSES,
  RETURN_KINDS,
  TIME_GRAINS,
} from '#contracts';
import { kebab, oneOf, closed, day, some } from './schema-parts.ts';

/** No line break, nothing that turns the order of a line round, nothing that can't be seen: what is signed is what is read. */
const SEEN = '^[^\\p{Cc}\\p{Cf}\\p{Co}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}]*$';
const line = { type: 'string', minLength: 1, maxLength: 300, pattern: SEEN };
const lineOrEmpty = { type: 'string', maxLength: 300, pattern: SEEN };
const address = { type: 'string', maxLength: 300, pattern: '^https://[!-~]+$' };
const mailbox = { type: 'string', maxLength: 254, pattern: '^[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+$' };
const types = some({ type: 'string', maxLength: 100, pattern: '^[a-z]+(\\.[a-z0-9-]+)+\\.v[1-9][0-9]*$' });

const lawful = closed(
  {
    dpia: lineOrEmpty,
    dpoAdvice: lineOrEmpty,
    article6: lineOrEmpty,
    article9: line,
    schedule1: line,
    lawEnforcement: { type: 'boolean' },
    privacyNotice: { anyOf: [{ const: '' }, address] },
    equalityAssessment: line,
  },
  ['article9', 'schedule1', 'equalityAssessment'],
);
const handling = closed({
  rights: lineOrEmpty,
  accuracy: lineOrEmpty,
  deletion: lineOrEmpty,
  security: lineOrEmpty,
  breach: lineOrEmpty,
  training: lineOrEmpty,
  termination: lineOrEmpty,
});
const anonymisationTest = closed({
  recipient: kebab,
  method: line,
  assessor: line,
  date: day,
  recipientKnowledge: line,
  review: day,
  place: oneOf(PLACE_GRAINS),
  mode: oneOf(['count', 'record']),
});
const caldicott = closed({
  guardian: line,
  date: day,
  principles: closed({
    justifyPurpose: line,
    onlyWhenNecessary: line,
    minimumNecessary: line,
    needToKnow: line,
    awareOfResponsibilities: line,
    complyWithLaw: line,
    dutyToShare: line,
    informPatients: line,
  }),
});
const expectedReturn = closed(
  {
    publisher: kebab,
    kind: oneOf(RETURN_KINDS),
    types,
    owner: closed({ role: line, mailbox }),
    department: oneOf(ED_DEPARTMENTS),
  },
  ['department'],
);
const condition = closed({ condition: kebab, value: { type: 'string', pattern: '^[A-Za-z0-9-]{1,60}$' } }, ['value']);
const grant = closed(
  {
    id: kebab,
    publishers: some(kebab),
    types,
    consumer: kebab,
    purposes: some(oneOf(PURPOSES)),
    mode: oneOf(['count', 'record', 'subject']),
    gateway: kebab,
    fields: some({ type: 'string', maxLength: 60, pattern: '^[a-z][A-Za-z0-9]*$' }, 0),
    place: oneOf(PLACE_GRAINS),
    time: oneOf(TIME_GRAINS),
    ageBands: { const: 'standard' },
    threshold: oneOf([7, 12, 17]),
    openness: oneOf(['protected', 'open']),
    licence: line,
    address,
    k: { type: 'integer', minimum: 10, maximum: 1_000 },
    heldForFunctions: { type: 'boolean' },
    provision: line,
    necessity: line,
    dutyRequest: { type: 'string', pattern: '^[0-9a-f-]{32,36}$' },
    admits: some(oneOf(LEGAL_LABELS)),
    conditions: some(condition, 0),
  },
  ['admits', 'licence', 'address', 'k', 'heldForFunctions', 'provision', 'necessity', 'dutyRequest'],
);

/** JSON Schema 2020-12 of an agreement document. Closed: what it does not name is refused. */
export const AGREEMENT_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:svd:schema:agreement:1',
  ...closed(
    {
      // what access records call the built-in agreements of auditors and of those who rehearse
      id: { ...kebab, not: oneOf(['oversight', 'rehearsal']) },
      title: line,
      parties: some(closed({ agency: kebab, capacity: oneOf(CAPACITIES), from: day, to: day }, ['from', 'to']), 2),
      jointControllers: some(kebab, 0),
      purposes: some(oneOf(PURPOSES)),
      validity: closed({ from: day, to: day }),
      review: day,
      retention: { type: 'string', pattern: '^P(?:[1-9]\\d?Y|[1-9]\\d{0,2}M|[1-9]\\d{0,3}D)$' },
      onwardSharing: oneOf(['none', 'with-consent-of-publisher']),
      contacts: some(closed({ agency: kebab, role: line, mailbox }), 0),
      lawful,
      handling,
      anonymisationTests: some(anonymisationTest, 0),
      caldicott,
      optOutCheck: closed({ method: line, by: line, date: day }),
      returns: some(expectedReturn, 0),
      grants: { type: 'array', items: grant },
    },
    ['caldicott', 'optOutCheck'],
  ),
} as const;
