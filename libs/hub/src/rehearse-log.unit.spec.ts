import type { AccessRecord, KeptAccessRecord, RecordedRequest } from '#contracts';
import { eventType, instant, millis, type Instant, type Json } from '#kernel';
import { Rehearsal } from '#sharing';
import { LogTally } from './rehearse-log.ts';
import {
  drafting,
  inForce,
  memoryHub,
  ANALYSTS,
  COUNCIL,
  countAgreement,
  POLICE,
  someone,
} from './testing/memory-hub.ts';
import { DraftAgreement, DraftAgreementHandler } from './draft-agreement.ts';

const AT = '2026-11-23T12:00:00.000Z' as Instant;
const daysAgo = (days: number): Instant => instant(millis(AT) - days * 86_400_000);
const request: RecordedRequest = {
  operation: 'releases.table',
  roles: ['analyst'],
  mode: 'count',
  purpose: 'sv-needs-assessment',
  types: [eventType('uk.svd.police.incident-recorded.v1')],
  publishers: 'all',
  fields: ['category'],
  place: 'lsoa',
  time: 'month',
  oldest: '2026-01-01',
  justification: false,
  caseReference: false,
};
const { issuer } = someone(ANALYSTS);
const record = (changes: Partial<KeptAccessRecord> = {}): KeptAccessRecord => ({
  id: 'x',
  number: 0,
  time: daysAgo(1),
  operation: 'releases.table',
  kind: 'refused',
  who: { issuer, person: 'ann', agency: ANALYSTS, roles: ['analyst'] },
  purpose: 'sv-needs-assessment',
  question: {},
  requests: [request],
  decision: { kind: 'refuse', rule: 'place-too-fine' },
  policy: { position: 'empty', digest: '0'.repeat(64) as never },
  build: 'test',
  ...changes,
});
const permitted = (clause: string, time: Instant): KeptAccessRecord =>
  record({
    time,
    kind: 'disclosure',
    requests: [{ ...request, place: 'district' }],
    decision: {
      kind: 'permit',
      agreements: [{ id: 'counts', version: 1, gateway: 'anonymous', clauses: [clause] }],
    } satisfies AccessRecord['decision'],
  });

interface Text {
  readonly parties: readonly object[];
  readonly grants: readonly { readonly publishers: readonly string[]; readonly place: string }[];
}
const finer = (text: Text): Text => ({ ...text, grants: text.grants.map((grant) => ({ ...grant, place: 'lsoa' })) });
const wider = (text: Text): Text => ({
  ...text,
  parties: [...text.parties, { agency: COUNCIL, capacity: 'specified-authority' }],
  grants: [...text.grants, ...text.grants.map((grant) => ({ ...grant, id: 'g2', publishers: [COUNCIL] }))],
});

/** Counts by district in force, and a draft of them, by area unless told otherwise; read by the police. */
async function tally(reader = POLICE, edited = finer) {
  const hub = await memoryHub();
  await inForce(hub, 'counts');
  const text = countAgreement('counts') as unknown as Text;
  const { digest } = await drafting(hub, 'counts');
  const edit = { id: 'counts', ifMatch: digest };
  await new DraftAgreementHandler(hub.ports, hub.feed).execute(
    new DraftAgreement(someone(POLICE, 'steward'), edited(text) as unknown as Json, edit),
  );
  const policy = await hub.feed.confirmed();
  const rehearsal = Rehearsal.of(policy, 'counts', AT);
  if (rehearsal === undefined) throw new Error('there is a draft');
  return new LogTally(rehearsal, policy, reader, AT);
}
const LOW = { symbol: 'low', reason: 'small-count' };
const times = (count: number, one: KeptAccessRecord): readonly KeptAccessRecord[] =>
  Array.from({ length: count }, () => one);

describe('the access log in a rehearsal', () => {
  it('is decided again: what would be answered is counted, and shown by the release rule', async () => {
    const log = await tally();
    for (const one of times(9, record())) log.take(one);
    log.take(record({ requests: [{ ...request, fields: ['category', 'weapon'] }] }));
    log.take(record({ purpose: 'sv-strategy', requests: [{ ...request, purpose: 'sv-strategy' }] }));
    log.take(permitted('7.1', daysAgo(1)));
    expect(log.result()).toEqual({
      changed: [
        {
          consumer: ANALYSTS,
          operation: 'releases.table',
          purpose: 'sv-needs-assessment',
          changes: ['answered'],
          blocked: false,
          questions: { value: 10 },
        },
      ],
      aboutPeople: { symbol: 'low', reason: 'small-count' },
      unreadable: { symbol: 'low', reason: 'small-count' },
      notTold: [],
    });
  });

  it.each([
    ['counts apart its own about people and its own too old to be decided', ANALYSTS, [{ value: 10 }, { value: 15 }]],
    ['tells of those of others not even how many', POLICE, [LOW, LOW]],
  ])('%s', async (_, reader, told) => {
    const log = await tally(reader);
    for (const one of times(8, record({ requests: [{ ...request, mode: 'subject' }] }))) log.take(one);
    const { requests: __, ...old } = record();
    for (const one of times(13, old)) log.take(one);
    // nobody's agreement permits an audit, so that none is decided
    for (const one of times(20, { ...old, operation: 'audit.entries', purpose: 'audit' })) log.take(one);
    const { aboutPeople, unreadable, changed } = log.result();
    expect([aboutPeople, unreadable, changed]).toEqual([...told, []]);
  });

  it.each([
    ['leaves out what another agency asked too seldom', POLICE, []],
    ['tells an agency of its own, however few', ANALYSTS, [LOW]],
  ])('%s', async (_, reader, told) => {
    const log = await tally(reader);
    for (const one of times(7, record())) log.take(one);
    expect(log.result().changed.map(({ questions }) => questions)).toEqual(told);
  });

  it('tells nothing of a consumer with whom the reader has signed nothing', async () => {
    const log = await tally(COUNCIL);
    for (const one of times(9, record())) log.take(one);
    expect(log.result()).toMatchObject({ changed: [], notTold: [ANALYSTS] });
  });

  it.each([
    ['to its own steward', ANALYSTS, [['more']]],
    ['to nobody else', POLICE, []],
  ])('tells what a consumer asked of one whom the draft alone names %s', async (_, reader, told) => {
    const log = await tally(reader, wider);
    for (const one of times(9, record({ requests: [{ ...request, place: 'district' }] }))) log.take(one);
    expect(log.result().changed.map(({ changes }) => changes)).toEqual(told);
  });

  it.each([
    ['on which an answer rested', '7.1', 89, []],
    ['on which none did', '7.2', 89, ['counts 1 7.1']],
    ['on which one did long ago', '7.1', 91, ['counts 1 7.1']],
  ])('knows a grant %s', async (_, clause, days, unused) => {
    const log = await tally();
    log.take(permitted(clause, daysAgo(days)));
    expect(log.unused().map(({ agreement, version, clause: one }) => `${agreement} ${version} ${one}`)).toEqual(unused);
    expect((await tally(COUNCIL)).unused()).toEqual([]);
  });
});
