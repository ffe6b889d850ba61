import { isNativeError } from 'node:util/types';
import { pino, type DestinationStream, type Logger } from 'pino';

/** One line a request, and nothing else of it: an allow-list, so that no identifier and no agency's volume is logged. */
export interface RequestLine {
  readonly method: string;
  readonly operation: string;
  readonly status: number;
  readonly ms: number;
  readonly correlationId: string;
}
export interface EdgeLog {
  request(line: RequestLine): void;
  /** A fault of ours: its class, code and stack frames; never its message, which may hold what was sent. */
  fault(correlationId: string, operation: string, error: unknown): void;
}

/** Structured log (JSON lines) on `destination`, standard output when absent. */
export function edgeLog(level: string, destination?: DestinationStream): EdgeLog {
  const options = { level, base: null, timestamp: () => `,"time":"${new Date().toISOString()}"` };
  const logger: Logger = destination === undefined ? pino(options) : pino(options, destination);
  return {
    request: ({ method, operation, status, ms, correlationId }) =>
      logger.info({ method, operation, status, ms: Math.round(ms * 10) / 10, correlationId }, 'request'),
    fault: (correlationId, operation, error) => logger.error({ correlationId, operation, ...shapeOf(error) }, 'fault'),
  };
}

function shapeOf(error: unknown): {
  readonly error: string;
  readonly code?: string;
  readonly frames: readonly string[];
} {
  if (!isNativeError(error)) return { error: typeof error, frames: [] };
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  const frames = (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at .+:\d+:\d+\)?$/.test(line))
    .map((line) => line.trim())
    .slice(0, 12);
  return { error: error.name, ...code, frames };
}
