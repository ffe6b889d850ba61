import { CAPACITIES, CODES_PACK_SCHEMA, PACK_KINDS, ROLES } from '#contracts';
import { closed, json, listOf, named, sha256Hex, text, wholeNumber, type Parameter } from '#edge';
import { AGREEMENT_SCHEMA, GEOGRAPHY_SCHEMA, LAW_PACK_SCHEMA } from '#hub';

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
const agreement = {
  id: text('Of the agreement.', KEBAB),
  version: wholeNumber('Of its text; an edit makes the next one and voids every signature.', 1),
  digest: sha256Hex('Of its text: whoever signs, signs this.'),
  status: text('Force begins with the last party’s signature.', { enum: ['drafted', 'signed', 'in-force'] }),
  parties: listOf(agency),
  signatures: listOf(closed({ agency })),
};
const gap = closed(
  {
    rule: text('What is not met.'),
    section: text('Of law.'),
    field: text('Of the document.'),
    alternatives: listOf(text('Gateway that is left where one refuses, best first.')),
  },
  ['section', 'alternatives'],
);
const ETAG = { etag: 'The digest, for If-Match.' };
export const AGREEMENT_BODY = json(document);
export const DRAFTED = json(
  named(
    'DraftedAgreement',
    closed({ ...agreement, incomplete: { ...listOf(gap), description: 'What still stands between it and force.' } }),
  ),
  ETAG,
);
const view = named('Agreement', closed(agreement));
export const SIGNED = json(view, ETAG);
export const AGREEMENTS = json(listOf(view));
export const AGREEMENT_TEXT = json(named('AgreementWithText', closed({ ...agreement, document }, ['document'])), ETAG);
export const AGREEMENT_ID: Parameter = {
  in: 'path',
  name: 'id',
  description: 'Of the agreement.',
  schema: text('As its document says it.', KEBAB),
};
export const IF_MATCH: Parameter = {
  in: 'header',
  name: 'If-Match',
  description: 'The ETag of the text that you read and now edit.',
  schema: { type: 'string', pattern: '^"[0-9a-f]{64}"$' },
};
