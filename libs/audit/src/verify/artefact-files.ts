import { hash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Findings } from './findings.ts';

const FOLDER = /^[0-9a-f]{2}$/;
const FILE = /^[0-9a-f]{62}$/;

/**
 * Every artefact is what its name, `ab/cdef…`, is the SHA-256 of, and each that a fact names is there.
 * @param named digests, each with the position of a fact that names it
 */
export function checkArtefacts(directory: string, named: ReadonlyMap<string, number>, findings: Findings): void {
  for (const folder of namesIn(directory).filter((name) => FOLDER.test(name))) {
    for (const file of namesIn(join(directory, folder)).filter((name) => FILE.test(name))) {
      const path = join(directory, folder, file);
      const isIt = statSync(path).isFile() && hash('sha256', readFileSync(path), 'hex') === folder + file;
      if (!isIt) findings.add({ of: 'artefacts', code: 'artefact-changed', what: folder + file });
    }
  }
  for (const [digest, index] of named)
    if (!existsSync(join(directory, digest.slice(0, 2), digest.slice(2))))
      findings.add({ of: 'artefacts', code: 'artefact-missing', index, what: digest });
}

function namesIn(directory: string): readonly string[] {
  return existsSync(directory) && statSync(directory).isDirectory() ? readdirSync(directory).sort() : [];
}
