import type { AccessLog } from '#audit';
import type { AccessRecord, KeptAccessRecord, Request } from '#contracts';
import { eventType, instant, position, Problem } from '#kernel';
import { ABOUT_NOBODY, disclose, discloseAudit, type Question } from './disclose.ts';
import { Disclosed, isRefused } from './disclosed.ts';
import { PolicyFeed } from './policy-feed.ts';
import { ANALYSTS, COUNCIL, inForce, memoryHub, someone, type MemoryHub } from './testing/memory-hub.ts';

const analyst = someone(ANALYSTS, 'analyst');
const request: Request = {
  operation: 'releases.table',
  roles: ['analyst'],
  mode: 'count',
  purpose: 'sv-needs-assessment',
  types: [eventType('uk.svd.police.incident-recorded.v1')],
  publishers: 'all',
  fields: ['category'],
  place: 'district',
  time: 'month',
  oldest: '2024-01-01',
  ...ABOUT_NOBODY,
};
const question = (more: Partial<Question<string>> = {}): Question<string> => ({
  requests: [request],
  asked: { rows: 'category' },
  answer: async () => ({ data: 'the answer', withheld: [], release: 'r', asOf: position(41) }),
  ...more,
});

/** An access log whose records become durable when told, or never. */
function slowLog(): { access: AccessLog; records: AccessRecord[]; settle(fault?: Problem): void; waiting(): number } {
  const records: AccessRecord[] = [];
  const waiting: { readonly keep: () => void; readonly fail: (fault: Problem) => void }[] = [];
  return {
    records,
    waiting: () => waiting.length,
    settle: (fault) => {
      for (const { keep, fail } of waiting.splice(0)) {
        if (fault === undefined) keep();
        else fail(fault);
      }
    },
    access: {
      record: (record) =>
        new Promise<KeptAccessRecord>((resolve, reject) => {
          const number = records.push(record) - 1;
          const kept = { ...record, id: `id-${number}`, number, time: instant(0) };
          waiting.push({ keep: () => resolve(kept), fail: reject });
        }),
      entries: async () => [],
      rows: async () => [],
      head: () => 'empty',
      writable: () => true,
      close: async () => undefined,
    },
  };
}
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await settled();
}

describe('disclose', () => {
  const withLog = async (): Promise<{ hub: MemoryHub; log: ReturnType<typeof slowLog> }> => {
    const log = slowLog();
    const hub = await memoryHub({ access: log.access });
    await inForce(hub, 'counts');
    return { hub, log };
  };

  it.each([
    ['an answer', analyst],
    ['a refusal', someone(COUNCIL, 'analyst')],
  ])('hands over %s only once its record is durable', async (_, who) => {
    const { hub, log } = await withLog();
    let handedOver = false;
    const asking = disclose(hub.ports, hub.feed, who, question()).then((outcome) => {
      handedOver = true;
      return outcome;
    });
    await until(() => log.waiting() === 1);
    await settled();
    expect(handedOver).toBe(false);
    log.settle();
    expect(isRefused(await asking)).toBe(who !== analyst);
    expect(log.records).toHaveLength(1);
  });

  it.each([
    ['an answer', analyst],
    ['a refusal', someone(COUNCIL, 'analyst')],
  ])('gives no %s when the record cannot be kept', async (_, who) => {
    const { hub, log } = await withLog();
    const asking = disclose(hub.ports, hub.feed, who, question());
    await until(() => log.waiting() === 1);
    log.settle(new Problem('audit-unavailable'));
    await expect(asking).rejects.toMatchObject({ code: 'audit-unavailable' });
  });

  it('keeps one record a question, of what was asked and never of what was answered', async () => {
    const hub = await memoryHub();
    await inForce(hub, 'counts');
    const answer = await disclose(hub.ports, hub.feed, analyst, question());
    const refusal = await disclose(hub.ports, hub.feed, someone(COUNCIL, 'analyst'), question());
    const noRole = await disclose(hub.ports, hub.feed, someone(ANALYSTS, 'signatory'), question());
    const entries = await hub.ports.access.entries({ limit: 10 });
    const idOf = (outcome: typeof answer) => (isRefused(outcome) ? outcome.disclosureId : outcome.sharing.disclosureId);
    expect(entries.map(({ id }) => id)).toEqual([answer, refusal, noRole].map(idOf));
    expect(entries.map(({ kind }) => kind)).toEqual(['disclosure', 'refused', 'refused']);
    expect(entries.map(({ decision }) => ('rule' in decision ? decision.rule : decision.agreements[0]?.id))).toEqual([
      'counts',
      'not-a-party',
      'role-not-held',
    ]);
    expect(entries[0]).toMatchObject({
      operation: 'releases.table',
      purpose: 'sv-needs-assessment',
      question: { rows: 'category' },
      model: '41',
      release: 'r',
      build: 'test',
      policy: { position: hub.feed.latest.position, digest: hub.feed.latest.digest },
    });
    expect(JSON.stringify(entries)).not.toContain('the answer');
    expect(entries[0]?.resultHmac).toMatch(/^[0-9a-f]{64}$/);
    expect(entries.slice(1).some((entry) => 'resultHmac' in entry)).toBe(false);
  });

  it('keeps no purpose that is none of ours: it could be anything', async () => {
    const hub = await memoryHub();
    await inForce(hub, 'counts');
    const purpose = 'about Ann Other, 943 476 5919';
    const outcome = await disclose(hub.ports, hub.feed, analyst, question({ requests: [{ ...request, purpose }] }));
    expect(outcome).toMatchObject({ refused: { rule: 'purpose-not-granted' } });
    expect(JSON.stringify(outcome)).not.toContain('Ann');
    const entries = await hub.ports.access.entries({ limit: 10 });
    expect(entries).toHaveLength(1);
    expect(JSON.stringify(entries)).not.toContain('Ann');
  });

  it('never looks for an answer that it would refuse', async () => {
    const hub = await memoryHub();
    let looked = 0;
    const answer = async () => ({ data: String(++looked), withheld: [], asOf: 'empty' as const });
    for (const who of [analyst, someone(COUNCIL, 'analyst')])
      expect(isRefused(await disclose(hub.ports, hub.feed, who, question({ answer })))).toBe(true);
    expect(looked).toBe(0);
  });

  it('records nothing and answers nothing while its policy is stale', async () => {
    const hub = await memoryHub();
    await inForce(hub, 'counts');
    const broken = new PolicyFeed({
      artefacts: hub.ports.artefacts,
      log: {
        ...hub.ports.log,
        readOwn: () => {
          throw new Problem('store-unavailable');
        },
      },
    });
    await expect(disclose(hub.ports, broken, analyst, question())).rejects.toMatchObject({ code: 'store-unavailable' });
    expect(hub.ports.access.head()).toBe('empty');
  });

  it('permits an audit question to auditors alone, and records either way', async () => {
    const { ports, feed } = await memoryHub();
    let looked = 0;
    const audit = { operation: 'audit.entries', asked: {}, answer: async () => ++looked };
    expect(await discloseAudit(ports, feed, analyst, audit)).toMatchObject({ refused: { rule: 'role-not-held' } });
    expect(looked).toBe(0);
    const auditor = someone(COUNCIL, 'auditor');
    const answer = await discloseAudit(ports, feed, auditor, audit);
    expect(Disclosed.isFor(answer, auditor)).toBe(true);
    const entries = await ports.access.entries({ limit: 10 });
    expect(entries.map(({ kind }) => kind)).toEqual(['refused', 'consultation']);
  });

  it('answers under the permitted of several requests, and refuses when none is', async () => {
    const hub = await memoryHub();
    await inForce(hub, 'counts');
    const other = { ...request, types: [eventType('uk.svd.police.incident-profiled.v1')] };
    const seen: number[] = [];
    const answer: Question<string>['answer'] = async (views) => {
      seen.push(views.length);
      return { data: '', withheld: [], asOf: 'empty' };
    };
    const some = await disclose(hub.ports, hub.feed, analyst, question({ requests: [other, request], answer }));
    expect([isRefused(some), seen]).toEqual([false, [1]]);
    const none = await disclose(hub.ports, hub.feed, analyst, question({ requests: [other], answer }));
    expect([isRefused(none), seen]).toEqual([true, [1]]);
  });
});
