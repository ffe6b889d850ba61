import type { AgencyId } from '#kernel';
import { ReadAuditEntries, ReadAuditEntriesHandler } from './audit-entries.ts';
import { ANALYSTS, memoryHub, POLICE, someone } from './testing/memory-hub.ts';

describe('reading audit entries', () => {
  it('keeps the names it asks for only where they are names of ours, whoever asks', async () => {
    const { ports, feed } = await memoryHub();
    const handler = new ReadAuditEntriesHandler(ports, feed);
    const planted = { consumer: 'john-smith-born-1984' as AgencyId, agreement: 'twelve-high-street', limit: 10 };
    await handler.execute(new ReadAuditEntries(someone(ANALYSTS, 'analyst'), planted));
    await handler.execute(new ReadAuditEntries(someone(ANALYSTS, 'auditor'), planted));
    await handler.execute(new ReadAuditEntries(someone(ANALYSTS, 'auditor'), { consumer: POLICE, limit: 10 }));
    const entries = await ports.access.entries({ limit: 10 });
    expect(entries.map(({ kind, question }) => [kind, question])).toEqual([
      ['refused', { consumer: 'unknown', agreement: 'unknown', limit: '10' }],
      ['consultation', { consumer: 'unknown', agreement: 'unknown', limit: '10' }],
      ['consultation', { consumer: POLICE, limit: '10' }],
    ]);
  });
});
