import { CODE_LENGTH, CODE_LISTS } from './code-lists.ts';
import { SOURCE_FEEDS } from './envelope.ts';
import { type ConsentedUse, type EventFamily, type Field, type Use, type Way, WAYS } from './fields.ts';
import { DECLASSIFIERS, type Declassifier } from './declassify.ts';
import { LEGAL_LABELS, type LegalLabel } from './legal-labels.ts';
import { EVENT_FAMILIES, typeLabelsOf } from './registry.ts';
import type { ValueType } from './values.ts';

/** `docs/reference/events.md`, generated from the registry. Ends with a newline. */
export function renderEventReference(): string {
  return [
    '# Events',
    '',
    'Generated from the registry in `libs/contracts`. A field that is not listed for a way is refused.',
    'P: place event. D: profile event. Both are anonymised. C: consented event, with `shared` and one part for each subject.',
    '● allowed, r required, – refused. A consented event carries the legal labels of its type and of each field; a part of a',
    'field carries what the field does. On P and D `anonymised-at-source` has lowered them.',
    '',
    ...ATTRIBUTES,
    ...EVENT_FAMILIES.flatMap(familyPage),
    ...labelSection(),
    '## Code lists',
    '',
    'A well-formed code that no adopted list holds is kept in quarantine until it is mapped.',
    `A code has ${CODE_LENGTH} characters at most. A list is refused where a title, a label or a code of words holds nine digits`,
    'with no more than spaces, dashes or dots between them, an e-mail address, a UK postcode or a UK telephone number; whoever adopts it reads it for names.',
    '',
    ...table(
      ['list', 'title', 'form'],
      Object.entries(CODE_LISTS).map(([name, list]) => [tick(name), list.title, tick(list.form)]),
    ),
    '',
  ].join('\n');
}

const ATTRIBUTES: readonly string[] = [
  '## Ids, sources and times',
  '',
  '- `id`, and `id` in `corrects`: 32 or 64 lower-case hexadecimal digits, or a UUID in lower case (8-4-4-4-12). Make it a',
  '  keyed digest of the native number, or random. A name, a date or an NHS number as it is used has no such form and is',
  '  refused. The form alone does not tell a digest from a native id of 32 or 64 such digits, or from text written in them:',
  '  that none is sent is for the publisher to see to. An event does not correct itself.',
  `- \`source\`: \`urn:svd:agency:<agency>\`, or that and one of ${SOURCE_FEEDS.map((feed) => `\`:${feed}\``).join(' ')}.`,
  '- Times are clock time of Europe/London, not before 1990. What begins after the moment of reading is refused, but for a',
  '  planned event; a term counts as begun from August, January or April. `occurredFrom` to `occurredTo` touches 366 days at',
  '  most.',
  '',
];

function labelSection(): readonly string[] {
  const lowered = (label: LegalLabel): readonly string[] =>
    Object.values(DECLASSIFIERS).map(({ lowers }: Declassifier) => lowers[label] ?? '–');
  return [
    '## Legal labels',
    '',
    'What is derived carries every label of what it was derived from. Only these lower one; – leaves it standing.',
    '',
    ...Object.entries(DECLASSIFIERS).map(([name, { rule }]) => `- ${tick(name)}: ${rule}`),
    '',
    ...table(
      ['label', ...Object.keys(DECLASSIFIERS).map(tick)],
      LEGAL_LABELS.map((label) => [tick(label), ...lowered(label)]),
    ),
    '',
  ];
}

function familyPage(family: EventFamily): readonly string[] {
  const ways = WAYS.filter((way) => family.events.some((event) => event.way === way));
  return [
    `## ${family.title}`,
    '',
    ...table(
      ['type', 'way', 'says', 'label'],
      family.events.map((event) => [
        tick(event.type),
        event.way,
        event.title,
        labelText([...typeLabelsOf(event.type)]),
      ]),
    ),
    '',
    ...table(
      ['field', 'means', 'label', ...ways],
      Object.entries(family.fields).map(([name, field]) => fieldRow(name, field, ways)),
    ),
    '',
  ];
}

function fieldRow(name: string, field: Field, ways: readonly Way[]): readonly string[] {
  return [
    tick(name),
    `${field.label}. ${field.description}`,
    labelText(field.labels),
    ...ways.map((way) => useText(field[way])),
  ];
}

function useText(use: Use | ConsentedUse | undefined): string {
  if (use === undefined) return '–';
  const parts = [`${use.need === 'required' ? 'r' : '●'} ${valueText(use.type)}`];
  if ('stands' in use)
    parts.push(use.stands === 'both' ? 'in `shared` as on P, finer in the part' : `in ${tick(use.stands)}`);
  if (use.tabulate !== undefined) parts.push(`tabulated by ${use.tabulate.place} and ${use.tabulate.time} or coarser`);
  if (use.note !== undefined) parts.push(use.note);
  return parts.join('; ');
}

function valueText(type: ValueType): string {
  switch (type.kind) {
    case 'enumeration':
      return type.values.map(tick).join(' ');
    case 'code':
      return `code of ${tick(type.list)}`;
    case 'coded':
      return `\`{${'only' in type.lists ? '' : 'set, '}code, list}\` of ${Object.values(type.lists).map(tick).join(' or ')}`;
    case 'number':
      return `whole number ${type.min}–${type.max}`;
    case 'pattern':
      return `${type.means}: ${tick(type.pattern)}`;
    case 'time':
      return type.forms.join(', ');
    case 'place':
      return type.forms.join(', ');
    case 'object':
      return Object.entries(type.members)
        .map(([name, member]) => `${tick(name)}${member.required ? '' : '?'} ${valueText(member.type)}`)
        .join(', ');
    case 'list':
      return `${type.min === type.max ? type.min : `${type.min}–${type.max}`} of ${valueText(type.of)}`;
  }
}

const labelText = (labels: readonly LegalLabel[]): string => (labels.length === 0 ? '–' : labels.map(tick).join(', '));
const tick = (text: string): string => `\`${text}\``;
const cell = (text: string): string => text.replaceAll('|', '\\|');
function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`);
}
