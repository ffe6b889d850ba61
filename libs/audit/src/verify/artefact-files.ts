import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Findings } from './findings.ts';

const FOLDER = /^[0-9a-f]{2}$/;
const FILE = /^[0-9a-f]{62}$/;

/** Every artefact is what its name, `ab/cdef…`, is the SHA-256 of. Returns how many there are. */
export function checkArtefacts(directory: string, findings: Findings): number {
  let count = 0;
  for (const folder of namesIn(directory).filter((name) => FOLDER.test(name))) {
    for (const file of namesIn(join(directory, folder)).filter((name) => FILE.test(name))) {
      count++;
      const digest = hash('sha256', readFileSync(join(directory, folder, file)), 'hex');
      if (digest !== folder + file) findings.add({ of: 'artefacts', code: 'artefact-changed', what: folder + file });
    }
  }
  return count;
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory).sort();
  } catch {
    return [];
  }
}
