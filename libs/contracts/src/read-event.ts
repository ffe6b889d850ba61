import {
  canonicalJson,
  EVENT_LIMITS,
  londonHour,
  millis,
  parseStrictJson,
  sha256,
  type AgencyId,
  type EventType,
  type Instant,
  type Json,
  type JsonFault,
  type Sha256,
} from '#kernel';
import type { CodeLists } from './code-lists.ts';
import { type Envelope, type EnvelopeFault, isEventId, readEnvelope, sourceFault } from './envelope.ts';
import type { Corrects, FaultCode, Way } from './fields.ts';
import { type DataReader, readerOf } from './data-reader.ts';
import type { EventData, EventDefinition, EventTypeName } from './registry.ts';

/** An event as sent, found fit to be stored. `canonical` is the RFC 8785 form, `digest` its SHA-256. */
export interface PublishedEvent<T extends EventTypeName = EventTypeName> {
  readonly type: EventType;
  readonly way: Way;
  readonly source: string;
  readonly id: string;
  readonly basis: Envelope['basis'];
  readonly schemaversion: string;
  readonly corrects?: Corrects;
  /** May be the very bytes that were passed in: the caller must not write to them afterwards. */
  readonly canonical: Uint8Array;
  readonly digest: Sha256;
  readonly data: EventData[T];
}
/** Narrows `data` to one type. */
export const isEventOf = <T extends EventTypeName>(event: PublishedEvent, type: T): event is PublishedEvent<T> =>
  event.type === (type as string);

/** Stable; documented in `docs/reference/problems.md`. */
export type RejectCode =
  | JsonFault
  | EnvelopeFault['code']
  | FaultCode
  | 'type-unregistered'
  | 'source-not-yours'
  | 'basis-mismatch'
  | 'consent-missing';

export type EventReading =
  | { readonly outcome: 'event'; readonly event: PublishedEvent }
  /** Well-formed, but a code that no adopted list holds. */
  | {
      readonly outcome: 'hold';
      readonly event: PublishedEvent;
      readonly field: string;
      readonly reason: 'code-unmapped';
    }
  /** `field` is a path by definition names; `id` is there only when it has the form of an id. Never a value. */
  | { readonly outcome: 'reject'; readonly code: RejectCode; readonly field?: string; readonly id?: string };

export interface ReadingContext {
  /** The bearer's agency: the only one under whose name it may publish. */
  readonly agency: AgencyId;
  readonly codes: CodeLists;
  /** What is claimed of a time that begins later is refused, but for a planned type. */
  readonly now: Instant;
}

/**
 * Reads one event from hostile bytes. Checks, in order: JSON, envelope, type, source, basis, schema of `data`, what the
 * schema cannot say, times that lie ahead among it, codes. Nothing is dropped, renamed or rounded; nothing of the input is echoed.
 */
export function readEvent(bytes: Uint8Array | string, context: ReadingContext): EventReading {
  const parsed = parseStrictJson(bytes);
  if (!parsed.ok) return { outcome: 'reject', code: parsed.code };
  return read(parsed.value, context, parsed.canonical ? bytes : undefined);
}

/** The same for an item of a batch that was parsed strictly as a whole; `value` must come from `parseStrictJson`. */
export const readEventValue = (value: Json, context: ReadingContext): EventReading => read(value, context, undefined);

function read(value: Json, context: ReadingContext, asSent: Uint8Array | string | undefined): EventReading {
  const read = readEnvelope(value);
  if (!read.ok) return reject(idOf(value), read.fault.code, read.fault.field);
  const { envelope } = read;
  const { id } = envelope;
  const reader = readerOf(envelope.type);
  if (reader === undefined) return reject(id, 'type-unregistered', 'type');
  const { definition } = reader;
  const fault = attributeFault(envelope, definition, context) ?? dataFault(envelope, reader, context);
  if (fault !== undefined) return reject(id, fault.code, fault.field);
  // consent is not recorded yet: without one that covers it, nothing about a person is taken in
  if (definition.way === 'C') return reject(id, 'consent-missing', 'consentref');

  const canonical = canonicalBytes(value, asSent);
  if (canonical.byteLength > EVENT_LIMITS.bytes) return reject(id, 'json-too-large', undefined);
  const data = envelope.data as unknown as EventData[EventTypeName];
  const event: PublishedEvent = {
    type: definition.type,
    way: definition.way,
    source: envelope.source,
    id,
    basis: envelope.basis,
    schemaversion: envelope.schemaversion,
    ...(data.corrects === undefined ? {} : { corrects: data.corrects }),
    canonical,
    digest: sha256(canonical),
    data,
  };
  const field = reader.unmapped(envelope.data, context.codes);
  return field === undefined ? { outcome: 'event', event } : { outcome: 'hold', event, field, reason: 'code-unmapped' };
}

interface Rejection {
  readonly code: RejectCode;
  readonly field: string;
}

/** The attributes beside the type that it is sent under. */
function attributeFault(
  { source, basis, time, consentref }: Envelope,
  definition: EventDefinition,
  { agency, now }: ReadingContext,
): Rejection | undefined {
  const foreign = sourceFault(source, agency);
  if (foreign !== undefined) return { code: foreign, field: 'source' };
  if (basis !== definition.basis) return { code: 'basis-mismatch', field: 'basis' };
  if (definition.way !== 'C') {
    if (time !== undefined) return { code: 'attribute-unknown', field: 'time' };
    return consentref === undefined ? undefined : { code: 'attribute-unknown', field: 'consentref' };
  }
  const untimely = time !== undefined && definition.planned !== true && !isPast(time, now);
  return untimely ? { code: 'time-invalid', field: 'time' } : undefined;
}

function dataFault({ id, data }: Envelope, reader: DataReader, { now }: ReadingContext): Rejection | undefined {
  const fault = reader.check(data, londonHour(now));
  if (fault !== undefined) return fault;
  const itself = (data.corrects as Corrects | undefined)?.id === id;
  return itself ? { code: 'field-invalid', field: 'data.corrects.id' } : undefined;
}

const isPast = (time: string, now: Instant): boolean => time >= '1990' && millis(time as Instant) <= millis(now);

function canonicalBytes(value: Json, asSent: Uint8Array | string | undefined): Uint8Array {
  return asSent === undefined || typeof asSent === 'string' ? Buffer.from(asSent ?? canonicalJson(value)) : asSent;
}

function idOf(value: Json): string | undefined {
  const id =
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as { readonly id?: Json }).id
      : undefined;
  return isEventId(id) ? id : undefined;
}

const reject = (id: string | undefined, code: RejectCode, field: string | undefined): EventReading => ({
  outcome: 'reject',
  code,
  ...(field === undefined ? {} : { field }),
  ...(id === undefined ? {} : { id }),
});
