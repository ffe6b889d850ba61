import type { How } from '#edge';
import { Problem, sha256 } from '#kernel';

const KEBAB = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** An agreement's id as the address has it. @throws Problem `not-found` on what can be none. */
export function agreementId(text: string): string {
  if (text.length > 60 || !KEBAB.test(text)) throw new Problem('not-found');
  return text;
}

/** @throws Problem `not-found` on what can be no version. */
export function versionNumber(text: string): number {
  if (!/^[1-9][0-9]{0,8}$/.test(text)) throw new Problem('not-found');
  return Number(text);
}

/** The ETag names the text and all that is answered with it: the same text, suspended, is another answer. */
export const tagged = (answer: { readonly digest: string }): How => ({
  headers: { etag: `"${answer.digest}.${sha256(JSON.stringify(answer)).slice(0, 16)}"` },
});

/** The text that an If-Match speaks of, whatever became of it since; empty where it names none. */
export const digestNamed = (ifMatch: string): string =>
  /^"([0-9a-f]{64})(?:\.[0-9a-f]{16})?"$/.exec(ifMatch)?.[1] ?? '';
