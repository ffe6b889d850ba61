import type { AgencyId } from '#kernel';
import { ReadAgreementText, ReadAgreementTextHandler } from './read-agreement-text.ts';
import {
  ANALYSTS,
  COUNCIL,
  drafting,
  memoryHub,
  POLICE,
  signing,
  someone,
  type MemoryHub,
} from './testing/memory-hub.ts';

describe('the text of an agreement', () => {
  const reading = ({ ports, feed }: MemoryHub, who: ReturnType<typeof someone>, version?: number) =>
    new ReadAgreementTextHandler(ports, feed).execute(new ReadAgreementText(who, 'counts', version));
  const title = async (...asked: Parameters<typeof reading>): Promise<string> => {
    try {
      return (await reading(...asked)).split('\n')[1] ?? '';
    } catch (error) {
      return (error as { code: string }).code;
    }
  };

  it('is there for any role of a party and for auditors, and for nobody else', async () => {
    const hub = await memoryHub();
    expect(await title(hub, someone(POLICE, 'steward'))).toBe('not-found');
    await drafting(hub, 'counts', 'One');
    for (const who of [
      someone(POLICE, 'publisher'),
      someone(ANALYSTS, 'analyst'),
      someone('county-host' as AgencyId, 'auditor'),
    ])
      expect(await title(hub, who)).toBe('«One»');
    expect(await title(hub, someone(COUNCIL, 'steward', 'signatory'))).toBe('not-found');
    expect(await title(hub, someone(POLICE, 'steward'), 2)).toBe('not-found');
    expect(await title(hub, someone(COUNCIL, 'steward'), 1)).toBe('not-found');
  });

  it('is of the newest version, or of an earlier one by its number, also of one that grants nothing any more', async () => {
    const hub = await memoryHub();
    const one = await drafting(hub, 'counts', 'One');
    const two = await drafting(hub, 'counts', 'Two', { id: 'counts', ifMatch: one.digest });
    const who = someone(POLICE, 'steward');
    expect([await title(hub, who), await title(hub, who, 1), await title(hub, who, 2)]).toEqual([
      '«Two»',
      '«One»',
      '«Two»',
    ]);
    await signing(hub, 'counts', two.digest, POLICE);
    await signing(hub, 'counts', two.digest, ANALYSTS);
    await drafting(hub, 'counts', 'Three', { id: 'counts', ifMatch: two.digest });
    expect(await reading(hub, who, 2)).toContain('this version is in force (in-force)');
    expect(await reading(hub, who, 3)).toContain('drafted, and signed by nobody yet (drafted)');
  });

  it('is damaged where its document is gone', async () => {
    const hub = await memoryHub();
    const one = await drafting(hub, 'counts', 'One');
    await drafting(hub, 'counts', 'Two', { id: 'counts', ifMatch: one.digest });
    const { ports, feed } = hub;
    const artefacts = { ...ports.artefacts, get: () => Promise.resolve(undefined) };
    const lost = { feed, ports: Object.assign(Object.create(ports) as typeof ports, { artefacts }) };
    expect(await title(lost, someone(POLICE, 'steward'), 1)).toBe('artefact-damaged');
  });
});
