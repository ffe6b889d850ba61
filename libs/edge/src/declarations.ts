import type { INestApplicationContext } from '@nestjs/common';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import { Problem } from '#kernel';
import { operationOf, type Operation } from './operation.ts';

/** Metadata keys of Nest 12 (`@nestjs/common/constants`), which it does not export. */
const PATH = 'path';
const ROUTE_ARGUMENTS = '__routeArguments__';
/** Ways for a handler to write to the socket itself, past the fit of its answer. */
const WRITES_ITSELF = ['__sse__', '__renderTemplate__', '__redirect__'] as const;
/** `@Req()`, `@Res()` and `@Next()` as numbered in Nest's RouteParamtypes. */
const RAW_ARGUMENTS = new Set(['0', '1', '2']);

/**
 * Walks every controller. @throws Problem `operation-undeclared` for a route without an operation, `operation-repeated`
 * for two with one id, `raw-reply-forbidden` for a handler that takes the request, the reply or `next`, or writes by
 * itself. `field` names the class and method.
 */
export function assertOperations(app: INestApplicationContext): readonly Operation[] {
  const scanner = new MetadataScanner();
  const found = new Map<string, Operation>();
  for (const module of app.get(ModulesContainer).values()) {
    for (const { metatype } of module.controllers.values()) {
      if (typeof metatype !== 'function') continue;
      for (const name of scanner.getAllMethodNames(metatype.prototype as object)) {
        const handler = (metatype.prototype as Record<string, unknown>)[name];
        if (typeof handler !== 'function' || !Reflect.hasMetadata(PATH, handler)) continue;
        const field = `${metatype.name}.${name}`;
        assertAnswersByValue(metatype, name, handler, field);
        const operation = operationOf(handler);
        if (operation === undefined) throw new Problem('operation-undeclared', { field });
        const other = found.get(operation.id);
        if (other !== undefined && other !== operation) throw new Problem('operation-repeated', { field });
        found.set(operation.id, operation);
      }
    }
  }
  return [...found.values()];
}

function assertAnswersByValue(metatype: object, name: string, handler: object, field: string): void {
  const args = (Reflect.getMetadata(ROUTE_ARGUMENTS, metatype, name) ?? {}) as Record<string, unknown>;
  // the key is `<kind>:<index>`; a custom decorator's kind is not a number
  const raw = Object.keys(args).some((key) => RAW_ARGUMENTS.has(key.split(':')[0] ?? ''));
  if (raw || WRITES_ITSELF.some((key) => Reflect.hasMetadata(key, handler))) {
    throw new Problem('raw-reply-forbidden', { field });
  }
}
