import { LEGAL_LABELS, PLACE_GRAINS, TIME_GRAINS } from '#contracts';
import { closed, instant, json, listOf, named, sha256Hex, text, wholeNumber } from '#edge';
import { OBLIGATION } from '../ask/answers.ts';

const agency = text('Name of the agency.');
const obstacle = {
  rule: text('Stable word; `docs/reference/problems.md` has them all.'),
  meaning: text('For people.'),
  section: text('Of law, where law asks for it.'),
  missing: listOf(text('What would have to exist.')),
};
const held = named('Obstacle', closed(obstacle, ['section']));
const view = closed(
  {
    id: text('Of the agreement.'),
    version: wholeNumber('Of its text.', 1),
    clauses: listOf(text('Clause of its text, as `7.2`.')),
    gateway: text('The statutory power relied on.'),
    publishers: listOf(agency),
    types: listOf(text('Event type.')),
    fields: listOf(text('That would be shown.')),
    place: { enum: PLACE_GRAINS },
    time: { enum: TIME_GRAINS },
    threshold: { enum: [7, 12, 17] },
    openness: { enum: ['protected', 'open'] },
    licence: text('Of an open grant.'),
    address: text('Of an open grant.'),
    k: wholeNumber('Of records: rows that share each combination.', 10),
    labels: listOf({ enum: LEGAL_LABELS }),
  },
  ['licence', 'address', 'k'],
);
export const EXPLANATION = json(
  named(
    'Explanation',
    closed({
      at: instant('The time that it was decided as at.'),
      policy: sha256Hex('Of the rules that decided: equal for policies that decide alike.'),
      decision: {
        oneOf: [
          closed({ kind: { const: 'permit' }, views: listOf(view), obligations: listOf(OBLIGATION) }),
          closed(
            {
              kind: { const: 'refuse' },
              ...obstacle,
              alternatives: listOf(text('Gateway that is left, best first.')),
            },
            ['section'],
          ),
        ],
      },
      weighed: {
        ...listOf(
          closed(
            {
              agreement: text('Its id.'),
              version: wholeNumber('Of its text.', 1),
              clause: text('Of its text, as `7.2`.'),
              gateway: text('The power that the clause relies on.'),
              publisher: agency,
              fits: { type: 'boolean' },
              law: held,
              grant: held,
            },
            ['law', 'grant'],
          ),
        ),
        description: 'Each clause for your agency and purpose: what law and what the grant hold against the question.',
      },
    }),
  ),
);
