import { CAPACITIES, CODES_PACK_SCHEMA, LIFECYCLE_REASONS, PACK_KINDS, ROLES } from '#contracts';
import { closed, instant, json, listOf, named, sha256Hex, text, wholeNumber, type Parameter } from '#edge';
import { AGREEMENT_SCHEMA, AGREEMENT_STATUSES, GEOGRAPHY_SCHEMA, LAW_PACK_SCHEMA } from '#hub';

const KEBAB = { pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$', maxLength: 60 };
const agency = text('Name of the agency.', KEBAB);
const day = (description: string) => text(description, { format: 'date' });
const capacities = listOf(
  closed({ capacity: { enum: CAPACITIES }, from: day('Inclusive.'), to: day('Inclusive; for good when absent.') }, [
    'to',
  ]),
);
const name = text('For people.');
const roles = listOf({ description: 'That its issuers may assert.', enum: ROLES });
const issuers = listOf(text('Issuer that may assert the agency.'));
export const ENROLLED = json(named('EnrolledAgency', closed({ agency, name, issuers, capacities, roles })));
export const AGENCIES = json(listOf(named('Agency', closed({ agency, name, capacities }))));

const kind = text('What it is about.', { enum: PACK_KINDS });
const version = text('Of the pack.', { pattern: '^[a-z0-9][a-z0-9.-]{0,39}$' });
export const PACK_BODY = json({
  description: 'Its `kind` and `version` are those of the address.',
  oneOf: [
    named('GeographyPack', GEOGRAPHY_SCHEMA),
    named('CodesPack', CODES_PACK_SCHEMA),
    named('LawPack', LAW_PACK_SCHEMA),
  ],
  discriminator: {
    propertyName: 'kind',
    mapping: {
      geography: '#/components/schemas/GeographyPack',
      codes: '#/components/schemas/CodesPack',
      law: '#/components/schemas/LawPack',
    },
  },
});
export const PACK = json(named('Pack', closed({ kind, version, digest: sha256Hex('Of its canonical form.') })));
export const BOUNDARIES = json(named('Boundaries', { ...GEOGRAPHY_SCHEMA.properties['boundaries'] }));
export const PACK_VERSION: Parameter = { in: 'path', name: 'version', description: 'Of the pack.', schema: version };
export const PACK_NAME: readonly Parameter[] = [
  { in: 'path', name: 'kind', description: 'Kind of the pack.', schema: kind },
  PACK_VERSION,
];

const document = named('AgreementDocument', AGREEMENT_SCHEMA);
const status = text('Of that version today.', { enum: AGREEMENT_STATUSES });
const reason = text('One of a closed list.', { enum: LIFECYCLE_REASONS });
const aVersion = {
  id: text('Of the agreement.', KEBAB),
  version: wholeNumber('Of its text; an edit makes the next one, which nobody has signed.', 1),
  digest: sha256Hex('Of its text: whoever signs, signs this.'),
  status,
  parties: listOf(agency),
  signatures: listOf(closed({ agency })),
};
const agreement = {
  ...aVersion,
  inForce: {
    ...listOf(
      closed({
        version: wholeNumber('Signed by every party.', 1),
        status,
        from: day('First day of its force.'),
        to: day('Last day.'),
      }),
    ),
    description: 'Versions with days of force, gone or to come. No two share a day: a later one cuts those before it.',
  },
  suspensions: {
    ...listOf(closed({ agency, reason, since: instant('Recorded.') })),
    description: 'While one stands, nothing is disclosed or taken in under any version that its agency is a party to.',
  },
  ended: closed({ on: day('First day without the agreement.'), reason, agency }),
  left: listOf(
    closed({
      agency,
      on: day('First day outside.'),
      version: wholeNumber('It left this version and those before it.', 1),
    }),
  ),
  reviewOverdue: { type: 'boolean', description: 'The day for reviewing what is in force has passed; nothing stops.' },
};
export const GAP = closed(
  {
    rule: text('What is not met.'),
    section: text('Of law.'),
    field: text('Of the document.'),
    alternatives: listOf(text('Gateway that is left where one refuses, best first.')),
  },
  ['section', 'alternatives'],
);
const ETAG = { etag: 'Of the text and of where it stands; for If-Match, as it is or the digest alone.' };
export const AGREEMENT_BODY = json(document);
export const DRAFTED = json(
  named(
    'DraftedAgreement',
    closed({ ...agreement, incomplete: { ...listOf(GAP), description: 'What still stands between it and force.' } }, [
      'ended',
    ]),
  ),
  ETAG,
);
const view = named('Agreement', closed(agreement, ['ended']));
export const AGREEMENT_NOW = json(view, ETAG);
export const AGREEMENTS = json(listOf(view));
export const AGREEMENT_TEXT = json(
  named('AgreementWithText', closed({ ...agreement, document }, ['ended', 'document'])),
  ETAG,
);
export const AGREEMENT_VERSION = json(
  named(
    'AgreementVersion',
    closed({ ...aVersion, from: day('First day of its force.'), to: day('Last day.'), document }, [
      'from',
      'to',
      'document',
    ]),
  ),
  ETAG,
);
export const AGREEMENT_ID: Parameter = {
  in: 'path',
  name: 'id',
  description: 'Of the agreement.',
  schema: text('As its document says it.', KEBAB),
};
export const VERSION_NUMBER: Parameter = {
  in: 'path',
  name: 'version',
  description: 'Of the agreement.',
  schema: text('A whole number from 1 on.', { pattern: '^[1-9][0-9]{0,8}$' }),
};
export const IF_MATCH: Parameter = {
  in: 'header',
  name: 'If-Match',
  description: 'The ETag of the text that you read and now edit.',
  schema: { type: 'string', pattern: '^"[0-9a-f]{64}(\\.[0-9a-f]{16})?"$' },
};
