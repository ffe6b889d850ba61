import { londonDay } from '#kernel';
import type { Agreement } from './agreement.ts';
import { lastDayOf, statusOn, type AgreementState, type AgreementVersion } from './agreement-state.ts';
import { isEmpty } from './calendar.ts';
import { checkAgreement, type Gap } from './check-agreement.ts';
import { clauseFinder, type Clause, type Numbered } from './clauses.ts';
import { gapMeaning } from './gap-words.ts';
import { agencyWords } from './grant-text.ts';
import { gatewayOf } from './law-pack.ts';
import { isReviewOverdue } from './note-review.ts';
import { quoted, visible } from './plain-text.ts';
import type { CompiledPolicy } from './policy.ts';
import { dayWords, REASON_WORDS, STATUS_WORDS, withName } from './words.ts';

/** What an agreement's text is told beside its document. */
export interface Told {
  readonly state: AgreementState;
  /** The version that the document is the text of. */
  readonly version: AgreementVersion;
  readonly policy: CompiledPolicy;
  /** `YYYY-MM-DD`, Europe/London. */
  readonly day: string;
}

/** Who has signed a version and where it stands on the day; of a draft also what it still lacks, by the clauses before. */
export function standingClauses(agreement: Agreement, told: Told, before: readonly Numbered[]): readonly Clause[] {
  const { state, version, policy, day } = told;
  const status = statusOn(state, version, day);
  return [
    { text: statusText(told) },
    { text: forceText(told) },
    {
      text: isReviewOverdue(state, version, day)
        ? `Its review was due by ${dayWords(agreement.review)} and is overdue. That stops no disclosure.`
        : 'Its review is not overdue.',
    },
    {
      text: 'Signatures:',
      items: version.parties.map((agency) => {
        const signed = version.signatures.some((by) => by.agency === agency);
        return `${agencyWords(policy, agency)} ${signed ? 'has signed' : 'has not signed'}`;
      }),
    },
    listed('Suspensions:', 'No party has suspended it.', suspensionItems(told)),
    listed('Ending and leaving:', 'Nobody has ended or left it.', endingItems(told, agreement)),
    ...(status === 'drafted' || status === 'signed' ? [lackClause(agreement, told, before)] : []),
  ];
}

export function statusText({ state, version, day }: Told): string {
  const status = statusOn(state, version, day);
  return `On ${dayWords(day)} this version is ${withName(STATUS_WORDS[status], status)}.`;
}

const listed = (text: string, none: string, items: readonly string[]): Clause =>
  items.length === 0 ? { text: none } : { text, items };

function forceText({ version: { window, supersededBy } }: Told): string {
  if (window === undefined) return 'It has no days of force, since not every party has signed it.';
  const by = supersededBy === undefined ? '' : ` Version ${supersededBy} takes its place.`;
  if (isEmpty(window)) return `It has no days of force left.${by}`;
  return `In force from ${dayWords(window.from)} to ${dayWords(window.to)}, both included.${by}`;
}

const suspensionItems = ({ state, version, policy }: Told): readonly string[] =>
  state.suspensions
    .filter(({ agency }) => version.parties.includes(agency))
    .map(
      ({ agency, reason, since }) =>
        `${agencyWords(policy, agency)}, since ${dayWords(londonDay(since))}, for ${withName(REASON_WORDS[reason], reason)}`,
    );

function endingItems({ state, version, policy }: Told, agreement: Agreement): readonly string[] {
  const { ended, left } = state;
  const leavers = left.filter(
    ({ agency, version: last }) => last >= version.version && version.parties.includes(agency),
  );
  return [
    ...(ended === undefined
      ? []
      : [
          `${agencyWords(policy, ended.agency)} ended it, for ${withName(REASON_WORDS[ended.reason], ended.reason)}: ${dayWords(ended.on)} is the first day without it`,
        ]),
    ...[...new Set(leavers.map(({ agency }) => agency))].map((agency) => {
      const last = lastDayOf(state, { version: version.version, agreement }, agency) ?? '';
      return `${agencyWords(policy, agency)} leaves it: ${dayWords(last)} is its last day`;
    }),
  ];
}

function lackClause(agreement: Agreement, { policy }: Told, before: readonly Numbered[]): Clause {
  const gaps = checkAgreement(agreement, policy);
  if (gaps.length === 0) return { text: 'Nothing but signatures stands between it and force.' };
  const clauseAt = clauseFinder(before);
  return {
    text: 'This stands between it and force, and nobody can sign it before:',
    clauses: gaps.map((gap) => gapClause(gap, clauseAt(gap.field), agreement, policy)),
  };
}

function gapClause(
  { rule, section, field, alternatives }: Gap,
  clause: string | undefined,
  agreement: Agreement,
  policy: CompiledPolicy,
): Clause {
  const where = clause === undefined ? field : `Clause ${clause}`;
  const value = valueAt(agreement, field);
  const what = value === undefined ? '' : `, ${quoted(value)}`;
  const source = section === undefined ? '' : ` ${visible(section)}.`;
  const text = `${where}${what}: ${withName(gapMeaning(rule)?.replace(/\.$/, ''), rule)}.${source}`;
  if (alternatives === undefined) return { text };
  if (alternatives.length === 0) return { text: `${text} No lawful way is left.` };
  const ways = alternatives.map((id) => withName(visible(gatewayOf(policy.law, id)?.title ?? id), id));
  return { text: `${text} Lawful ways that are left, best first:`, items: ways };
}

/** The text that stands at a path of the document; undefined for an empty one, and where anything else stands. */
function valueAt(agreement: Agreement, path: string): string | undefined {
  let value: unknown = agreement;
  for (const name of path.split('.'))
    value =
      typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}
