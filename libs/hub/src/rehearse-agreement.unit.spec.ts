import { openMemoryAccessLog, type AccessLog } from '#audit';
import type { AccessRecord, Principal } from '#contracts';
import { Problem, streamName, type AgencyId } from '#kernel';
import { DraftAgreement, DraftAgreementHandler } from './draft-agreement.ts';
import { isRefused, type Refused } from './disclosed.ts';
import { Disclosing } from './disclosing.ts';
import { ownFact } from './own-facts.ts';
import { RehearseAgreement, RehearseAgreementHandler } from './rehearse-agreement.ts';
import {
  ANALYSTS,
  COUNCIL,
  countAgreement,
  drafting,
  inForce,
  memoryHub,
  POLICE,
  signing,
  someone,
  suspending,
  type MemoryHub,
} from './testing/memory-hub.ts';

const steward = someone(POLICE, 'steward');
const here = new AbortController().signal;
const FROM_2027 = { from: '2027-01-01', to: '2028-12-31' };

const rehearse = (hub: MemoryHub, who: Principal, id = 'counts', gone = here) =>
  new RehearseAgreementHandler(hub.ports, hub.feed).execute(new RehearseAgreement(who, id, { format: 'json', gone }));
function begun(outcome: Disclosing | Refused): AsyncIterator<string> {
  if (isRefused(outcome)) throw new Error(`refused: ${outcome.refused.rule}`);
  return outcome.body[Symbol.asyncIterator]();
}
async function linesOf(outcome: Disclosing | Refused): Promise<readonly string[]> {
  const lines: string[] = [];
  for (let body = begun(outcome), step = await body.next(); step.done !== true; step = await body.next())
    lines.push(step.value);
  return lines;
}
const codeOf = (error: unknown): string => (error instanceof Problem ? error.code : String(error));

/** An access log that keeps records as far as `allowed` says. */
function watchedLog(): { readonly access: AccessLog; readonly records: AccessRecord[]; refuse: boolean } {
  const log = openMemoryAccessLog({ now: () => '2026-11-23T12:00:00.000Z' as never });
  const records: AccessRecord[] = [];
  const watched = {
    records,
    refuse: false,
    access: {
      ...log,
      record: async (record: AccessRecord) => {
        if (watched.refuse) throw new Problem('audit-unavailable');
        records.push(record);
        return log.record(record);
      },
    },
  };
  return watched;
}

describe('a rehearsal', () => {
  it('is on record before it says how far it is, and again before it says what it found', async () => {
    const log = watchedLog();
    const hub = await memoryHub({ access: log.access });
    await drafting(hub, 'counts');
    const body = begun(await rehearse(hub, steward));
    const seen: string[] = [];
    for (let step = await body.next(); step.done !== true; step = await body.next()) {
      const line = JSON.parse(step.value) as Record<string, unknown>;
      seen.push(Object.keys(line).join());
      if ('report' in line) expect(log.records.map(({ kind }) => kind)).toEqual(['consultation', 'disclosure']);
      else {
        expect(log.records.map(({ kind }) => kind)).toEqual(['consultation']);
        expect(Object.keys(line['progress'] as object)).toEqual(['part', 'percent']);
      }
    }
    expect([...new Set(seen)]).toEqual(['progress', 'report']);
  });

  it('does not begin when it can’t be put on record', async () => {
    const log = watchedLog();
    const hub = await memoryHub({ access: log.access });
    await drafting(hub, 'counts');
    log.refuse = true;
    expect(await rehearse(hub, steward).then(() => 'begun', codeOf)).toBe('audit-unavailable');
    log.refuse = false;
    expect((await linesOf(await rehearse(hub, steward))).at(-1)).toContain('report');
  });

  it('ends without a report when it can’t be put on record', async () => {
    const log = watchedLog();
    const hub = await memoryHub({ access: log.access });
    await drafting(hub, 'counts');
    const body = begun(await rehearse(hub, steward));
    expect((await body.next()).value).toContain('progress');
    log.refuse = true;
    const rest: string[] = [];
    const ended = await (async () => {
      for (let step = await body.next(); step.done !== true; step = await body.next()) rest.push(step.value);
      return 'whole';
    })().catch(codeOf);
    expect(ended).toBe('audit-unavailable');
    expect(rest.join('')).not.toContain('report');
  });

  it('is not told to who is no party any more when it is done', async () => {
    const log = watchedLog();
    const hub = await memoryHub({ access: log.access });
    await inForce(hub, 'counts');
    const body = begun(await rehearse(hub, steward));
    await body.next();
    const by = { issuer: 'i', person: 'p', agency: POLICE };
    const left = { agreement: 'counts', agency: POLICE, on: '2026-11-23', reason: 'other', by } as const;
    const fact = ownFact(hub.ports.keys, 'uk.svd.hub.agreement-left.v1', left, POLICE);
    await hub.ports.writer.append([{ stream: streamName('agreement:counts'), fact }]);
    await hub.feed.caughtUp();
    const ended = await (async () => {
      for (let step = await body.next(); step.done !== true; step = await body.next())
        expect(step.value).not.toContain('report');
      return 'whole';
    })().catch(codeOf);
    expect(ended).toBe('not-found');
    expect(log.records.at(-1)).toMatchObject({ kind: 'refused', decision: { rule: 'not-a-party' } });
  });

  it.each([
    ['is not told when what another agreement grants was taken back meanwhile', POLICE, 'policy-stale', 'refused'],
    ['is told all the same when somebody else drafts meanwhile', undefined, 'whole', 'disclosure'],
  ])('%s', async (_, suspendedBy, outcome, kind) => {
    const log = watchedLog();
    const hub = await memoryHub({ access: log.access });
    await inForce(hub, 'others');
    await drafting(hub, 'counts');
    const body = begun(await rehearse(hub, steward));
    const lines = [(await body.next()).value as string];
    await (suspendedBy === undefined ? drafting(hub, 'wishes') : suspending(hub, 'others', suspendedBy));
    const ended = await (async () => {
      for (let step = await body.next(); step.done !== true; step = await body.next()) lines.push(step.value);
      return 'whole';
    })().catch(codeOf);
    expect([ended, log.records.at(-1)?.kind]).toEqual([outcome, kind]);
    expect(lines.some((line) => line.includes('"report"'))).toBe(outcome === 'whole');
  });

  it.each([
    ['says nothing of what others have signed that has yet to begin', COUNCIL, 'newly-disclosed'],
    ['knows what the reader’s own agency has signed', POLICE, undefined],
  ])('%s', async (_, reader, change) => {
    const hub = await memoryHub();
    const wishes = { ...(countAgreement('wishes') as { parties: object[] }), validity: FROM_2027 };
    const parties = [...wishes.parties, { agency: COUNCIL, capacity: 'specified-authority' }];
    const drafter = new DraftAgreementHandler(hub.ports, hub.feed);
    const coming = { ...(countAgreement('coming') as object), validity: FROM_2027 } as never;
    const { digest } = await drafter.execute(new DraftAgreement(steward, coming));
    await signing(hub, 'coming', digest, POLICE);
    await signing(hub, 'coming', digest, ANALYSTS);
    const drafted = someone(COUNCIL, 'steward');
    await drafter.execute(new DraftAgreement(drafted, { ...wishes, parties } as never));
    const report = (await linesOf(await rehearse(hub, someone(reader, 'steward'), 'wishes'))).at(-1) ?? '';
    const { changes } = (JSON.parse(report) as { report: { data: { changes: { changes: string[] }[] } } }).report.data;
    expect(changes.flatMap((one) => one.changes)).toEqual(change === undefined ? [] : [change]);
  });

  it('stops when its reader goes, and leaves room for another', async () => {
    const log = watchedLog();
    const hub = await memoryHub({ access: log.access });
    await drafting(hub, 'counts');
    const gone = new AbortController();
    const handler = new RehearseAgreementHandler(hub.ports, hub.feed);
    const asked = (signal: AbortSignal) =>
      handler.execute(new RehearseAgreement(steward, 'counts', { format: 'json', gone: signal }));
    const body = begun(await asked(gone.signal));
    await body.next();
    const second = begun(await asked(here));
    expect(await second.next().then(() => 'begun', codeOf)).toBe('queue-full');
    gone.abort();
    while ((await body.next()).done !== true);
    expect(log.records.map(({ kind }) => kind)).toEqual(['consultation', 'consultation', 'refused']);
    expect((await linesOf(await asked(here))).at(-1)).toContain('report');
  });

  it('is refused, on record, to strangers without a word and to other roles with their rule', async () => {
    const log = watchedLog();
    const hub = await memoryHub({ access: log.access });
    await drafting(hub, 'counts');
    const told = async (who: Principal, id?: string) => {
      const outcome = await rehearse(hub, who, id);
      return isRefused(outcome) ? [outcome.refused.rule, outcome.refused.conceal] : 'begun';
    };
    expect(await told(someone(COUNCIL, 'steward', 'auditor'))).toEqual(['not-a-party', true]);
    expect(await told(steward, 'no-such-one')).toEqual(['not-a-party', true]);
    expect(await told(someone(ANALYSTS, 'analyst', 'signatory'))).toEqual(['role-not-held', false]);
    expect(log.records.map(({ kind, question }) => [kind, question['agreement']])).toEqual([
      ['refused', 'counts'],
      ['refused', 'unknown'],
      ['refused', 'counts'],
    ]);
  });

  it('of an agreement that has ended there is none, and that is on record', async () => {
    const log = watchedLog();
    const hub = await memoryHub({ access: log.access });
    await inForce(hub, 'counts');
    const by = { issuer: 'i', person: 'p', agency: POLICE };
    const ended = { agreement: 'counts', on: '2027-01-01', reason: 'other', by } as const;
    const fact = ownFact(hub.ports.keys, 'uk.svd.hub.agreement-ended.v1', ended, POLICE);
    await hub.ports.writer.append([{ stream: streamName('agreement:counts'), fact }]);
    await hub.feed.caughtUp();
    expect(await rehearse(hub, steward).catch(codeOf)).toBe('agreement-over');
    expect(log.records.at(-1)).toMatchObject({ kind: 'refused', decision: { rule: 'agreement-over' } });
  });

  it('is not begun of more than it could go through in time', async () => {
    const log = watchedLog();
    const hub = await memoryHub({ access: log.access });
    const text = countAgreement('counts') as { grants: object[] };
    const publishers = Array.from({ length: 400 }, (_, i) => `agency-${i}`);
    const types = Array.from({ length: 60 }, (_, i) => `uk.svd.police.thing-${i}.v1`);
    const grants = text.grants.map((grant) => ({ ...grant, publishers, types }));
    const drafter = new DraftAgreementHandler(hub.ports, hub.feed);
    await drafter.execute(new DraftAgreement(steward, { ...text, grants }));
    expect(await rehearse(hub, steward).catch(codeOf)).toBe('rehearsal-too-large');
    expect(log.records.at(-1)).toMatchObject({ kind: 'refused', decision: { rule: 'rehearsal-too-large' } });
  });

  it('is for the person it was begun for, and no other', async () => {
    const hub = await memoryHub();
    await drafting(hub, 'counts');
    const outcome = await rehearse(hub, steward);
    expect(Disclosing.isFor(outcome, steward)).toBe(true);
    expect(Disclosing.isFor(outcome, { ...steward, agency: 'another' as AgencyId })).toBe(false);
    expect(Disclosing.isFor({ ...outcome }, steward)).toBe(false);
    expect(Disclosing.isFor(Object.create(outcome), steward)).toBe(false);
    const Maker = Disclosing as unknown as new (...given: readonly unknown[]) => unknown;
    expect(() => new Maker(Symbol('disclose'), steward, 'text/plain', [])).toThrow(TypeError);
  });
});
