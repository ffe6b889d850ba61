import { spawn } from 'node:child_process';
import { hash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { canonicalJson } from '#kernel';
import { analysts, countyHub, incident, police, publishAll } from '../../hub/src/testing/county.ts';
import { expectStatus } from '../../hub/src/testing/govern.ts';
import { HOST, type HubUnderTest } from '../../hub/src/testing/running-hub.ts';

type Ran = { readonly code: number | null; readonly stdout: string; readonly stderr: string };
interface Told {
  readonly sound: boolean;
  readonly source: string;
  readonly facts: { readonly size: number; readonly covered: number };
  readonly access: { readonly size: number; readonly covered: number };
  readonly findings: readonly { readonly of: string; readonly code: string; readonly index?: number }[];
  readonly notes: readonly string[];
  readonly problem?: { readonly code: string; readonly field?: string };
}
interface Receipt {
  readonly position: string;
  readonly proof?: Readonly<Record<string, unknown>>;
}

function ended(command: string, args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  const child = spawn(command, args, { env: { PATH: process.env['PATH'] ?? '', ...env } });
  const ran = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (ran.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (ran.stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...ran }));
  });
}

const openssl = await ended('openssl', ['version']).then(
  ({ stdout }) => /^OpenSSL [3-9]\./.test(stdout),
  () => false,
);
if (!openssl) process.stderr.write('skipped: no OpenSSL 3 on the PATH (apt-get install openssl)\n');

describe('the auditor', () => {
  let hub: HubUnderTest;
  let folder: string;
  const at = (name: string): string => join(folder, name);
  const outside = (): string => join(hub.directory, 'outside');
  const asAuditor = (): Record<string, string> => ({
    HUB_URL: hub.url,
    HUB_CLIENT_ID: hub.as(HOST, 'auditor').clientId,
    HUB_CLIENT_SECRET_FILE: at('secret'),
  });
  function auditor(args: readonly string[], environment: Record<string, string> = {}): Promise<Ran> {
    const program = join(import.meta.dirname, 'main.ts');
    const node = ['--conditions=development', '--disable-warning=ExperimentalWarning', program];
    return ended(process.execPath, [...node, ...args], environment);
  }
  /** With `--json`: its exit code, and what it told. */
  async function told(args: readonly string[], environment?: Record<string, string>): Promise<[number | null, Told]> {
    const { code, stdout, stderr } = await auditor([...args, '--json', '--quiet'], environment);
    if (!stdout.startsWith('{')) throw new Error(`no JSON: ${code} ${stdout} ${stderr}`);
    return [code, JSON.parse(stdout) as Told];
  }
  const codes = ({ findings }: Told): string[] => findings.map(({ of, code }) => `${of} ${code}`);
  async function settled(): Promise<void> {
    const { ports } = hub.running;
    await ports.trees.covered('facts', Number(await ports.log.head()) + 1, 20_000);
    await ports.trees.covered('access', Number(ports.access.head()) + 1, 20_000);
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'svd-auditor-'));
    hub = await countyHub();
    writeFileSync(at('secret'), `${hub.as(HOST, 'auditor').secret}\n`, { mode: 0o600 });
    await publishAll(
      hub,
      Array.from({ length: 300 }, () => incident()),
    );
    await hub.as(analysts.agency, 'analyst').call('GET', '/v1/releases?purpose=sv-strategy');
    await hub.as(HOST, 'auditor').call('GET', '/v1/audit/entries');
    await settled();
    cpSync(join(hub.directory, 'log.vkey'), at('log.vkey'));
    // in a process of its own: to close a file gives up all locks that the process holds on it, the hub's too
    const copy = 'fs.cpSync(process.argv[1], process.argv[2], { recursive: true })';
    expect(await ended(process.execPath, ['-e', copy, hub.directory, at('earlier')])).toMatchObject({ code: 0 });
    const { anchorAccessLog } = await import('#hub');
    await anchorAccessLog(hub.running.ports);
    await publishAll(hub, [incident(), incident()]);
    await settled();
  }, 120_000);
  afterAll(async () => {
    await hub.close();
    rmSync(folder, { recursive: true });
  });

  it('finds a running hub sound, keeps what it saw, and finds that it only grew', async () => {
    const state = ['--state', at('hub.state')];
    const [first, once] = await told(['verify', ...state], asAuditor());
    expect([first, once.sound, once.source, codes(once)]).toEqual([0, true, 'hub', []]);
    expect(once.notes).toEqual(['key-from-hub', 'no-earlier-checkpoint']);
    expect(once.facts.size).toBeGreaterThan(300);
    expect(once.facts.covered).toBe(once.facts.size);
    expect(statSync(at('hub.state')).mode & 0o077).toBe(0);
    await publishAll(hub, [incident(), incident(), incident()]);
    await settled();
    const [second, twice] = await told(['verify', ...state, '--keys', at('log.vkey')], asAuditor());
    expect([second, twice.sound, twice.notes]).toEqual([0, true, []]);
    expect(twice.facts.size).toBeGreaterThan(once.facts.size);
    // its own questions are on record
    expect(twice.access.size).toBeGreaterThan(once.access.size);
  });

  it('finds that a hub whose key was kept is now another', async () => {
    const other = readFileSync(at('log.vkey'), 'utf8').replace(/.*\/access.*\n/, '');
    writeFileSync(at('half.vkey'), other);
    const [code, { problem }] = await told(['verify', '--keys', at('half.vkey')], asAuditor());
    expect([code, problem?.code]).toEqual([2, 'keys-malformed']);
    const strangers = { facts: 'x/facts', access: 'x/access' };
    writeFileSync(at('other.vkey'), Object.values(strangers).map(strangerKey).join('\n'));
    const [found, verdict] = await told(['verify', '--keys', at('other.vkey')], asAuditor());
    expect([found, verdict.facts.covered]).toEqual([1, 0]);
    expect(codes(verdict)).toEqual(expect.arrayContaining(['facts checkpoint-unsigned', 'facts uncovered']));
  });

  it('takes a bundle away whole, and verifies it offline; an earlier one than was kept is found', async () => {
    const out = at('hub.bundle');
    const before = await auditor(['bundle', '--out', out], asAuditor());
    expect([before.code, statSync(out).mode & 0o077]).toEqual([0, 0]);
    const [again, { problem }] = await told(['bundle', '--out', out], asAuditor());
    expect([again, problem?.code]).toEqual([2, 'file-exists']);
    const [code, verdict] = await told(['verify', '--bundle', out, '--keys', at('log.vkey')]);
    expect([code, verdict.source, codes(verdict)]).toEqual([0, 'bundle', []]);
    const words = await auditor(['verify', '--bundle', out]);
    expect(words.code).toBe(0);
    expect(words.stdout).toMatch(/^facts: \d+ rows, \d+ covered[\s\S]*proves nothing about who signed[\s\S]*\nsound: /);
    await publishAll(hub, [incident()]);
    await settled();
    await told(['verify', '--state', at('newer.state')], asAuditor());
    const [late, older] = await told(['verify', '--bundle', out, '--state', at('newer.state')]);
    expect(late).toBe(1);
    expect(older.findings).toContainEqual(
      expect.objectContaining({ of: 'facts', code: 'cut-off', index: verdict.facts.size }),
    );
  });

  it('says what is wrong with a bundle, whatever it holds, and repeats nothing of it', async () => {
    const whole = readFileSync(at('hub.bundle'));
    const lines = whole.toString('utf8').split('\n');
    const target = lines.findIndex((line) => line.includes('"index":7,'));
    const changed = lines.with(target, (lines[target] ?? '').replace(/"commitment\\":\\"./, '"commitment\\":\\"x'));
    const secret = 'Jane Citizen 9434765919';
    const cases: [string, string | Uint8Array, string][] = [
      ['cut', whole.subarray(0, whole.length / 2), 'bundle bundle-incomplete'],
      ['changed', changed.join('\n'), 'facts leaf-malformed'],
      ['without a row', lines.toSpliced(target, 1).join('\n'), 'bundle bundle-malformed'],
      ['garbage', Buffer.alloc(70_000, 0xff), 'bundle bundle-malformed'],
      ['compressed', gzipSync(whole), 'bundle bundle-malformed'],
      ['compressed and cut', gzipSync(whole).subarray(0, 999), 'bundle bundle-malformed'],
      ['one long line', 'a'.repeat(9_000_000), 'bundle bundle-malformed'],
      ['deep', `${'['.repeat(900_000)}\n`, 'bundle bundle-malformed'],
      ['with text', `${lines[0] ?? ''}\n{"log":"${secret}","index":"${secret}"}\n`, 'bundle bundle-malformed'],
      ['empty', '', 'bundle bundle-incomplete'],
    ];
    for (const [what, content, expected] of cases) {
      writeFileSync(at('bad.bundle'), content);
      const [code, verdict] = await told(['verify', '--bundle', at('bad.bundle'), '--keys', at('log.vkey')]);
      expect([what, code, codes(verdict)]).toEqual([what, 1, expect.arrayContaining([expected])]);
      expect(JSON.stringify(verdict)).not.toContain(secret);
    }
  });

  it('reads the directory of a running hub without a lock, while it writes, and finds it sound', async () => {
    const args = ['verify', '--directory', hub.directory, '--checkpoints', outside(), '--keys', at('log.vkey')];
    const sizes: number[] = [];
    let writing = true;
    const written = (async () => {
      while (writing) {
        await publishAll(
          hub,
          Array.from({ length: 50 }, () => incident()),
        );
        await hub.as(HOST, 'auditor').call('GET', '/v1/audit/entries?limit=1');
      }
    })();
    const verdicts: [number | null, Told][] = [];
    try {
      for (let time = 0; time < 4; time++) verdicts.push(await told(args));
    } finally {
      writing = false;
    }
    await written;
    for (const [code, verdict] of verdicts) {
      expect([code, verdict.source, codes(verdict), verdict.notes]).toEqual([0, 'directory', [], []]);
      sizes.push(verdict.facts.size);
    }
    expect(sizes[3]).toBeGreaterThan(sizes[0] ?? Infinity);
    await settled();
  });

  it('finds a directory that was rolled back, by what is kept outside; in words, the first index that is gone', async () => {
    const args = ['verify', '--directory', at('earlier'), '--keys', at('log.vkey')];
    const [alone, verdict] = await told(args);
    expect([alone, verdict.sound, verdict.notes]).toEqual([0, true, ['no-earlier-checkpoint']]);
    const { code, stdout } = await auditor([...args, '--checkpoints', outside()]);
    expect(code).toBe(1);
    expect(stdout).toContain(`facts: first bad index ${verdict.facts.size}`);
    expect(stdout).toContain(`access: first bad index ${verdict.access.size}`);
    expect(stdout).toContain('or a backup was put back');
  });

  it('lists who saw what: of a bundle, of a directory and of the hub, the same', async () => {
    const out = at('seen.bundle');
    await auditor(['bundle', '--out', out], asAuditor());
    const asked = ['--consumer', analysts.agency, '--json', '--quiet'];
    const [live, bundle, directory] = [
      await auditor(['who-saw', ...asked], asAuditor()),
      await auditor(['who-saw', '--bundle', out, ...asked]),
      await auditor(['who-saw', '--directory', hub.directory, ...asked]),
    ];
    const numbers = ({ stdout }: Ran): unknown[] =>
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { number: number }).number);
    expect([live.code, bundle.code, directory.code]).toEqual([0, 0, 0]);
    expect(numbers(live).length).toBeGreaterThan(0);
    expect(bundle.stdout.split('\n').map(sorted)).toEqual(live.stdout.split('\n').map(sorted));
    expect(numbers(directory)).toEqual(numbers(live));
    const none = await auditor(['who-saw', '--bundle', out, ...asked, '--to', '2020-01-01T00:00:00Z']);
    expect([none.code, none.stdout]).toEqual([0, '']);
    const words = await auditor(['who-saw', '--bundle', out, '--consumer', analysts.agency]);
    expect(words.stdout).toContain(`${analysts.agency}  `);
    // whose word the list is
    expect(words.stderr).toContain('The public key came with the bundle itself');
    const named = await auditor(['who-saw', '--bundle', out, '--keys', join(hub.directory, 'log.vkey')]);
    expect([named.code, named.stderr]).toEqual([0, '']);
  });

  it('shows what a row commits to, and no payload', async () => {
    const { code, stdout } = await auditor(['inspect', 'facts', '150', '--directory', hub.directory]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^facts 150: in the tree\n/);
    expect(stdout).not.toContain('robbery');
    const [seen, row] = await told(['inspect', 'access', '0', '--directory', hub.directory]);
    expect([seen, row]).toEqual([0, expect.objectContaining({ inTree: true, stream: 'access' })]);
    const [none, { problem }] = await told(['inspect', 'facts', '99999999', '--directory', hub.directory]);
    expect([none, problem?.code]).toEqual([2, 'row-unknown']);
  });

  it.each([
    ['no such option', ['verify', '--everything'], {}, undefined],
    ['no hub', ['verify'], {}, 'setting-missing'],
    ['a hub and a directory', ['verify', '--directory', '/', '--bundle', 'x'], {}, 'option-unused'],
    ['a state of a directory', ['verify', '--directory', '/', '--state', 'x'], {}, 'option-unused'],
    ['no such directory', ['verify', '--directory', '/nowhere'], {}, 'file-unreadable'],
    ['no such bundle', ['verify', '--bundle', '/nowhere'], {}, 'file-unreadable'],
    ['a receipt alone', ['verify', '--receipt', 'x'], {}, 'option-missing'],
    ['a hub that is not there', ['verify'], { HUB_URL: 'http://127.0.0.1:1' }, 'hub-unreachable'],
    ['a client that may not', ['bundle', '--out', 'x'], { HUB_CLIENT_ID: `${HOST}.steward` }, 'hub-refused'],
  ])('says that it could not look: %s', async (_, args, environment, code) => {
    const env = Object.keys(environment).length === 0 ? {} : { ...asAuditor(), ...environment };
    const ran = await auditor([...args, '--json'], env);
    expect([ran.code, ran.stderr === '']).toEqual([2, false]);
    if (code !== undefined) expect(JSON.parse(ran.stdout)).toMatchObject({ sound: false, problem: { code } });
  });

  describe('with a receipt', () => {
    let receipt: Receipt;
    const write = (name: string, value: string): string => {
      writeFileSync(at(name), value);
      return at(name);
    };
    beforeAll(async () => {
      const event = incident();
      const publisher = hub.as(police.agency, 'publisher');
      const headers = { 'content-type': 'application/cloudevents+json' };
      const posted = expectStatus(await publisher.call('POST', '/v1/events', event, headers), 201).json<Receipt>();
      await hub.running.ports.trees.covered('facts', Number(posted.position) + 1, 20_000);
      const answer = expectStatus(await publisher.call('GET', `/v1/receipts/${posted.position}`), 200);
      receipt = answer.json<Receipt>();
      write('receipt.json', answer.text);
      write('event.json', canonicalJson(event));
      write('pretty.json', `${JSON.stringify(event, undefined, 2)}\n`);
    });
    const verify = (receiptFile: string, eventFile: string) =>
      told(['verify', '--receipt', at(receiptFile), '--event', at(eventFile), '--keys', at('log.vkey')]);

    it('finds that it proves its event, in whatever order its members were sent', async () => {
      for (const event of ['event.json', 'pretty.json']) {
        const [code, { sound, notes }] = await verify('receipt.json', event);
        expect([code, sound, notes]).toEqual([0, true, ['receipt-alone']]);
      }
    });

    it('finds that it proves no other event, and nothing where a byte of it was changed', async () => {
      write('other.json', readFileSync(at('event.json'), 'utf8').replace('robbery', 'burglary'));
      expect(codes((await verify('receipt.json', 'other.json'))[1])).toEqual(['receipt leaf-unopened']);
      for (const [proof, expected] of [
        [undefined, 'receipt proof-missing'],
        [null, 'receipt receipt-malformed'],
        [{ ...receipt.proof, hashes: [] }, 'receipt proof-wrong'],
        [{ ...receipt.proof, hashes: [7] }, 'receipt receipt-malformed'],
        [{ ...receipt.proof, checkpoint: '' }, 'receipt checkpoint-unsigned'],
        [{ ...receipt.proof, leaf: '{}' }, 'receipt leaf-malformed'],
      ] as const) {
        write('bent.json', JSON.stringify({ ...receipt, proof }));
        const [code, verdict] = await verify('bent.json', 'event.json');
        expect([code, codes(verdict)]).toEqual([1, expect.arrayContaining([expected])]);
      }
      write('no.json', '{"a":1,"a":2}');
      const [code, { problem }] = await verify('no.json', 'event.json');
      expect([code, problem?.code]).toEqual([2, 'receipt-malformed']);
    });

    (openssl ? describe : describe.skip)('and OpenSSL alone, as the page says', () => {
      const prove = (receiptFile: string, eventFile: string): Promise<Ran> =>
        ended('sh', [at('prove.sh'), at(receiptFile), at(eventFile), at('log.vkey')]);
      const checkpoint = (file: string): Promise<Ran> => ended('sh', [at('checkpoint.sh'), at(file), at('log.vkey')]);
      beforeAll(() => {
        const page = readFileSync('docs/how-to/prove.md', 'utf8');
        const scripts = [...page.matchAll(/^```sh\n(# ([a-z]+\.sh): [\s\S]*?)^```$/gm)];
        expect(scripts.map(([, , name]) => name)).toEqual(['checkpoint.sh', 'prove.sh']);
        for (const [, script = '', name = ''] of scripts) write(name, script);
      });

      it('a checkpoint of either log is signed, and with a changed byte it is not', async () => {
        for (const log of ['facts', 'access']) {
          const note = hub.running.ports.trees.checkpoint(log as 'facts')?.note ?? '';
          write('good.checkpoint', note);
          expect(await checkpoint('good.checkpoint')).toMatchObject({
            code: 0,
            stdout: expect.stringContaining('Verified') as string,
          });
          const [origin = '', size = '', root = ''] = note.split('\n');
          for (const changed of [
            note.replace(`\n${size}\n`, `\n${Number(size) + 1}\n`),
            note.replace(root, `${root.startsWith('A') ? 'B' : 'A'}${root.slice(1)}`),
            note.replace(origin, origin.replace(log, 'other')),
            note.replace(/.{8}\n$/, 'AAAAAAA=\n'),
          ]) {
            write('bad.checkpoint', changed);
            expect((await checkpoint('bad.checkpoint')).code).not.toBe(0);
          }
        }
      });

      it('a receipt proves its event', async () => {
        const ran = await prove('receipt.json', 'event.json');
        expect([ran.code, ran.stdout]).toEqual([
          0,
          expect.stringMatching(`^proven: the event is at position ${receipt.position} of`),
        ]);
      });

      it('nothing is proven where one byte of event, receipt or path was changed', async () => {
        const [text, event] = [readFileSync(at('receipt.json'), 'utf8'), readFileSync(at('event.json'), 'utf8')];
        const proof = receipt.proof as { hashes: string[]; leaf: string; opening: { nonce: string } };
        const bent = (hash: string): string => `${hash.startsWith('A') ? 'B' : 'A'}${hash.slice(1)}`;
        const cases: [string, string, string, string][] = [
          ['the event', text, event.replace('robbery', 'robberz'), 'canonical form'],
          [
            'the event and its digest',
            text.replace(/"digest":"[0-9a-f]{64}"/, `"digest":"${digestOf(event.replace('robbery', 'robberz'))}"`),
            event.replace('robbery', 'robberz'),
            'does not commit',
          ],
          ['the nonce', text.replace(proof.opening.nonce, bent(proof.opening.nonce)), event, 'does not commit'],
          ['the time', text.replace(/(recordedTime\\":\\"20)2/, '$13'), event, 'another root'],
          [
            'the position',
            text.replace(`"position":"${receipt.position}"`, '"position":"0"'),
            event,
            'another position',
          ],
          ...proof.hashes.map((hash): [string, string, string, string] => [
            `hash ${hash}`,
            text.replace(hash, bent(hash)),
            event,
            'another root',
          ]),
          ['a path cut short', text.replace(`"${proof.hashes.at(-1) ?? ''}"`, ''), event, ''],
        ];
        expect(proof.hashes.length).toBeGreaterThan(1);
        for (const [what, receiptText, eventText, why] of cases) {
          write('bent.json', receiptText);
          write('bent-event.json', eventText);
          const ran = await prove('bent.json', 'bent-event.json');
          expect([what, ran.code, ran.stdout]).toEqual([what, 1, '']);
          expect(ran.stderr).toContain(why === '' ? 'not proven' : why);
        }
      });
    });
  });
});

const sorted = (line: string): string => (line === '' ? '' : canonicalJson(JSON.parse(line)));

function strangerKey(name: string): string {
  const typed = Buffer.concat([Buffer.of(1), Buffer.alloc(32, 9)]);
  const id = hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), typed]), 'buffer').subarray(0, 4);
  return `${name}+${id.toString('hex')}+${typed.toString('base64')}`;
}
const digestOf = (text: string): string => hash('sha256', text, 'hex');
