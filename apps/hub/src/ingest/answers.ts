import {
  closed,
  instant,
  json,
  LINE_PROBLEM_SCHEMA,
  listOf,
  named,
  position,
  sha256Hex,
  text,
  wholeNumber,
  type Described,
  type Parameter,
} from '#edge';
import { RECEIPT_PROOF } from '../audit/log-answers.ts';

const eventId = text('The `id` of the event.');
const RECEIPT_MEMBERS = {
  source: text('The `source` of the event.'),
  id: eventId,
  position: position('Number of the event in the facts log.'),
  digest: sha256Hex('SHA-256 of the canonical form (RFC 8785) of the event.'),
  recordedTime: instant('When it was made durable.'),
};
const receipt = named('Receipt', closed(RECEIPT_MEMBERS));
const receipts = named('Receipts', listOf(receipt));

const quarantineId = text('Of the held record.', { pattern: '^[0-9a-f]{32}$' });
const held = {
  quarantineId,
  field: text('The field whose code no adopted list maps.'),
  reason: text('A stable word.'),
};

const line = wholeNumber('Of the stream, from 1.', 1);
const word = (...words: readonly string[]) => ({ enum: words });
const streamLine = named('StreamLine', {
  description:
    'What one line came to; the last line of the answer holds the totals, and without it a push is incomplete.',
  oneOf: [
    closed({ line, id: eventId, status: word('accepted', 'repeated'), position: position('As in the receipt.') }),
    closed({ line, id: eventId, status: word('quarantined'), ...held }),
    closed({ line, id: eventId, status: word('rejected'), problem: LINE_PROBLEM_SCHEMA }, ['id']),
    named(
      'StreamTotals',
      closed({
        done: { const: true },
        accepted: wholeNumber('Lines stored now.'),
        repeated: wholeNumber('Lines stored before.'),
        quarantined: wholeNumber('Lines held.'),
        rejected: wholeNumber('Lines of which nothing was stored.'),
      }),
    ),
  ],
});

/** Answers of `POST /v1/events`. */
export const PUBLISHED: Readonly<Record<number, Described>> = {
  200: {
    content: {
      'application/json': { schema: { oneOf: [receipt, receipts] } },
      'application/x-ndjson': { schema: streamLine },
    },
  },
  201: json({ oneOf: [receipt, receipts] }, { location: 'Address of the receipt; not for a batch.' }),
  202: json(named('Held', closed(held))),
};
export const RECEIPT = json(named('ProvenReceipt', closed({ ...RECEIPT_MEMBERS, proof: RECEIPT_PROOF }, ['proof'])));
export const POSITION: Parameter = {
  in: 'path',
  name: 'position',
  description: 'Of the receipt.',
  schema: position('A position.'),
};

export const HELD_RECORDS = json(
  named(
    'HeldRecords',
    closed(
      {
        records: listOf(
          closed({ ...held, heldAt: instant('Since when.'), expiresAt: instant('When it is deleted by itself.') }),
        ),
        next: text('`after` of the next page; absent on the last.'),
      },
      ['next'],
    ),
  ),
);
export const RELEASED = json(
  named('Released', {
    oneOf: [
      closed({ status: word('accepted', 'repeated'), id: eventId, receipt }),
      closed({ status: word('quarantined'), id: eventId, ...held }),
    ],
  }),
);
export const HELD_PARAMETER: Parameter = {
  in: 'path',
  name: 'id',
  description: 'The `quarantineId` of the held record.',
  schema: quarantineId,
};
