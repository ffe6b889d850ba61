import { eventStoreDbKills } from './eventstoredb-kills.ts';

describe('two writers of one stream, and its server, killed', () => {
  it('hold what was acknowledged, once', async () => {
    const report = await eventStoreDbKills({ kills: 4, seed: 7, progress: () => undefined });
    expect(report).toMatchObject({ sound: true });
  }, 180_000);
});
