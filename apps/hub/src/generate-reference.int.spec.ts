import { stalePages } from './generate-reference.ts';

describe('reference pages', () => {
  it('say what the code says (npm run gen makes them anew)', async () => expect(await stalePages()).toEqual([]));
});
