import { Ajv2020, type AnySchemaObject, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { canonicalJson, parseStrictJson, sha256, type JsonLimits, type Sha256 } from '#kernel';

export interface Fault {
  readonly ok: false;
  readonly code: string;
  /** Dotted path as the schema names it; `document` for the whole. Never a name or a value that was sent. */
  readonly field: string;
}
export interface Document<T> {
  readonly ok: true;
  readonly value: T;
  /** RFC 8785 form: the bytes to keep and to sign. */
  readonly canonical: Uint8Array;
  readonly digest: Sha256;
}

/** A real calendar day written `YYYY-MM-DD`. Days compare as text. */
function isDay(text: string): boolean {
  if (!/^[12]\d{3}-\d\d-\d\d$/.test(text)) return false;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

const ajv = new Ajv2020({ strict: true, formats: { date: isDay } });
export const documentSchema = <T>(schema: AnySchemaObject): ValidateFunction<T> => ajv.compile<T>(schema);

/** Reads a document strictly; `invalid` is the code of whatever the schema refuses. */
export function readDocument<T>(
  bytes: Uint8Array,
  limits: JsonLimits,
  fits: ValidateFunction<T>,
  invalid: string,
): Document<T> | Fault {
  const parsed = parseStrictJson(bytes, limits);
  if (!parsed.ok) return { ok: false, code: parsed.code, field: 'document' };
  const value: unknown = parsed.value;
  if (!fits(value)) return { ok: false, code: invalid, field: fieldOf(fits.errors?.[0]) };
  const canonical = parsed.canonical ? bytes : new TextEncoder().encode(canonicalJson(value));
  return { ok: true, value, canonical, digest: sha256(canonical) };
}

function fieldOf(error: ErrorObject | undefined): string {
  if (error === undefined) return 'document';
  const path = error.instancePath.split('/').slice(1);
  const missing: unknown = error.params['missingProperty'];
  if (error.keyword === 'required' && typeof missing === 'string') path.push(missing);
  return path.length === 0 ? 'document' : path.join('.');
}
