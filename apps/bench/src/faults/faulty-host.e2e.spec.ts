import { POLICE } from '../hub/people.ts';
import { cutRecording } from './cut-recording.ts';
import { whyNoFaultyHost } from './faulty-host.ts';
import { powerCuts } from './power-cuts.ts';
import { linesOf, pushStream, recordedHub } from './recorded-hub.ts';
import { throughSpells } from './through-spells.ts';

const quiet = { seed: 7, progress: () => undefined };
const missing = await whyNoFaultyHost();
if (missing !== undefined) process.stderr.write(`skipped: the hub on a faulty host: ${missing}\n`);

(missing === undefined ? describe : describe.skip)('the hub on a faulty host', () => {
  it('keeps through power cuts what it promised', async () => {
    const { sound, lines } = await powerCuts({ ...quiet, cuts: 5, load: { events: 60, questions: 20 } });
    expect({ sound, lines }).toMatchObject({ sound: true });
    expect(lines[0]).toMatch(/^power cuts 5 over 1 recordings of \d+ /);
  }, 300_000);

  it('would be found to lose events if its syncs did nothing', async () => {
    const recorded = await recordedHub('lying');
    try {
      const push = (seed: string): Promise<void> =>
        pushStream(recorded.hub.as(POLICE, 'publisher'), linesOf(seed, 20), recorded.promised);
      await push('honest');
      recorded.host.set({ syncs: 'lying' });
      await push('lying');
      await recorded.hub.stop();
      // the worst disk there can be: of what was not synced it has nothing
      const worst = { moments: [recorded.host.trace().length - 1], random: () => 0, wholeHubEvery: Infinity };
      const { broken } = await cutRecording(recorded, worst);
      expect(broken).toEqual([expect.stringContaining(' 20 acknowledged events lost')]);
    } finally {
      await recorded.remove();
    }
  }, 300_000);

  it('refuses what it cannot keep, says so, goes on by itself, and bears a clock that steps', async () => {
    const spells = [
      {
        what: 'syncs fail',
        faults: { syncs: 'failing' },
        ms: 700,
        killed: true,
        missing: ['store'],
        allowed: [503, 0],
      },
      { what: 'no room', faults: { room: 0, only: 'access.db' }, ms: 700, missing: ['audit'], allowed: [503] },
      { what: 'an hour back', faults: { clock: -3_600_000 }, ms: 700, missing: [], allowed: [401] },
    ] as const;
    const wanted = { ...quiet, name: 'faulty host', spells, count: spells.length, cutsEach: 1 };
    const { sound, lines } = await throughSpells(wanted);
    expect({ sound, lines }).toMatchObject({ sound: true });
  }, 300_000);
});
