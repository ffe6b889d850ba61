import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import { Problem } from '#kernel';
import type { Operation } from './operation.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route declares; put there by `@Operation`. */
    readonly operation?: Operation;
    /** Name of something mounted beside the API (the demo's identity provider), which answers for itself. */
    readonly mounted?: string;
  }
}

/** The operation of the route that a request met; `undefined` where none was met. */
export const operationOfRoute = (request: FastifyRequest): Operation | undefined => configOf(request)?.operation;
export const isMounted = (request: FastifyRequest): boolean => configOf(request)?.mounted !== undefined;
// Fastify makes requests without a route for addresses that its router cannot read
const configOf = (request: FastifyRequest) =>
  (request.routeOptions as FastifyRequest['routeOptions'] | undefined)?.config;

/**
 * Watches every route as it is registered, by whatever means: one without an operation stops the start, and the body
 * limit of its operation becomes the route's. Returns what is needed to answer 405.
 */
export function watchRoutes(instance: FastifyInstance): { methodsAt(path: string): readonly string[] } {
  const routes: { readonly pattern: RegExp; readonly method: string }[] = [];
  instance.addHook('onRoute', (route: RouteOptions) => {
    const { operation, mounted } = route.config ?? {};
    if (mounted !== undefined) return;
    if (operation === undefined) throw new Problem('operation-undeclared', { field: route.url });
    if (operation.bodyLimit !== undefined) route.bodyLimit = operation.bodyLimit;
    for (const method of [route.method].flat()) routes.push({ pattern: patternOf(route.url), method });
  });
  return {
    methodsAt: (path) => [...new Set(routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))],
  };
}

const patternOf = (url: string): RegExp =>
  new RegExp(
    `^${url
      .split('/')
      .map((part) => (part.startsWith(':') ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
      .join('/')}/?$`,
  );
