import { CALDICOTT_PRINCIPLES, type Agreement, type Handling } from './agreement.ts';
import { numbered, sectionLines, type Clause, type Section } from './clauses.ts';
import { agencyWords, grantClauses, typeWords } from './grant-text.ts';
import { quoted, visible, wrapped } from './plain-text.ts';
import type { CompiledPolicy } from './policy.ts';
import { standingClauses, statusText, type Told } from './standing-text.ts';
import {
  CAPACITY_WORDS,
  dayWords,
  durationWords,
  HANDLING_WORDS,
  PLACE_WORDS,
  PRINCIPLE_WORDS,
  PURPOSE_WORDS,
  RETURN_WORDS,
  withName,
} from './words.ts';

/**
 * An agreement for a reader: numbered clauses of plain text, lines of at most 100 characters, ends with a line feed. Pure: the
 * same document, policy and day give the same text. Every value of the document stands in it. Its n-th grant is
 * clause `7.n`, which decisions cite. Words of the parties stand between « and », with whatever can't be seen written
 * out, so that no document can put a clause, or an end of a quotation, into its own text.
 */
export function agreementText(agreement: Agreement, told: Told): string {
  const sections = sectionsOf(agreement, told.policy).map(({ title, clauses }, i) => ({
    title,
    clauses: numbered(clauses, `${i + 1}`),
  }));
  const before = sections.flatMap(({ clauses }) => clauses);
  const standing = numbered(standingClauses(agreement, told, before), `${sections.length + 1}`);
  const all = [...sections, { title: 'Signatures, and where it stands', clauses: standing }];
  return [
    ...headLines(agreement, told),
    ...all.flatMap(({ title, clauses }, i) => sectionLines(i + 1, title.toUpperCase(), clauses)),
    '',
  ].join('\n');
}

/** What of the head goes on in a further line, so that no word of a title stands where a clause has its number. */
const HANG = 2;
function headLines({ id, title }: Agreement, told: Told): readonly string[] {
  const { packs, law } = told.policy;
  const line = (text: string) => wrapped('', text, HANG);
  return [
    ...line(`DATA-SHARING AGREEMENT ${id}, VERSION ${told.version.version}`),
    ...line(quoted(title)),
    '',
    ...line(statusText(told)),
    ...line(`Whoever signs it signs the document with the SHA-256 ${told.version.digest}.`),
    ...line(
      law === undefined ? 'No law is adopted.' : `Law: ${visible(law.title)}, version ${packs.law?.version ?? ''}.`,
    ),
    ...line(
      'What stands between « and » are the parties’ own words, on one line; \\u{…} in them is a character that cannot be seen, and a line that ends in \\ goes on without a space.',
    ),
  ];
}

const sectionsOf = (agreement: Agreement, policy: CompiledPolicy): readonly Section[] => [
  { title: 'Parties', clauses: partyClauses(agreement, policy) },
  {
    title: 'Purposes',
    clauses: agreement.purposes.map((purpose, i) => ({
      text: `${upper(withName(PURPOSE_WORDS[purpose], purpose))}.`,
      at: [`purposes.${i}`, ...(i === 0 ? ['purposes'] : [])],
    })),
  },
  { title: 'Validity, review, retention, onward sharing', clauses: termClauses(agreement) },
  { title: 'Lawful basis', clauses: lawfulClauses(agreement) },
  { title: 'Anonymisation tests and opt-out', clauses: testClauses(agreement, policy) },
  { title: 'Caldicott', clauses: caldicottClauses(agreement) },
  { title: 'Grants', clauses: grantClauses(agreement, policy) },
  { title: 'Returns', clauses: returnClauses(agreement, policy) },
  { title: 'Handling', clauses: handlingClauses(agreement) },
  { title: 'Contacts', clauses: contactClauses(agreement, policy) },
];

function partyClauses({ parties, jointControllers }: Agreement, policy: CompiledPolicy): readonly Clause[] {
  const controllers = jointControllers.map((agency) => agencyWords(policy, agency));
  return [
    ...parties.map(({ agency, capacity, from, to }, i): Clause => {
      const ends = [
        from === undefined ? [] : [`from ${dayWords(from)}`],
        to === undefined ? [] : [`to ${dayWords(to)}`],
      ].flat();
      const days = ends.length === 0 ? 'while the agreement is valid' : ends.join(' ');
      return {
        text: `${agencyWords(policy, agency)}, as ${withName(CAPACITY_WORDS[capacity], capacity)}, ${days}.`,
        at: [`parties.${i}`, ...(i === 0 ? ['parties'] : [])],
      };
    }),
    {
      text: controllers.length === 0 ? 'No joint controllers (UK GDPR Article 26).' : JOINT,
      items: controllers,
      at: ['jointControllers'],
    },
  ];
}
const JOINT = 'Joint controllers, who decide together why and how the data is used (UK GDPR Article 26):';

const termClauses = ({ validity, review, retention, onwardSharing }: Agreement): readonly Clause[] => [
  { text: `Valid from ${dayWords(validity.from)} to ${dayWords(validity.to)}, both included.`, at: ['validity'] },
  { text: `To be reviewed by ${dayWords(review)}.`, at: ['review'] },
  {
    text: `A recipient destroys an answer within ${durationWords(retention)} of the day it was given.`,
    at: ['retention'],
  },
  {
    text:
      onwardSharing === 'none'
        ? 'A recipient passes nothing on (none).'
        : 'A recipient passes something on only with the consent of its publisher (with-consent-of-publisher).',
    at: ['onwardSharing'],
  },
];

const stated = (matter: string, value: string | undefined, at: string): Clause => ({
  text: `${matter}: ${value === undefined || value === '' ? 'not stated' : quoted(value)}.`,
  at: [at],
});

const lawfulClauses = ({ lawful }: Agreement): readonly Clause[] => [
  stated('Data protection impact assessment', lawful.dpia, 'lawful.dpia'),
  stated('Advice of the data protection officer', lawful.dpoAdvice, 'lawful.dpoAdvice'),
  stated('Basis under Article 6 of the UK GDPR', lawful.article6, 'lawful.article6'),
  stated('Condition under Article 9 of the UK GDPR', lawful.article9, 'lawful.article9'),
  stated('Condition under Schedule 1 to the Data Protection Act 2018', lawful.schedule1, 'lawful.schedule1'),
  {
    text: `Part 3 of the Data Protection Act 2018 (law enforcement) ${lawful.lawEnforcement ? 'applies' : 'does not apply'} to a party’s processing.`,
    at: ['lawful.lawEnforcement'],
  },
  stated('Privacy notice', lawful.privacyNotice, 'lawful.privacyNotice'),
  stated('Assessment under s.149 of the Equality Act 2010', lawful.equalityAssessment, 'lawful.equalityAssessment'),
];

function testClauses({ anonymisationTests, optOutCheck }: Agreement, policy: CompiledPolicy): readonly Clause[] {
  const tests = anonymisationTests.map((test, i): Clause => ({
    text: `Of what ${agencyWords(policy, test.recipient)} is shown: tested on ${dayWords(test.date)}, to be reviewed by ${dayWords(test.review)}.`,
    items: [
      `Method: ${quoted(test.method)}.`,
      `Assessor: ${quoted(test.assessor)}.`,
      `What else the recipient knows or can get: ${quoted(test.recipientKnowledge)}.`,
      `Finest place assessed: ${withName(PLACE_WORDS[test.place], test.place)}.`,
      test.mode === 'record' ? 'Counts and records were assessed (record).' : 'Counts alone were assessed (count).',
    ],
    at: [`anonymisationTests.${i}`],
  }));
  const none: Clause = { text: 'No anonymisation test is recorded.', at: ['anonymisationTests'] };
  return [
    ...(tests.length === 0 ? [none] : tests),
    {
      text:
        optOutCheck === undefined
          ? 'No look-up of the national data opt-out is recorded.'
          : `National data opt-out: looked up on ${dayWords(optOutCheck.date)} by ${quoted(optOutCheck.by)}, in this way: ${quoted(optOutCheck.method)}.`,
      at: ['optOutCheck'],
    },
  ];
}

function caldicottClauses({ caldicott }: Agreement): readonly Clause[] {
  if (caldicott === undefined) return [{ text: 'No sign-off by a Caldicott Guardian is recorded.', at: ['caldicott'] }];
  const { guardian, date, principles } = caldicott;
  return [
    {
      text: `Signed off on ${dayWords(date)} by the Caldicott Guardian ${quoted(guardian)}, principle by principle:`,
      at: ['caldicott'],
    },
    ...CALDICOTT_PRINCIPLES.map((name) =>
      stated(PRINCIPLE_WORDS[name], principles[name], `caldicott.principles.${name}`),
    ),
  ];
}

function returnClauses({ returns }: Agreement, policy: CompiledPolicy): readonly Clause[] {
  if (returns.length === 0) return [{ text: 'No returns are owed at set times.', at: ['returns'] }];
  return returns.map(({ publisher, kind, types, owner, department }, i) => ({
    text: `${agencyWords(policy, publisher)} owes ${withName(RETURN_WORDS[kind], kind)}${department === undefined ? '' : `, as an emergency department of type ${department}`}. ${quoted(owner.role)}, ${owner.mailbox}, sees to it. Events of these types:`,
    items: types.map(typeWords),
    at: [`returns.${i}`],
  }));
}

const handlingClauses = ({ handling }: Agreement): readonly Clause[] =>
  (Object.keys(HANDLING_WORDS) as (keyof Handling)[]).map((name) =>
    stated(HANDLING_WORDS[name], handling[name], `handling.${name}`),
  );

function contactClauses({ contacts }: Agreement, policy: CompiledPolicy): readonly Clause[] {
  if (contacts.length === 0) return [{ text: 'No contact is named.', at: ['contacts'] }];
  return contacts.map(({ agency, role, mailbox }, i) => ({
    text: `${agencyWords(policy, agency)}: ${quoted(role)}, ${mailbox}.`,
    at: [`contacts.${i}`],
  }));
}

const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
