import { suspend } from '#sharing';
import { appendDecided } from './agreement-facts.ts';
import { ReadRegister, ReadRegisterHandler } from './read-register.ts';
import { ANALYSTS, drafting, memoryHub, POLICE, signing, someone } from './testing/memory-hub.ts';

describe('the register of uses', () => {
  it('is made once for a policy, follows every fact that is in force, and says nothing of drafts', async () => {
    const hub = await memoryHub();
    const { ports, feed } = hub;
    const handler = new ReadRegisterHandler(ports, feed);
    const read = (form: 'json' | 'text' = 'json') => handler.execute(new ReadRegister(form));
    const empty = await read();
    expect(await read()).toBe(empty);
    expect(Buffer.from(empty.bytes).toString()).toContain('"agreements":[]');

    const { digest } = await drafting(hub, 'counts', 'One');
    await signing(hub, 'counts', digest, POLICE);
    expect((await read()).digest).toBe(empty.digest);
    await signing(hub, 'counts', digest, ANALYSTS);
    const standing = await read();
    expect(Buffer.from(standing.bytes).toString()).toContain('"status":"in-force"');
    await drafting(hub, 'counts', 'Two', { id: 'counts', ifMatch: digest });
    await drafting(hub, 'other');
    expect((await read()).digest).toBe(standing.digest);

    const guardian = someone(POLICE, 'guardian');
    await appendDecided(ports, feed, 'counts', guardian, (state, policy, at) =>
      suspend(state, guardian, 'concern', policy, at),
    );
    expect(Buffer.from((await read()).bytes).toString()).toContain('"status":"suspended"');
    expect(Buffer.from((await read('text')).bytes).toString()).toContain('suspended: nothing of it is disclosed');
  });
});
