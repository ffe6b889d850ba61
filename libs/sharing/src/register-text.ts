import { numbered, sectionLines, type Clause } from './clauses.ts';
import { quoted, visible, wrapped } from './plain-text.ts';
import type { Register, RegisteredAgreement, RegisteredUse, RegisteredVersion } from './register.ts';
import { CAPACITY_WORDS, dayWords, MODE_WORDS, PLACE_WORDS, STATUS_WORDS, TIME_WORDS, withName } from './words.ts';

/** The register for a reader: what {@link Register} says and nothing else, in lines of at most 100 characters. */
export const registerText = ({ day, agreements }: Register): string =>
  [
    ...wrapped('', `REGISTER OF USES, ${dayWords(day)}`),
    '',
    ...wrapped('', 'Every agreement that is or was in force, and what it lets whom be shown.'),
    ...wrapped('', agreements.length === 0 ? 'None is or was.' : 'Words of its parties stand between « and ».'),
    ...agreements.flatMap((agreement, i) => [
      ...sectionLines(i + 1, `${agreement.id}: ${quoted(agreement.title)}`, numbered(clausesOf(agreement), `${i + 1}`)),
    ]),
    '',
  ].join('\n');

const clausesOf = ({ versions }: RegisteredAgreement): readonly Clause[] =>
  versions.map((version) => ({
    text: [
      `Version ${version.version}, from ${dayWords(version.from)} to ${dayWords(version.to)}: ${withName(STATUS_WORDS[version.status], version.status)}.`,
      `To be reviewed by ${dayWords(version.review)}${version.reviewOverdue ? ', which is overdue' : ''}.`,
      `Privacy notice: ${quoted(version.privacyNotice)}.`,
    ].join(' '),
    clauses: [
      { text: 'Parties:', items: version.parties.map(partyWords) },
      { text: 'Purposes:', items: version.purposes.map(({ purpose, name }) => withName(name, purpose)) },
      ...version.uses.map(useClause),
    ],
  }));

function partyWords({ agency, name, capacity, from, to }: RegisteredVersion['parties'][number]): string {
  const days = [
    ...(from === undefined ? [] : [`from ${dayWords(from)}`]),
    ...(to === undefined ? [] : [`to ${dayWords(to)}`]),
  ];
  return [withName(visible(name), agency), `as ${withName(CAPACITY_WORDS[capacity], capacity)}`, ...days].join(', ');
}

const agencyNamed = ({ agency, name }: RegisteredUse['consumer']): string => withName(visible(name), agency);

const useClause = (use: RegisteredUse): Clause => {
  const { id, title, section, verified } = use.gateway;
  const power = withName(title === undefined ? undefined : visible(title), id);
  const source = section === undefined ? 'the adopted law no longer has it' : visible(section);
  return {
    text: `Clause ${use.clause}: ${agencyNamed(use.consumer)} is shown ${withName(MODE_WORDS[use.mode], use.mode)}.`,
    items: [
      `Published by ${use.publishers.map(agencyNamed).join('; ')}`,
      `For ${use.purposes.map(({ purpose, name }) => withName(name, purpose)).join('; ')}`,
      `Events: ${use.types.map(({ type, name }) => withName(name, type)).join('; ')}`,
      `Fields: ${use.fields.map(({ field, name }) => withName(name, field)).join('; ') || 'none beside place and time'}`,
      `Finest place: ${withName(PLACE_WORDS[use.place], use.place)}; finest period: ${withName(TIME_WORDS[use.time], use.time)}`,
      `Power: ${power}; ${source}${verified ? '' : ' (not verified)'}`,
    ],
  };
};
