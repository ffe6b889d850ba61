import { kills } from './faults/kills.ts';
import { questions } from './faults/questions.ts';

const quiet = { seed: 7, progress: () => undefined };
const SOUND = { sound: true };

describe('a hub that is killed', () => {
  it('holds what it acknowledged, once, and its models and trees agree with it', async () => {
    const report = await kills({ kills: 6, ...quiet });
    expect(report).toMatchObject(SOUND);
  }, 600_000);

  it('has the access record of every answer that was received', async () => {
    // more than one life of the hub is asked
    const report = await questions({ questions: 80, ...quiet });
    expect(report).toMatchObject(SOUND);
  }, 600_000);
});
