import { execFile } from 'node:child_process';
import { closeSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { readTrace, type Entry } from './trace.ts';

const SOURCE = fileURLToPath(
  new URL(
    import.meta.url.endsWith('.ts')
      ? '../../../../infra/faults/faulty-host.c'
      : '../../../../../infra/faults/faulty-host.c',
    import.meta.url,
  ),
);
const NEEDED =
  '#include <dlfcn.h>\n#if !defined(__GLIBC__) || !defined(__linux__) || !defined(__LP64__)\n#error\n#endif\n';
const run = promisify(execFile);

/** What a host does wrong; what is not named it does right. */
export interface Faults {
  readonly syncs?: 'honest' | 'failing' | 'lying';
  /** Syncs that fail or lie before the next is honest again; without end when absent. */
  readonly syncFaults?: number;
  /** Bytes by which files may still grow, all together; without bound when absent. */
  readonly room?: number;
  /** A write of more than 512 bytes does half of it. */
  readonly shortWrites?: boolean;
  /** Milliseconds that the wall clock is ahead. */
  readonly clock?: number;
  /** Only syncs and writes of files whose path below the directory contains this, at most 63 characters. */
  readonly only?: string;
}

/** A host for processes that are started with its environment: it records what they do to their files, and does it wrong as told. */
export interface FaultyHost {
  /** For processes that keep their files in `directory`. */
  environment(directory: string): Readonly<Record<string, string>>;
  /** From now on this and nothing else is wrong. */
  set(faults: Faults): void;
  /**
   * The processes stop before their next change of a file, or have none to make for some time: killed now, they are killed
   * between two entries of the trace. Until {@link set}.
   */
  halt(): Promise<void>;
  /** Syncs, writes and readings of the clock that went wrong so far. */
  faults(): number;
  /** What was recorded so far. */
  trace(): readonly Entry[];
  remove(): Promise<void>;
}

/** Why there is no such host here, and what would make one; undefined where there is. */
export async function whyNoFaultyHost(): Promise<string | undefined> {
  const wanted = 'a faulty host needs 64-bit Linux with glibc and a C compiler';
  if (process.platform !== 'linux') return `${wanted}; this is ${process.platform}`;
  const probe = run('cc', ['-x', 'c', '-fsyntax-only', '-']);
  probe.child.stdin?.on('error', () => undefined).end(NEEDED);
  return probe.then(
    () => undefined,
    () => `${wanted}: on Debian and Ubuntu, apt-get install -y gcc libc6-dev`,
  );
}

const AT = {
  recording: 0,
  syncs: 4,
  syncFaults: 8,
  room: 16,
  shortWrites: 24,
  halt: 28,
  clock: 32,
  faults: 40,
  only: 48,
} as const;
const CONTROL_BYTES = 112;
const SYNCS = ['honest', 'failing', 'lying'];
const ENDLESS = -1n;
const HALTING = 1;
const HALTED = 2;
const HALTS_WITHIN_MS = 1_000;
const LOOK_EVERY_MS = 5;

/** @throws Error when the source does not compile. */
export async function faultyHost(): Promise<FaultyHost> {
  const own = await mkdtemp(join(tmpdir(), 'svd-faulty-host-'));
  const [library, told, written] = ['faulty-host.so', 'control', 'trace'].map((name) => join(own, name)) as [
    string,
    string,
    string,
  ];
  await run('cc', ['-shared', '-fPIC', '-O2', '-o', library, SOURCE, '-ldl', '-lpthread']);
  await writeFile(written, '');
  await writeFile(told, new Uint8Array(CONTROL_BYTES));
  const control = openSync(told, 'r+');
  const set = (faults: Faults): void => {
    // nothing is wrong while what it concerns is changed
    writeSync(control, settings({}), 0, AT.faults, 0);
    writeSync(control, Buffer.from((faults.only ?? '').padEnd(CONTROL_BYTES - AT.only, '\0')), 0, null, AT.only);
    writeSync(control, settings(faults), 0, AT.faults, 0);
  };
  const read = (at: number, length: number): Buffer => {
    const bytes = Buffer.alloc(length);
    readSync(control, bytes, 0, length, at);
    return bytes;
  };
  set({});
  return {
    environment: (directory) => ({
      LD_PRELOAD: library,
      FAULTY_HOST_DIRECTORY: directory,
      FAULTY_HOST_CONTROL: told,
      FAULTY_HOST_TRACE: written,
      // what goes through a ring never comes by
      UV_USE_IO_URING: '0',
    }),
    set,
    halt: async () => {
      writeSync(control, Uint8Array.of(HALTING), 0, 1, AT.halt);
      const until = performance.now() + HALTS_WITHIN_MS;
      while (read(AT.halt, 1)[0] !== HALTED && performance.now() < until) await pause(LOOK_EVERY_MS);
    },
    faults: () => Number(read(AT.faults, 8).readBigUInt64LE()),
    trace: () => readTrace(readFileSync(written)),
    remove: async () => {
      closeSync(control);
      await rm(own, { recursive: true, force: true });
    },
  };
}

/** Everything in front of the count, which is the host's own. */
function settings({ syncs = 'honest', syncFaults, room, shortWrites = false, clock = 0 }: Faults): Buffer {
  const bytes = Buffer.alloc(AT.faults);
  bytes.writeUInt32LE(1, AT.recording);
  bytes.writeUInt32LE(SYNCS.indexOf(syncs), AT.syncs);
  bytes.writeBigInt64LE(syncFaults === undefined ? ENDLESS : BigInt(syncFaults), AT.syncFaults);
  bytes.writeBigInt64LE(room === undefined ? ENDLESS : BigInt(room), AT.room);
  bytes.writeUInt32LE(shortWrites ? 1 : 0, AT.shortWrites);
  bytes.writeBigInt64LE(BigInt(clock) * 1_000_000n, AT.clock);
  return bytes;
}
