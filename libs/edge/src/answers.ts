import { PROBLEMS } from './problem-table.ts';
import { closed, json, listOf, named, text, wholeNumber, type Described } from './schemas.ts';

const members = {
  type: text('Stable, and documented at its own address.', {
    enum: Object.keys(PROBLEMS).map((code) => `/problems/${code}`),
  }),
  title: text('The same for every problem of the type.'),
  status: wholeNumber('The HTTP status.', 400),
};
const field = text('Where the fault lies: a name that the hub knows, never a value that was sent.');

/** RFC 9457, as `problemBody` makes it. */
export const PROBLEM_SCHEMA = {
  ...closed(
    {
      ...members,
      correlationId: text('Quote it when you ask for help.', { format: 'uuid' }),
      field,
      index: wholeNumber('Of the event in a batch, from 0.'),
      rule: text('Of a refusal: the rule that refused.'),
      section: text('Of a refusal: the section of law or clause that the rule rests on.'),
      missing: listOf(text('Of a refusal: what would have to exist.')),
      alternatives: listOf(text('Of a refusal: what may be asked instead.')),
      disclosureId: text('Of a refusal: its access record.'),
    },
    ['field', 'index', 'rule', 'section', 'missing', 'alternatives', 'disclosureId'],
  ),
  description: 'RFC 9457 problem; `type` is stable and documented at its own address.',
};

/** The problem of one line of a stream: the answer as a whole has the correlation id. */
export const LINE_PROBLEM_SCHEMA = named('LineProblem', closed({ ...members, field }, ['field']));

const status = (word: string): Described => json(closed({ status: { const: word } }));
export const LIVE = status('live');
export const READY = status('ready');
export const METRICS_TEXT: Described = { content: { 'text/plain': { schema: text('Prometheus text format.') } } };

export const RESOURCE = json(
  named(
    'ProtectedResource',
    closed({
      resource: text('Of the hub.', { format: 'uri' }),
      resource_name: text('For people.'),
      authorization_servers: listOf(text('Issuer that a token may come from.', { format: 'uri' })),
      bearer_methods_supported: listOf({ const: 'header' }),
      resource_documentation: text('To browse.', { format: 'uri' }),
    }),
  ),
);
export const OPENAPI = json({ type: 'object', description: 'OpenAPI 3.1.' });
export const PAGE: Described = { content: { 'text/html': { schema: text('A page.') } } };
export const ASSET: Described = {
  content: { 'text/css': { schema: text('A style.') }, 'text/javascript': { schema: text('A script.') } },
};
export const PROBLEM_KIND = json(
  named('ProblemKind', closed({ ...members, explanation: text('What it means and what to do.') })),
);
