import { eventDefinition, fieldLabel } from '#contracts';
import type { Change, Gap, Grains, GrantChange, Shown as Way } from '#sharing';
import { RULE_MEANINGS } from '#sharing';
import type { Shown } from '#statistics';
import type { Sharing } from './disclosed.ts';
import type {
  Behind,
  LogChange,
  LogChanges,
  NotTold,
  RehearsalReport,
  ReportedChange,
  UnusedGrant,
} from './rehearsal-report.ts';

/** A rehearsal as a data-protection officer reads it. Plain text; each list says so when it is empty. */
export function rehearsalText(report: RehearsalReport, sharing: Sharing): string {
  const { agreement, version, digest, title, day, drafted, suspendedBy, questions, changes } = report;
  const those = (...kinds: readonly Change[]): readonly string[] =>
    changes.filter((one) => one.changes.some((change) => kinds.includes(change))).map(changeText);
  return [
    `Rehearsal of ${agreement}, version ${version}: ${title}`,
    `Text ${digest}`,
    `As it would be on ${day} if every party had signed it, beside what stands without it.`,
    ...(drafted ? [] : ['Every party has signed it: nothing is left to rehearse.']),
    ...(suspendedBy.length === 0
      ? []
      : [
          `Suspended by ${suspendedBy.join(', ')}: while that stands nothing is disclosed, signed or not. Compared without it.`,
        ]),
    `${questions} questions that its grants make possible were decided under both, of each field, of none, and of all of a grant’s together.`,
    section('Newly disclosed', those('newly-disclosed')),
    section('Shown more finely', those('more-finely')),
    section('Shown more exactly, on fewer conditions, under another power or with other labels', [
      ...those('more-exactly', 'on-fewer-conditions', 'other-power', 'labelled-otherwise'),
    ]),
    section('Guarded more, or shown less finely', those('guarded-more', 'less-finely')),
    section('Stopped', those('stopped')),
    section('Would be refused by law', blockedTexts(changes)),
    section('Questions asked in the log that would be answered differently', logText(report)),
    section(`Grants nobody used in ${report.unused.days} days`, report.unused.grants.map(unusedText)),
    section('Stands in the way of signature', signatureText(report.signature)),
    '',
    `Counts are from frozen releases and shown by their rule: ${LOW} is 0 to 7, or to more where a grant guards more; others are rounded to 5.`,
    `On record as disclosure ${sharing.disclosureId}.`,
    '',
  ].join('\n');
}
const LOW = 'low';
const ALONE = 'rows by place and time alone';

const section = (title: string, items: readonly string[]): string =>
  `\n${title}\n${items.length === 0 ? '  nothing' : items.map((item) => `  - ${item.replaceAll('\n', '\n    ')}`).join('\n')}`;

function changeText(change: ReportedChange): string {
  const { consumer, publishers, purposes, mode, now, then, behind } = change;
  const refused = then.some(({ blockedBy }) => blockedBy !== undefined) ? ' (but refused by law: see below)' : '';
  return [
    `${publishers.join(', ')} to ${consumer}, for ${purposes.join(', ')}: ${typesOf(change)}${refused}`,
    `as ${mode} of ${fieldsOf(change)}`,
    `now:  ${ways(now)}`,
    `then: ${ways(then)}`,
    ...behindTexts(behind),
  ].join('\n');
}
const titleOf = (type: string): string => eventDefinition(type)?.title ?? type;
const typesOf = ({ types }: GrantChange): string => types.map(titleOf).join(', ');
function fieldsOf({ types, fields, alone, crossed }: GrantChange): string {
  const names = fields.map((field) => nameOf(types, field));
  const together = crossed.map((all) => `${all.map((field) => nameOf(types, field)).join(' with ')} together`);
  return [...(alone ? [ALONE] : []), ...names, ...together].join(', ');
}
const nameOf = (types: readonly string[], field: string): string => {
  const label = types.map((type) => fieldLabel(type, field)).find((one) => one !== undefined);
  return label === undefined ? field : `${field} (${label})`;
};

const ways = (shown: readonly Way[]): string => (shown.length === 0 ? 'not shown' : shown.map(wayText).join('; or '));
function wayText({ clause, gateway, openness, threshold, k, finest, labels, conditions }: Way): string {
  return [
    finest.map(grainText).join(' or '),
    openness === 'open' ? 'exact (open)' : `0 to ${threshold} as ${LOW}`,
    ...(k === undefined ? [] : [`each combination held by ${k} rows or more`]),
    `under ${gateway}${clause === undefined ? ', by another agreement' : `, clause ${clause}`}`,
    ...(conditions.length === 0 ? [] : [`if ${conditions.join(' and ')}`]),
    ...(labels.length === 0 ? [] : [`labelled ${labels.join(', ')}`]),
  ].join(', ');
}
const grainText = ({ place, time }: Grains): string => `by ${place} and ${time}`;

/** What was counted, a line each; then, together, what could not be. */
function behindTexts(behind: readonly Behind[]): readonly string[] {
  const counted = behind.flatMap((one) => ('symbol' in one.counts ? [] : [countedText(one, one.counts)]));
  const others = behind.filter(({ counts }) => 'symbol' in counts);
  const alike = Map.groupBy(others, ({ publishers, release, counts }) => JSON.stringify([publishers, release, counts]));
  return [...counted, ...[...alike.values()].map(untoldText)];
}
const whatOf = ({ type, field }: Behind): string => (field === undefined ? ALONE : nameOf([type], field));
const whose = ({ publishers, release }: Behind): string =>
  `${publishers.join(', ')}${release === undefined ? '' : ` in ${release}`}`;

function countedText(one: Behind, { cells, asNumber, asLow, rows }: Exclude<Behind['counts'], NotTold>): string {
  const { direction, place, time, areas = [] } = one;
  return [
    `${direction}: ${whatOf(one)}, by ${place} and ${time}, ${whose(one)}:`,
    `  ${count(cells)} cells with rows, ${count(asNumber)} as a number, ${count(asLow)} as ${LOW}; ${count(rows)} rows behind them`,
    ...(areas.length === 0 ? [] : [`  areas with most cells: ${areas.slice(0, AREAS).map(areaText).join(', ')}`]),
  ].join('\n');
}
/** Of those that the report names. */
const AREAS = 6;
const areaText = ({ code, label, cells }: NonNullable<Behind['areas']>[number]): string =>
  `${label} (${code}) ${count(cells)}`;

function untoldText(alike: readonly Behind[]): string {
  const [first] = alike;
  if (first === undefined || !('symbol' in first.counts)) return '';
  return `${whose(first)}: ${NOT_TOLD[first.counts.reason]} (${alike.map(whatOf).join(', ')})`;
}
const count = (shown: Shown): string => ('value' in shown ? String(shown.value) : shown.symbol);
const NOT_TOLD: Readonly<Record<NotTold['reason'], string>> = {
  'no-release': 'not available, no release was frozen',
  'not-counted': 'not counted: neither records nor people are',
  'not-held': 'the release holds nothing finer, or not the field',
  'not-yours': 'not yours to know: neither your agency’s own nor granted to it',
};

/** Once for each clause and rule, whatever fields it is about. */
function blockedTexts(changes: readonly ReportedChange[]): readonly string[] {
  const blocked = changes.flatMap((change) =>
    change.then.flatMap(({ blockedBy, clause = '?', finest }) =>
      blockedBy === undefined ? [] : [{ change, blockedBy, clause, finest: finest.map(grainText).join(' or ') }],
    ),
  );
  const alike = Map.groupBy(blocked, ({ change: { publishers, consumer, types }, blockedBy, clause, finest }) =>
    JSON.stringify([clause, blockedBy, finest, publishers, consumer, types]),
  );
  return [...alike.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { change, blockedBy, clause, finest } = first;
    const { rule, section: law, alternatives } = blockedBy;
    return [
      [
        `clause ${clause}: ${change.publishers.join(', ')} to ${change.consumer}, ${typesOf(change)}, ${finest}:`,
        `${group.map((one) => fieldsOf(one.change)).join(', ')}`,
        `${ruleText(rule)}${law === undefined ? '' : ` (${law})`}`,
        `lawful ways that are left: ${listOr(alternatives)}`,
      ].join('\n'),
    ];
  });
}
const ruleText = (rule: string): string => `${rule}: ${RULE_MEANINGS.get(rule) ?? 'see docs/reference/problems.md.'}`;
const listOr = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(', '));

const LOG_TEXTS: Readonly<Record<LogChange, string>> = {
  answered: 'would be answered, refused now',
  refused: 'would be refused, answered now',
  more: 'would show rows of more publishers',
  less: 'would show rows of fewer publishers',
  'more-exactly': 'would be shown more exactly',
  'on-fewer-conditions': 'would be asked on fewer conditions',
  'other-power': 'would rest on another power',
  'labelled-otherwise': 'would carry other labels',
  'guarded-more': 'would be guarded more',
};
function logText({ log: { changed, aboutPeople, unreadable, notTold } }: RehearsalReport): readonly string[] {
  return [
    ...changed.map(loggedText),
    `of your agency’s own, ${count(aboutPeople)} about people were not decided (consent is not on record), ${count(unreadable)} are too old to be decided again`,
    ...notTold.map(
      (agency) => `what ${agency} asked is not yours to know: no agreement in force binds both of you by this one`,
    ),
  ];
}
const loggedText = ({ consumer, operation, purpose, changes, blocked, questions }: LogChanges): string =>
  `${count(questions)} of ${consumer}, ${operation} for ${purpose}: ${changes.map((one) => LOG_TEXTS[one]).join(', ')}${blocked ? ' (but refused by law)' : ''}`;

const unusedText = ({ agreement, version, clause, consumer, publishers, types, since }: UnusedGrant): string =>
  `${agreement} version ${version}, clause ${clause}: ${publishers.join(', ')} to ${consumer}, ${types.map(titleOf).join(', ')}, in force since ${since}`;

function signatureText({ because, gaps }: RehearsalReport['signature']): readonly string[] {
  return [...(because === undefined ? [] : [because]), ...gaps.map(gapText)];
}
const gapText = ({ rule, section: law, field, alternatives }: Gap): string =>
  [
    `${field}: ${rule}${law === undefined ? '' : `, ${law}`}`,
    ...(alternatives === undefined ? [] : [`lawful ways that are left: ${listOr(alternatives)}`]),
  ].join('\n');
