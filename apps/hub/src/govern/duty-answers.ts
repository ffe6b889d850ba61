import {
  DUTY_ANSWERS,
  DUTY_REFUSAL_REASONS,
  DUTY_SECTIONS,
  DUTY_USES,
  ED_DEPARTMENTS,
  EVENT_TYPES,
  RETURN_KINDS,
} from '#contracts';
import { closed, json, listOf, named, text, type Parameter } from '#edge';

const agency = text('Name of the agency.', { pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$', maxLength: 60 });
const day = (description: string) => text(description, { format: 'date' });
const id = text('Of the request.', { pattern: '^[0-9a-f]{32}$' });
const types = listOf({ description: 'Event types.', enum: EVENT_TYPES });
const period = text('A month or a quarter.', { pattern: '^\\d{4}-(0[1-9]|1[0-2]|Q[1-4])$' });

const request = named(
  'DutyRequest',
  closed(
    {
      id,
      under: text('Section of the PCSC Act 2022.', { enum: DUTY_SECTIONS }),
      by: agency,
      to: agency,
      types,
      fields: { ...listOf(text('A field of the types.')), description: 'None: numbers alone.' },
      period: closed({ from: day('What it is about.'), to: day('Inclusive.') }),
      use: text('What it is asked for.', { enum: DUTY_USES }),
      asked: day('When it was asked.'),
      due: day('The last day on which an answer is in time.'),
      status: text('Overdue from the day after it was due; still to be answered.', {
        enum: ['open', 'overdue', 'answered', 'refused', 'withdrawn'],
      }),
      ended: day('When it was answered, refused or withdrawn.'),
      how: text('How it was answered, as the agency asked says.', { enum: DUTY_ANSWERS }),
      reasons: listOf({ description: 'Why it was refused.', enum: DUTY_REFUSAL_REASONS }),
    },
    ['ended', 'how', 'reasons'],
  ),
);
export const DUTY_REQUEST = json(request);
export const DUTY_REQUESTS = json(listOf(request));
export const DUTY_REQUEST_ID: Parameter = { in: 'path', name: 'id', description: 'Of the request.', schema: id };

export const DUTY_RETURNS = json(
  listOf(
    named(
      'DutyReturn',
      closed(
        {
          agreement: text('That names the return.'),
          publisher: agency,
          kind: text('Which clock it runs by.', { enum: RETURN_KINDS }),
          types,
          owner: closed({ role: text('Who sees to it.'), mailbox: text('Where to reach them.') }),
          department: text('Of an emergency department: its type. Only 01 must report.', { enum: ED_DEPARTMENTS }),
          periods: listOf(
            closed({
              period,
              due: day('The last day on which it is in time.'),
              status: text('Met: at least one event claims a time in the period, however late it came.', {
                enum: ['due', 'met', 'nil-return', 'overdue', 'optional'],
              }),
            }),
          ),
        },
        ['department'],
      ),
    ),
  ),
);

export const NIL_RETURN = json(
  named(
    'NilReturn',
    closed({ publisher: agency, feed: text('An event type.'), period, made: day('When it was first recorded.') }),
  ),
);
