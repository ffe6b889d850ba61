import { readFileSync } from 'node:fs';

/** Version of the package, and the digest of what was built (`infra/run.mjs` writes it), or that it runs from sources. */
function buildId(): string {
  try {
    const { version, digest } = JSON.parse(readFileSync(new URL('../../../build.json', import.meta.url), 'utf8')) as {
      version: string;
      digest: string;
    };
    return `svd-hub ${version} ${digest}`;
  } catch {
    return 'svd-hub from sources';
  }
}

/** Written into each access record, so that an answer can be traced to the code that gave it. */
export const BUILD = buildId();
