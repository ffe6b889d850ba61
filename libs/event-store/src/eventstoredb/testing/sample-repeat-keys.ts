import type { NewFact } from '../../ports.ts';
import { sampleFact } from '../../testing/sample-facts.ts';

/** Makes the repeat key of a sample fact again, of its stored bytes where they tell its form. */
export function sampleRepeatKeyOf({ id, stored }: Pick<NewFact, 'id' | 'stored'>): Uint8Array {
  return sampleFact(id, { form: formOf(stored) ?? 'first' }).repeatKey;
}

function formOf(stored: Uint8Array): string | undefined {
  try {
    const { form } = JSON.parse(Buffer.from(stored).toString('utf8')) as { form?: unknown };
    return typeof form === 'string' ? form : undefined;
  } catch {
    return undefined;
  }
}
