import type { AgencyId } from '#kernel';
import type { Role } from '#contracts';
import type { Answer, Hub } from '#transport';

/** Signs a person of an agency in, and gives the hub as that person meets it. */
export type SignIn = (agency: AgencyId, role: Role) => Hub;

/** @throws Error naming the call, the status and the problem's code, unless the status is one of those wanted. */
export function expectStatus(call: string, answer: Answer, ...wanted: readonly number[]): Answer {
  if (wanted.includes(answer.status)) return answer;
  const said = ['type', 'field'].map((name) => member(answer.body, name)).filter((part) => typeof part === 'string');
  throw new Error([call, answer.status, ...said].join(' '));
}

/** A member of what may be an object. */
export const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
/** The items of a list answer: an array, or an object that holds one under `name`. */
export function items(body: unknown, name: string): readonly unknown[] {
  const found = Array.isArray(body) ? body : member(body, name);
  return Array.isArray(found) ? found : [];
}
