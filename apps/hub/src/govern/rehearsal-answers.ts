import { LEGAL_LABELS, PLACE_GRAINS, PURPOSES, TIME_GRAINS, type JsonSchema } from '#contracts';
import { closed, listOf, named, sha256Hex, text, wholeNumber, type Described } from '#edge';
import { CHANGES, LOG_CHANGES } from '#hub';
import { disclosed, shown } from '../ask/answers.ts';
import { GAP } from './answers.ts';

const day = (description: string) => text(description, { format: 'date' });
const agencies = (description: string) => listOf(text(description));
const place = { enum: PLACE_GRAINS, description: 'Finest place.' };
const time = { enum: TIME_GRAINS, description: 'Finest time.' };
const grains = listOf(closed({ place, time }));
const mode = { enum: ['count', 'record', 'subject'] };
const types = listOf(text('Event type.'));
const purposes = listOf({ enum: PURPOSES });

const count = (description: string): JsonSchema => ({ description, allOf: [shown] });

const way = closed(
  {
    gateway: text('The statutory power that it rests on.'),
    openness: { enum: ['protected', 'open'] },
    threshold: wholeNumber('Counts up to it show as `low`.', 7),
    k: wholeNumber('Of records: rows that share each combination.', 10),
    labels: listOf({ enum: LEGAL_LABELS }),
    conditions: listOf(text('`name` or `name:value`.')),
    clause: text('Of this agreement, as `7.2`; absent where another agreement shows it.'),
    blockedBy: closed(
      {
        rule: text('Rule of law that refuses it.'),
        section: text('Of law.'),
        alternatives: listOf(text('Gateway that is left, best first.')),
      },
      ['section'],
    ),
    finest: { ...grains, description: 'Everything coarser is shown too.' },
  },
  ['k', 'clause', 'blockedBy'],
);
const ways: JsonSchema = listOf(named('RehearsedShowing', way));
const reason = (symbol: string, ...reasons: readonly string[]) =>
  closed({ symbol: { const: symbol }, reason: { enum: reasons } });
const behind = closed(
  {
    direction: { enum: ['added', 'removed'] },
    publishers: agencies('Whose rows were counted.'),
    type: text('Event type.'),
    field: text('Absent: rows by place and time alone.'),
    place,
    time,
    release: text('The frozen release that was counted.'),
    counts: {
      oneOf: [
        closed({
          cells: count('Area × time × code, those with rows alone.'),
          asNumber: count('Of them, those that would show as a number.'),
          asLow: count('Of them, those that would show as `low`.'),
          rows: count('Rows behind them.'),
        }),
        reason('x', 'no-release', 'not-counted', 'not-yours'),
        reason('z', 'not-held'),
      ],
    },
    areas: {
      ...listOf(closed({ code: text('Of the area.'), label: text('For people.'), cells: shown })),
      description: 'Where the reader may know them; those with most cells first, at most 50.',
    },
  },
  ['field', 'release', 'areas'],
);
const change = closed({
  consumer: text('Who would ask.'),
  mode,
  publishers: agencies('Whose rows.'),
  types,
  purposes,
  fields: listOf(text('Asked one at a time.')),
  alone: { type: 'boolean', description: 'Rows by place and time alone are among them.' },
  crossed: {
    ...listOf(listOf(text('Asked together.'))),
    description: 'All fields of a grant, where they change together otherwise than each by itself; not counted.',
  },
  changes: {
    ...listOf({ enum: CHANGES }),
    description: 'Empty where only law stands between the draft and what stands now.',
  },
  now: ways,
  then: ways,
  added: { ...grains, description: 'The finest that are shown then and not now.' },
  removed: { ...grains, description: 'The finest that are shown now and not then.' },
  behind: listOf(behind),
});
const logged = closed({
  consumer: text('Who asked.'),
  operation: text('What was called.'),
  purpose: text('As asked.'),
  changes: listOf({ enum: LOG_CHANGES }),
  blocked: { type: 'boolean', description: 'Law refuses what the draft would have answered.' },
  questions: shown,
});
const unused = closed({
  agreement: text('Whose grant.'),
  version: wholeNumber('Of the agreement.', 1),
  clause: text('As `7.2`.'),
  consumer: text('For whom.'),
  publishers: agencies('Whose rows.'),
  types,
  purposes,
  mode,
  since: day('First day of force.'),
});
const report = named(
  'RehearsalReport',
  closed({
    agreement: text('Id.'),
    version: wholeNumber('Of the text that was rehearsed.', 1),
    digest: sha256Hex('Of the text that was rehearsed.'),
    title: text('Of the agreement.'),
    day: day('On which both sets were asked: today, or the draft’s first day where that is ahead.'),
    drafted: { type: 'boolean', description: 'False: every party has signed it.' },
    suspendedBy: agencies('Whose suspension was left out of account on both sides.'),
    questions: wholeNumber(
      'That the grants make possible, of each field, of none and of all together; each was decided under both sets.',
    ),
    changes: listOf(change),
    log: closed({
      changed: { ...listOf(logged), description: 'Of other agencies’ those alone whose count is a number.' },
      aboutPeople: count('The reader’s own that were not decided: consent is not on record.'),
      unreadable: count('The reader’s own of a time when what was asked was not kept.'),
      notTold: agencies('What it asked is not the reader’s to know.'),
    }),
    unused: closed({ days: wholeNumber('Looked back.'), grants: listOf(unused) }),
    signature: closed(
      {
        refused: { type: 'boolean', description: 'It can’t be signed as it is.' },
        because: text('Code of a problem beside the gaps.'),
        gaps: listOf(GAP),
      },
      ['because'],
    ),
  }),
);
const progress = closed({
  progress: closed({
    part: { enum: ['grants', 'log', 'releases'] },
    percent: { type: 'integer', minimum: 0, maximum: 100, description: 'In steps of five.' },
  }),
});

/** Of `agreements.rehearse`. */
export const REHEARSAL: Described = {
  content: {
    'application/x-ndjson': {
      schema: named('RehearsalLine', {
        description: 'How far it is; the last line is the report.',
        oneOf: [progress, closed({ report: disclosed(report) })],
      }),
    },
    'text/plain': { schema: text('For people; lines that begin with `…` say how far it is.') },
  },
};
