import { isSound, killWhilePushing } from './kill-while-pushing.ts';

describe('a hub that is killed while events are pushed', () => {
  it('holds what it acknowledged, once, and its models equal a rebuild', async () => {
    const report = await killWhilePushing({ kills: 3, seed: 7, progress: () => undefined });
    expect(report).toMatchObject({ kills: 3, nothingDoubled: true, modelsEqualRebuild: true });
    expect(report.present).toBe(report.acknowledged);
    expect(report.midPush).toBeGreaterThan(0);
    expect(isSound(report)).toBe(true);
  }, 120_000);
});
