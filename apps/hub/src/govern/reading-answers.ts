import { CAPACITIES, PLACE_GRAINS, PURPOSES, TIME_GRAINS } from '#contracts';
import { closed, listOf, named, text, wholeNumber, json, type Described } from '#edge';
import { AGREEMENT_STATUSES } from '#hub';

const words = text('For people.');
const day = (description: string) => text(description, { format: 'date' });
const purpose = { enum: PURPOSES };
const ETAG = { etag: 'Of this form of it.' };
const plain = (description: string) => ({ 'text/plain': { schema: text(description) } });

export const CLAUSES: Described = {
  content: plain('Numbered clauses in lines of at most 100 characters.'),
  headers: ETAG,
};

const gatewayTitle = text('Of the gateway, in the adopted law.');
const section = text('Of law, where it stands.');
export const PURPOSE_LIST = json(
  listOf(
    named(
      'Purpose',
      closed({
        purpose,
        words,
        functionUnder: {
          ...listOf(closed({ gateway: text('Id of the gateway.'), title: gatewayTitle, section })),
          description:
            'Powers that serve some purposes alone, this one among them. A power that serves any is not named.',
        },
      }),
    ),
  ),
);

const agency = text('Short name of the agency.');
const agencyNamed = closed({ agency, name: words });
const purposes = listOf(closed({ purpose, name: words }));
const party = closed(
  {
    agency,
    name: words,
    capacity: text('In which it takes part.', { enum: CAPACITIES }),
    from: day('Its first day, where it joins later.'),
    to: day('Its last day, where it leaves earlier.'),
  },
  ['from', 'to'],
);
const use = closed({
  clause: text('Of the agreement’s text.'),
  publishers: listOf(agencyNamed),
  consumer: agencyNamed,
  purposes,
  mode: text('Counts, records or subjects.', { enum: ['count', 'record', 'subject'] }),
  gateway: closed(
    {
      id: text('Of the gateway.'),
      title: gatewayTitle,
      section,
      verified: { type: 'boolean', description: 'The primary text was read.' },
    },
    ['title', 'section'],
  ),
  types: listOf(closed({ type: text('Of event.'), name: words })),
  fields: listOf(closed({ field: text('Of these types.'), name: words })),
  place: text('The finest that is shown.', { enum: PLACE_GRAINS }),
  time: text('The finest that is shown.', { enum: TIME_GRAINS }),
});
const version = closed({
  version: wholeNumber('Of the text.', 1),
  status: text('On the day.', { enum: AGREEMENT_STATUSES }),
  from: day('First day of force.'),
  to: day('Last day of force.'),
  review: day('By which its parties review it.'),
  reviewOverdue: { type: 'boolean', description: 'They should have. It stops no disclosure.' },
  privacyNotice: text('Address.'),
  parties: listOf(party),
  purposes,
  uses: listOf(use),
});
const register = named(
  'Register',
  closed({
    day: day('In Europe/London.'),
    agreements: listOf(
      closed({
        id: text('Of the agreement.'),
        title: text('Of its newest version here.'),
        versions: { ...listOf(version), description: 'Those that are or were in force.' },
      }),
    ),
  }),
);
export const REGISTER: Described = {
  content: { ...json(register).content, ...plain('The same, for people.') },
  headers: ETAG,
};
