import { AGREEMENT_LIFE_PROBLEMS } from './agreement-life-problems.ts';
import { DUTY_PROBLEMS } from './duty-problems.ts';
import { kind, type ProblemKind } from './problem-kind.ts';

/** Every code that an answer can carry, and the only place where a code meets a status and a title. */
export const PROBLEMS = {
  // what was sent cannot be read
  'json-malformed': kind(400, 'The body is not JSON', 'The text does not follow RFC 8259, or there is no body.'),
  'json-not-utf8': kind(400, 'The body is not UTF-8', 'Send UTF-8; the text contains bytes that are not.'),
  'json-too-large': kind(
    413,
    'The JSON text is too large',
    'An event is at most 60,000 bytes; other limits are stated with the call.',
  ),
  'json-too-deep': kind(400, 'The JSON is nested too deeply', 'At most 20 containers inside one another.'),
  'json-too-wide': kind(
    400,
    'The JSON is too wide',
    'At most 200 keys an object and 1,000 items an array, unless the call states more.',
  ),
  'json-duplicate-key': kind(
    400,
    'A key is repeated',
    'An object names each key once; which one was meant cannot be known.',
  ),
  'json-dangerous-key': kind(
    400,
    'A key is not allowed',
    'Keys that reach an object prototype are refused, never dropped.',
  ),
  'json-unsafe-number': kind(
    400,
    'A number cannot be kept exactly',
    'The number would be rounded by a double; send it as text where the field allows.',
  ),
  'json-lone-surrogate': kind(400, 'A text is not well-formed', 'The text contains half of a surrogate pair.'),
  'line-too-long': kind(413, 'A line is too long', 'A line of a stream is at most 60,000 bytes.'),
  'body-too-large': kind(413, 'The body is too large', 'The limit of the call is stated in its description.'),
  'body-incomplete': kind(400, 'The body is incomplete', 'Content-Length and the bytes received differ.'),
  'media-type-unsupported': kind(
    415,
    'The media type is not supported',
    'Send one of the media types that the call lists.',
  ),
  'request-malformed': kind(
    400,
    'The request is malformed',
    'The request line, address, query or headers cannot be read.',
  ),
  'header-too-large': kind(431, 'The headers are too large', 'All headers together are at most 16 KiB.'),
  'address-too-long': kind(414, 'The address is too long', 'A part of the path is longer than any that exists.'),
  'request-timeout': kind(408, 'The request took too long', 'The request was not complete in time; send it again.'),
  'not-found': kind(404, 'Not found', 'There is no such thing, or none that you may know of.'),
  'method-not-allowed': kind(405, 'The method is not allowed here', 'The Allow header lists those that are.'),

  // what was sent is not allowed
  'envelope-invalid': kind(
    422,
    'An attribute of the event is not valid',
    'The attribute named by `field` is missing or malformed (CloudEvents 1.0).',
  ),
  'attribute-unknown': kind(
    422,
    'An attribute of the event is not known',
    'Attributes outside the envelope are refused, so that nothing is dropped unseen.',
  ),
  'type-unregistered': kind(
    422,
    'The event type is not registered',
    'The type and version must be one that the hub publishes a definition of.',
  ),
  'source-not-yours': kind(403, 'The source is not yours', 'An agency publishes under its own source only.'),
  'basis-mismatch': kind(
    422,
    'The basis does not fit the type',
    'An anonymised type is sent as anonymised, a consented type as consented.',
  ),
  'field-not-allowed': kind(
    422,
    'A field is not allowed',
    'The definition has no such field; its name is not repeated here.',
  ),
  'field-missing': kind(422, 'A field is missing', 'The field named by `field` is required.'),
  'field-invalid': kind(422, 'A field is not valid', 'The field named by `field` does not meet its definition.'),
  'time-invalid': kind(
    422,
    'A time is not valid',
    'The time or period does not exist, is reversed, is before 1990, spans over 366 days, or lies in the future.',
  ),
  'too-precise': kind(
    422,
    'A value is too precise',
    'An anonymised event carries no finer place or time than its definition allows.',
  ),
  'identifier-found': kind(
    422,
    'An identifier was found',
    'The field named by `field` looks as if it identifies a person. Nothing was stored.',
  ),
  'consent-missing': kind(422, 'There is no consent', 'A consented event rests on a consent that covers it.'),
  'would-quarantine': kind(
    422,
    'An event of the batch would be held',
    'A batch is all or nothing; send the event named by `index` on its own.',
  ),
  'batch-too-large': kind(413, 'The batch is too large', 'A batch has at most 1,000 events and 512 KiB.'),
  'batch-empty': kind(422, 'The batch is empty', 'A batch has at least one event.'),
  'id-reused': kind(
    409,
    'The id was used for another event',
    'Source and id name one event for ever; this one differs from the one kept.',
  ),
  erased: kind(409, 'The event was erased', 'An event of this source and id was erased and is not taken again.'),
  conflict: kind(409, 'The change conflicts with the present state', 'Read the present state and decide again.'),
  'already-exists': kind(409, 'It exists already', 'The name is taken by something that differs from what was sent.'),
  'codes-unknown': kind(422, 'A code is not known', 'No adopted code list has the code.'),
  'dimension-unknown': kind(
    400,
    'A dimension is not known',
    'The definition does not declare it, or does not allow it here.',
  ),
  'dimension-required': kind(
    400,
    'A dimension is required',
    'The definition counts its values apart: name it in rows, columns or where (victims and suspects are never added).',
  ),
  'parameter-invalid': kind(
    400,
    'A parameter is not valid',
    'The parameter named by `field` is missing, repeated or malformed.',
  ),
  'tree-range': kind(
    400,
    'No signed tree holds that',
    'An index lies below its size, and a size is at most that of the newest checkpoint; both start where the log does.',
  ),
  'definition-unknown': kind(422, 'The definition is not known', 'No release definition has this name and version.'),
  'period-open': kind(
    422,
    'The period is not closed',
    'A release is frozen, and a nil return made, for a period that has ended.',
  ),
  'release-unchanged': kind(
    409,
    'The counts are the same',
    'A revision differs from the version before it; nothing was frozen.',
  ),
  'revisions-exhausted': kind(
    409,
    'The period has no revisions left',
    'A closed period is revised at most three times.',
  ),
  'release-period-too-short': kind(
    422,
    'The period is too short',
    'The definition is frozen for longer periods than this one.',
  ),
  'projection-unknown': kind(404, 'There is no such model', 'The names of the models are listed at /v1/projections.'),
  'parked-unknown': kind(404, 'Nothing is parked under this id', 'It was retried or skipped already, or never parked.'),
  'pack-invalid': kind(422, 'The pack is not valid', 'The pack does not meet its definition at `field`.'),
  'pack-missing': kind(409, 'A pack is missing', 'A pack that this rests on has not been adopted.'),
  'agreement-invalid': kind(
    422,
    'The agreement document is not valid',
    'The document does not meet its schema at `field`.',
  ),
  'agreement-unchanged': kind(409, 'The text is the same', 'An edit changes something.'),
  'drafts-full': kind(
    409,
    'Too many drafts wait',
    'An agency has at most 50 agreements that it began and that never came into force; bring some into force.',
  ),
  'agreement-over': kind(
    409,
    'The agreement is over',
    'Its validity has ended, or a party has ended it or declared its end: draft another one.',
  ),
  ...AGREEMENT_LIFE_PROBLEMS,
  ...DUTY_PROBLEMS,
  'party-not-enrolled': kind(
    409,
    'A party is not enrolled',
    'Each party is enrolled, in the legal capacity that the agreement names.',
  ),
  'agreement-incomplete': kind(
    422,
    'The agreement is incomplete',
    'Contents that the law requires before force are missing.',
  ),
  'signature-invalid': kind(
    409,
    'The signature is not for this text',
    'The agreement has another version or digest than the one signed.',
  ),
  'already-signed': kind(409, 'It is signed already', 'The person has signed this version.'),
  'rehearsal-too-large': kind(
    422,
    'The grants are too many to rehearse',
    'At most 40,000 combinations of a purpose, publisher, type and field, those of the version in force and of the draft together.',
  ),
  'precondition-failed': kind(412, 'The thing has changed', 'If-Match does not name the present version.'),
  'precondition-required': kind(428, 'A precondition is required', 'Send If-Match with the version that you read.'),

  // who is asking
  'token-missing': kind(
    401,
    'A bearer token is required',
    'Sign in at an issuer that /.well-known/oauth-protected-resource lists.',
  ),
  'token-invalid': kind(
    401,
    'The bearer token is not valid',
    'It is malformed, expired, not for this hub, or not from an issuer that may assert its claims.',
  ),
  'role-required': kind(403, 'The role is not held', 'The call is for roles that the bearer does not hold.'),
  'host-required': kind(
    403,
    'Only the host may do this',
    'The call changes what holds for every agency; your agency does not hold the capacity host today.',
  ),
  'agency-not-enrolled': kind(
    403,
    'The agency is not enrolled',
    'The agency is not enrolled, or its enrolment does not name this issuer.',
  ),
  'agreement-required': kind(
    403,
    'No agreement covers this',
    'No agreement in force covers this publisher and event type. Nothing was stored.',
  ),
  'not-a-party': kind(
    403,
    'Your agency is not a party',
    'The call is for parties to the agreement, or to one in force that grants what is asked about.',
  ),
  refused: kind(
    403,
    'The sharing rules refuse this',
    '`rule` names the rule, `missing` what would have to exist, `alternatives` what may be asked instead.',
  ),

  // not now
  'rate-limited': kind(429, 'Too many requests', 'Try again after the seconds in Retry-After.'),
  'queue-full': kind(
    429,
    'Too much is waiting',
    'The queue of your agency is full; try again after the seconds in Retry-After.',
  ),
  'quarantine-full': kind(429, 'Your quarantine is full', 'Release or discard held records first.'),
  unavailable: kind(503, 'The hub cannot answer now', 'Something failed inside the hub; quote the correlation id.'),
  'not-ready': kind(503, 'The hub is not ready', 'The hub is starting, stopping, or lacks something it needs.'),
  'not-disclosable': kind(
    503,
    'The answer was not fit to leave',
    'The value did not fit the kind of its operation, so nothing of it was sent.',
  ),
  'store-unavailable': kind(503, 'The event store cannot be written', 'Nothing was acknowledged; send it again later.'),
  'audit-unavailable': kind(
    503,
    'The access log cannot be written',
    'Without a record of the answer there is no answer.',
  ),
  'policy-stale': kind(
    503,
    'The sharing rules may be out of date',
    'The process has not seen the newest policy facts in time; try again.',
  ),
  'artefact-damaged': kind(
    503,
    'A stored document is damaged',
    'Its bytes no longer match their digest; the operator has been told.',
  ),
  'projection-rebuilding': kind(
    503,
    'The model is being built',
    'Its first build has not been switched to yet; try again.',
  ),
  'projector-down': kind(503, 'The projector is restarting', 'It restarts by itself; try again.'),
  'store-closed': kind(503, 'The event store is closed', 'The hub is stopping.'),
  'audit-closed': kind(503, 'The access log is closed', 'The hub is stopping; without a record there is no answer.'),
  'model-unavailable': kind(503, 'The model is not ready', 'A read model is being built; try again.'),
  'issuer-unavailable': kind(503, 'The issuer cannot be reached', 'The keys of the token issuer cannot be read now.'),
} as const satisfies Readonly<Record<string, ProblemKind>>;

export type ProblemCode = keyof typeof PROBLEMS;
export const isProblemCode = (code: string): code is ProblemCode => Object.hasOwn(PROBLEMS, code);
