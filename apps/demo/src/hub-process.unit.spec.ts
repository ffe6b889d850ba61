import { resolve } from 'node:path';
import { checkpointsOf } from './hub-process.ts';

describe('the demo’s hub', () => {
  it.each(['.hub/demo', '.hub/demo/', './.hub/demo//'])('keeps its checkpoints beside %s, never in it', (directory) => {
    expect(checkpointsOf({ directory })).toBe(resolve('.hub/demo-checkpoints'));
  });
});
