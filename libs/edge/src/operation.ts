import { applyDecorators, SetMetadata } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { JsonSchema, Role } from '#contracts';
import { documented } from './operation-docs.ts';
import type { ProblemCode } from './problem-table.ts';
import type { Described } from './schemas.ts';

/**
 * What may be answered. `disclosure`: only what `disclose` built, with an access record; `own`: what belongs to the
 * bearer's agency; `public`: anything that anyone may read; `operations`: no event data.
 */
export type OperationKind = 'disclosure' | 'own' | 'public' | 'operations';

export type MediaType =
  'application/json' | 'application/cloudevents+json' | 'application/cloudevents-batch+json' | 'application/x-ndjson';

/** A parameter that no class declares: of the path, or a header. */
export interface Parameter {
  readonly in: 'path' | 'header';
  readonly name: string;
  readonly description: string;
  readonly schema: JsonSchema;
}

/** What a route declares; without one the application does not start. */
export interface Operation {
  /** Stable and unique, e.g. `releases.table`: the name in access records, metrics, logs and OpenAPI. */
  readonly id: string;
  readonly kind: OperationKind;
  /** Roles of which one must be held; `any`: whoever holds a role at all; `none`: no sign-in (`public`, `operations` only). */
  readonly roles: readonly [Role, ...Role[]] | 'any' | 'none';
  readonly summary: string;
  /** The call must name a purpose; the use case refuses one that doesn't. */
  readonly purpose: boolean;
  /** Media types of the body; `application/json` when absent. */
  readonly accepts?: readonly MediaType[];
  /** Bytes; when absent the limit of the media type. */
  readonly bodyLimit?: number;
  /** Successful answers, for the API's document; 200 when absent. */
  readonly responses?: Readonly<Record<number, string>>;
  /** Parameters in the path and headers, for the API's document; those of the query stand in the query's class. */
  readonly parameters?: readonly Parameter[];
  /** The body by media type, where no class declares it, for the API's document. */
  readonly body?: Described;
  /** Bodies of the successful answers by status, for the API's document; a status without one has no body. */
  readonly answers?: Readonly<Record<number, Described>>;
  /** Problems beyond those that any call can meet, for the API's document. */
  readonly problems?: readonly ProblemCode[];
}

export const OPERATION = 'svd:operation';

/** Declares the operation of a route. @throws TypeError on one that would answer event data without sign-in. */
export function Operation(operation: Operation): MethodDecorator {
  if (!/^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)+$/.test(operation.id))
    throw new TypeError('an operation id is dotted words');
  if (operation.roles === 'none' && operation.kind !== 'public' && operation.kind !== 'operations') {
    throw new TypeError(`${operation.id}: only public and operations calls go without sign-in`);
  }
  return applyDecorators(SetMetadata(OPERATION, operation), RouteConfig({ operation }), ...documented(operation));
}

/** The operation declared on a route's handler. */
export const operationOf = (handler: object): Operation | undefined =>
  Reflect.getMetadata(OPERATION, handler) as Operation | undefined;
