import type { Expected } from './ports.ts';

/** Whether a stream whose last revision is `actual` is as the caller expected it. */
export function meets(expected: Expected, actual: number | 'no-stream'): boolean {
  switch (expected) {
    case 'any':
      return true;
    case 'no-stream':
      return actual === 'no-stream';
    case 'stream-exists':
      return actual !== 'no-stream';
    default:
      return actual === expected.revision;
  }
}
