import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';

/** Injection token of the {@link Registry} to which the hub adds metrics of its own. */
export const METRICS = Symbol('Metrics');

/** Counts by operation, never by agency, person or subject. */
export interface EdgeMetrics {
  readonly registry: Registry;
  observe(operation: string, status: number, seconds: number): void;
  unauthenticated(operation: string): void;
}

export function edgeMetrics(): EdgeMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: 'svd_http_requests_total',
    help: 'Requests answered, by operation and status.',
    labelNames: ['operation', 'status'] as const,
    registers: [registry],
  });
  const seconds = new Histogram({
    name: 'svd_http_request_seconds',
    help: 'Seconds from the first byte of a request to the last of its answer.',
    labelNames: ['operation'] as const,
    buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1, 5, 60, 3_600],
    registers: [registry],
  });
  const refused = new Counter({
    name: 'svd_http_unauthenticated_total',
    help: 'Requests refused for want of a valid token.',
    labelNames: ['operation'] as const,
    registers: [registry],
  });
  return {
    registry,
    observe: (operation, status, took) => {
      requests.inc({ operation, status: String(status) });
      seconds.observe({ operation }, took);
    },
    unauthenticated: (operation) => refused.inc({ operation }),
  };
}
