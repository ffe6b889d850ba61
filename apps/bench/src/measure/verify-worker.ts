import { verifyDirectory, type Verdict } from '#audit/verify';
import { residentMemory } from '../hub/child-hub.ts';
import { hashBaseline } from '../raw/hash-baseline.ts';
import type { VerifyAnswer, VerifyStart } from './verify-process.ts';

const { kind, directory, checkpoints, hubKey } = JSON.parse(process.argv[2] ?? '') as VerifyStart;
const began = performance.now();
const leaves =
  kind === 'raw'
    ? hashBaseline(directory)
    : soundLeaves(verifyDirectory(directory, { checkpoints, hubKey: Buffer.from(hubKey, 'hex') }));
const seconds = (performance.now() - began) / 1_000;
// not what the system calls the most of a process: that begins with its parent's
const mostMiB = (await residentMemory(process.pid))?.most;
process.send?.({ leaves, seconds, ...(mostMiB === undefined ? {} : { mostMiB }) } satisfies VerifyAnswer);

/** @throws Error unless nothing was found and every leaf is vouched for. */
function soundLeaves({ sound, facts, findings }: Verdict): number {
  if (!sound || facts.covered !== facts.size) throw new Error(`not sound: ${JSON.stringify(findings.slice(0, 5))}`);
  return facts.size;
}
