import { PLACE_GRAINS, ROLES, TIME_GRAINS } from '#contracts';
import { closed, instant, listOf, named, position, sha256Hex, text, wholeNumber } from '#edge';
import { disclosedJson } from '../ask/answers.ts';

const agreement = closed({
  id: text('Of the agreement.'),
  version: wholeNumber('Of its text.', 1),
  gateway: text('The statutory power relied on.'),
  clauses: listOf(text('Clause of its text that was used, as `7.2`.')),
});
const request = closed(
  {
    operation: text('Operation of the API.'),
    roles: listOf({ enum: ROLES, description: 'Of which the asker must hold one.' }),
    mode: { enum: ['count', 'record', 'subject'] },
    purpose: text('As asked; absent when none was named.'),
    types: listOf(text('Event type.')),
    publishers: { anyOf: [{ const: 'all' }, listOf(text('Agency.'))] },
    fields: listOf(text('Of the types.')),
    place: { enum: PLACE_GRAINS },
    time: { enum: TIME_GRAINS },
    oldest: text('First day that the answer may reach back to, or `any`.'),
    justification: { type: 'boolean' },
    caseReference: { type: 'boolean' },
  },
  ['purpose'],
);
const positionOrEmpty = { anyOf: [position('Of the facts log.'), { const: 'empty' }] };
const entry = named(
  'AccessRecord',
  closed(
    {
      id: text('What the consumer was told as `disclosureId`.'),
      number: wholeNumber('In the access log, without gaps.'),
      time: instant('When it was made durable: before the answer left.'),
      operation: text('Operation of the API.'),
      kind: { enum: ['consultation', 'disclosure', 'refused'] },
      who: closed({
        issuer: text('Of the token.'),
        person: text('As the issuer names them.'),
        agency: text('For which they asked.'),
        roles: listOf({ enum: ROLES }),
      }),
      purpose: text('As asked; absent when none was named.'),
      question: { type: 'object', additionalProperties: { type: 'string' }, description: 'Parameters as asked.' },
      requests: listOf(request),
      decision: {
        oneOf: [
          closed({ kind: { const: 'permit' }, agreements: listOf(agreement) }),
          closed({ kind: { const: 'refuse' }, rule: text('That refused.'), section: text('Of law.') }, ['section']),
        ],
      },
      policy: closed({ position: positionOrEmpty, digest: sha256Hex('Of the rules that decided.') }),
      model: position('Of the model or release that answered.'),
      release: text('The release that answered.'),
      resultHmac: sha256Hex('HMAC-SHA-256 of the result, under a key of the hub; absent on a refusal.'),
      build: text('The program that answered.'),
    },
    ['purpose', 'requests', 'model', 'release', 'resultHmac'],
  ),
);
export const ENTRIES = disclosedJson(
  closed({ entries: listOf(entry), next: text('`after` of the next page; absent on the last.') }, ['next']),
);
