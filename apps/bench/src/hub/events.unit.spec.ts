import { CodeLists, parseCodesPack, readEvent } from '#contracts';
import { systemClock, type AgencyId } from '#kernel';
import { blocksOf, eventLines, idOfLine, type EventKind } from './events.ts';
import { codesPack } from './packs.ts';
import { POLICE } from './people.ts';

const pack = parseCodesPack(Buffer.from(JSON.stringify(codesPack())));
if ('problem' in pack) throw pack.problem;
const context = { agency: POLICE as AgencyId, codes: new CodeLists(pack), now: systemClock.now() };

describe('the events of the bench', () => {
  it.each<EventKind>(['incident', 'profile', 'full-incident'])('are valid and canonical: %s', (kind) => {
    const lines = eventLines(kind, 'a seed');
    for (let n = 0; n < 1_100; n++) {
      const bytes = Buffer.from(lines(n));
      const reading = readEvent(bytes, context);
      if (reading.outcome !== 'event') throw new Error(JSON.stringify(reading));
      expect(Buffer.compare(reading.event.canonical, bytes)).toBe(0);
      expect(reading.event.id).toBe(idOfLine(kind, 'a seed', n));
    }
  });

  it('are the same for the same seed, and others for another', () => {
    const ids = (seed: string): string[] => Array.from({ length: 500 }, (_, n) => idOfLine('incident', seed, n));
    expect(eventLines('incident', 'a')(7)).toBe(eventLines('incident', 'a')(7));
    expect(new Set([...ids('a'), ...ids('b')]).size).toBe(1_000);
  });

  it('are cut into blocks without loss', () => {
    const lines = eventLines('profile', 'a');
    const text = Buffer.concat([...blocksOf(lines, 5, 505)]).toString();
    expect(text).toBe(Array.from({ length: 500 }, (_, i) => lines(i + 5) + '\n').join(''));
  });
});
