import { closed, instant, json, listOf, named, text, wholeNumber, type Described, type Parameter } from '#edge';

const NOTE = text('C2SP checkpoint: origin, leaves, root and a signature.');
const plain = (description: string): Described => ({
  content: { 'text/plain': { schema: text(description) } },
});
const octets = (description: string): Described => ({
  content: { 'application/octet-stream': { schema: { description } } },
});
const hash = (description: string) => text(description, { pattern: '^[A-Za-z0-9+/]{43}=$' });
const number = (description: string) => text(description, { pattern: '^(?:0|[1-9][0-9]{0,15})$' });
const LEAF = text('What is hashed: canonical JSON of type, time and commitment.');
const path = listOf(hash('SHA-256, base64.'));

export const LOG_PARAMETER: Parameter = {
  in: 'path',
  name: 'log',
  description: 'Which log.',
  schema: { enum: ['facts', 'access'] },
};
export const TILE_PARAMETER: Parameter = {
  in: 'path',
  name: 'path',
  description:
    'C2SP: level (not for entries), number in groups of three digits as `x001/x234/067`, and `.p/<width>` for a partial one.',
  schema: { type: 'string' },
};

export const CHECKPOINT = plain('C2SP checkpoint: origin, leaves, root and a signature.');
export const VERIFIER_KEY = plain('C2SP verifier key, one line.');
export const TILE = octets('Hashes of 32 bytes, one after the other.');
export const ENTRY_BUNDLE = octets('Leaves, each preceded by its length as two bytes, big-endian.');
export const INCLUSION = json(
  named(
    'InclusionProof',
    closed({
      index: number('Of the leaf.'),
      size: number('Leaves of the tree.'),
      leafHash: hash('SHA-256 of 0x00 and the leaf, base64.'),
      hashes: path,
    }),
  ),
);
export const CONSISTENCY = json(
  named(
    'ConsistencyProof',
    closed({ from: number('Of the older tree.'), to: number('Of the newer tree.'), hashes: path }),
  ),
);

/** Beside a receipt once a checkpoint covers it. */
export const RECEIPT_PROOF = named(
  'ReceiptProof',
  closed({
    log: { const: 'facts' },
    index: number('Of the leaf: the position.'),
    size: number('Leaves of the checkpoint’s tree.'),
    hashes: path,
    checkpoint: NOTE,
    leaf: LEAF,
    opening: closed({
      nonce: text('16 bytes, base64.'),
      stream: text('The logical stream that it was appended to.'),
      metadata: text('Canonical JSON of what the hub keeps beside the event.'),
      type: text('Of the event.'),
    }),
  }),
);
const LOG = { enum: ['facts', 'access'] };
const head = closed({ key: text('C2SP verifier key.'), checkpoint: { anyOf: [NOTE, { type: 'null' }] } });
const opening = closed({
  nonce: text('16 bytes, base64.'),
  source: text('Of what is committed to.'),
  id: text('Of what is committed to.'),
  stream: text('The logical stream.'),
  metadata: text('Canonical JSON.'),
  stored: text('The stored bytes, base64.'),
});
export const BUNDLE: Described = {
  content: {
    'application/x-ndjson': {
      schema: named('BundleLine', {
        description: 'One line of a bundle: its head, checkpoints, leaves of facts, leaves of access records, its end.',
        oneOf: [
          closed({
            bundle: { const: 'svd-hub-audit' },
            v: { const: 1 },
            madeAt: instant('When it was asked for.'),
            logs: closed({ facts: head, access: head }),
          }),
          closed({ log: LOG, checkpoint: NOTE }),
          closed({ log: LOG, index: wholeNumber('Of the leaf.'), leaf: LEAF, opening }, ['opening']),
          closed({ end: { const: true }, facts: wholeNumber('Leaves.'), access: wholeNumber('Leaves.') }),
        ],
      }),
    },
  },
};
