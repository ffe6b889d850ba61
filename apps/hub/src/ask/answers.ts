import { LEGAL_LABELS, OBLIGATIONS, type JsonSchema } from '#contracts';
import {
  closed,
  instant,
  json,
  listOf,
  named,
  sha256Hex,
  text,
  wholeNumber,
  type Described,
  type Parameter,
} from '#edge';

const agreement = closed(
  {
    id: text(
      'Of the agreement; `oversight` for what an auditor may always read, `rehearsal` for what a draft would change.',
    ),
    version: wholeNumber('Of its text.', 1),
    clauses: listOf(text('Clause of the agreement’s text that was used, as `7.2`.')),
    gateway: text('The statutory power that its rows rest on.'),
    publishers: listOf(text('Agency whose rows it let you see.')),
    licence: text('Of an open grant: under which the same detail is already published. Cite it.'),
    address: text('Of an open grant: where the same detail is already published.'),
  },
  ['licence', 'address'],
);
export const OBLIGATION = closed(
  {
    obligation: { enum: OBLIGATIONS, description: 'What the recipient owes for this answer.' },
    agreement: text('Whose it is.'),
    by: text('Of `destroy-by`: the last day on which the answer may be held.', { format: 'date' }),
  },
  ['by'],
);
const sharing = named(
  'Sharing',
  closed(
    {
      agreements: listOf(agreement),
      purpose: text('As asked.'),
      precision: closed({ place: text('The finest place shown.'), time: text('The finest time shown.') }),
      withheld: listOf(closed({ what: text('What was kept back.'), reason: text('Why: a stable word.') })),
      obligations: listOf(OBLIGATION),
      labels: listOf({ enum: LEGAL_LABELS, description: 'What law attaches to the data; empty for most statistics.' }),
      release: text('The release that answered.'),
      asAt: text('Opaque: equal for equal states of what was asked.'),
      digest: sha256Hex('SHA-256 of the canonical form (RFC 8785) of `data`.'),
      disclosureId: text('Of the access record of this answer.'),
    },
    ['release'],
  ),
);

const ETAG = { etag: 'Of all but `disclosureId`.' };
/** An answer that stands under agreements, with what they say of it. */
export const disclosed = (data: JsonSchema): JsonSchema => closed({ data, sharing });
export const disclosedJson = (data: JsonSchema): Described => json(disclosed(data), ETAG);

const releaseId = text('`<definition>.<period>.v<version>`.', {
  pattern: '^[a-z][a-z0-9-]{0,60}@[1-9][0-9]{0,3}\\.[0-9A-Z-]{4,7}\\.v[1-9]$',
});
const release = named(
  'Release',
  closed({
    id: releaseId,
    definition: text('`name@version`.'),
    title: text('For people.'),
    counts: text('What one count is.'),
    period: text('Year, quarter or month.'),
    version: wholeNumber('Of the release of this period.', 1),
    publishedAt: instant('When it was frozen.'),
    geography: text('Version of the geography pack that it was frozen under.'),
    dimensions: listOf(closed({ name: text('For `rows`, `columns` and `where`.'), label: text('For people.') })),
  }),
);
export const RELEASE = json(release, { location: 'Address of its tables, without `rows` and `purpose`.' });
export const RELEASES = disclosedJson(listOf(release));

const code = closed({ code: text('For `where`.'), label: text('For people.') });
export const shown = named('Shown', {
  description: 'A number, or a symbol and its reason: never the count behind a symbol.',
  oneOf: [
    closed({ value: wholeNumber('What open grants contribute is exact; the rest is rounded to the nearest 5.') }),
    closed({ symbol: { const: 'low' }, reason: { const: 'small-count' } }),
    closed({ symbol: { const: 'z' }, reason: { const: 'counted-apart' } }),
  ],
});
const dimension = text('A dimension of the release.');
const table = named(
  'Table',
  closed({
    definition: text('`name@version`.'),
    period: text('Year, quarter or month.'),
    dimensions: closed({ rows: dimension, columns: dimension }, ['columns']),
    rows: listOf(code),
    columns: { ...listOf(code), description: 'Empty when the question has none.' },
    cells: { ...listOf(listOf(shown)), description: 'By row, then by column.' },
    rowTotals: listOf(shown),
    columnTotals: listOf(shown),
    total: shown,
  }),
);
export const TABLE: Described = {
  content: {
    'application/json': { schema: disclosed(table) },
    'text/csv': { schema: text('RFC 4180, a line for each cell, each with its release, purpose and agreements.') },
  },
  headers: ETAG,
};
export const RELEASE_PARAMETER: Parameter = {
  in: 'path',
  name: 'id',
  description: 'Of the release, as `releases.list` says it.',
  schema: releaseId,
};
