import { statfsSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os';

export interface Machine {
  readonly cores: number;
  readonly processor: string;
  readonly memoryMiB: number;
  readonly node: string;
  readonly platform: string;
  readonly directory: string;
  /** Type of its file system, `f_type` of statfs in hexadecimal. */
  readonly fileSystem: string;
  /** Processes that wanted a core over the last minute, before anything was measured. */
  readonly load: number;
}

const FILE_SYSTEMS: Readonly<Record<string, string>> = {
  ef53: 'ext4',
  '58465342': 'xfs',
  '9123683e': 'btrfs',
  '1021994': 'tmpfs',
  '794c7630': 'overlay',
};

/** Where the figures were measured: without it they say nothing. */
export function machine(): Machine {
  const type = statfsSync(tmpdir()).type.toString(16);
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? 'unknown',
    memoryMiB: Math.round(totalmem() / 1_048_576),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    directory: tmpdir(),
    fileSystem: FILE_SYSTEMS[type] ?? type,
    load: Number((loadavg()[0] ?? 0).toFixed(2)),
  };
}
