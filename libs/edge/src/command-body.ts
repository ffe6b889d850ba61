import type { PipeTransform, Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validateSync, ValidationTypes, type ValidationError } from 'class-validator';
import { parseStrictJson, Problem, type Json, type JsonLimits } from '#kernel';

/** Limits of a command's JSON, where the pipe is given none. */
export const COMMAND_LIMITS: JsonLimits = { bytes: 1_048_576, depth: 20, keys: 200, items: 10_000 };

/** Strictly parsed JSON of a body. @throws Problem with the parser's own code. */
export function strictJson(body: unknown, limits: JsonLimits = COMMAND_LIMITS): Json {
  if (!Buffer.isBuffer(body)) throw new Problem('json-malformed');
  const parsed = parseStrictJson(body, limits);
  if (!parsed.ok) throw new Problem(parsed.code);
  return parsed.value;
}

/** `@Body(StrictJson())`: the parsed body, for calls whose use case validates it itself. */
export const StrictJson = (limits: JsonLimits = COMMAND_LIMITS): PipeTransform<unknown, Json> => ({
  transform: (body) => strictJson(body, limits),
});

/**
 * `@Body(CommandBody(Draft)) draft: Draft`: strict JSON, then the class's own validators. A property that the class
 * doesn't declare, at any depth, refuses the body. @throws Problem `field-missing`, `field-invalid`, `field-not-allowed`.
 */
export const CommandBody = <T extends object>(
  target: Type<T>,
  limits: JsonLimits = COMMAND_LIMITS,
): PipeTransform<unknown, T> => ({
  transform: (body) => {
    const value = strictJson(body, limits);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Problem('field-invalid');
    return validated(target, value);
  },
});

/**
 * `@Query(CommandQuery(Filter)) filter: Filter`: each parameter once, as text, then the class's validators.
 * @throws Problem `parameter-invalid`, naming it where the class declares it.
 */
export const CommandQuery = <T extends object>(target: Type<T>): PipeTransform<unknown, T> => ({
  transform: (query) => {
    const text = Object.entries(query ?? {});
    if (text.some(([name, value]) => typeof value !== 'string' || name in Object.prototype)) {
      throw new Problem('parameter-invalid');
    }
    try {
      return validated(target, Object.fromEntries(text));
    } catch (error) {
      if (error instanceof Problem && error.field !== undefined)
        throw new Problem('parameter-invalid', { field: error.field });
      throw new Problem('parameter-invalid');
    }
  },
});

function validated<T extends object>(target: Type<T>, value: object): T {
  const instance = plainToInstance(target, value);
  const [first] = validateSync(instance, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    stopAtFirstError: true,
    validationError: { target: false },
  });
  if (first !== undefined) throw problemOf(first);
  const shape = misshapen(instance);
  if (shape !== undefined) throw new Problem('field-invalid', { field: shape });
  return instance;
}

/**
 * Path of the first null, and of the first value that stands where the class declares an object, or a list of them, and isn't
 * one. class-validator looks into a list wherever an object may be, so that it finds no fault in an empty one, and takes a
 * null for nothing.
 */
function misshapen(instance: object): string | undefined {
  const empty = Object.entries(instance).find(([, value]) => value === null);
  if (empty !== undefined) return empty[0];
  const nested = getMetadataStorage()
    .getTargetValidationMetadatas(instance.constructor, '', false, false)
    .filter(({ type }) => type === ValidationTypes.NESTED_VALIDATION);
  for (const { propertyName, each } of nested) {
    const value: unknown = Reflect.get(instance, propertyName);
    if (value === undefined) continue;
    if (each && !Array.isArray(value)) return propertyName;
    const parts: readonly unknown[] = each ? (value as unknown[]) : [value];
    for (const [i, part] of parts.entries()) {
      const path = each ? `${propertyName}.${i}` : propertyName;
      if (typeof part !== 'object' || part === null || Array.isArray(part)) return path;
      const within = misshapen(part);
      if (within !== undefined) return `${path}.${within}`;
    }
  }
  return undefined;
}

/** Names the field as the class declares it; the name of an undeclared one is the sender's and is not repeated. */
function problemOf(error: ValidationError): Problem {
  const path: string[] = [];
  let at = error;
  for (;;) {
    if (at.constraints?.['whitelistValidation'] !== undefined) {
      return path.length === 0
        ? new Problem('field-not-allowed')
        : new Problem('field-not-allowed', { field: path.join('.') });
    }
    path.push(at.property);
    const [child] = at.children ?? [];
    if (child === undefined) break;
    at = child;
  }
  return new Problem(at.value === undefined ? 'field-missing' : 'field-invalid', { field: path.join('.') });
}
