declare const brand: unique symbol;
type Brand<T, B extends string> = T & { readonly [brand]: B };

/** Number of a fact in the facts log: decimal, no padding, 0, 1, 2 … without gaps, the same in every engine (ADR 0001). */
export type Position = Brand<string, 'Position'>;
/** Name of a logical stream; an index derived from the log in every engine. */
export type StreamName = Brand<string, 'StreamName'>;
/** Reverse-DNS, past tense, major version last: `uk.svd.police.incident-recorded.v1`. */
export type EventType = Brand<string, 'EventType'>;
/** Short lower-case name of an enrolled agency, as in the bearer's `agency` claim and in `urn:svd:agency:<id>`. */
export type AgencyId = Brand<string, 'AgencyId'>;
/** 64 lower-case hexadecimal digits. */
export type Sha256 = Brand<string, 'Sha256'>;
/** RFC 3339, UTC, milliseconds: `2026-11-23T09:00:00.000Z`. */
export type Instant = Brand<string, 'Instant'>;

export const streamName = (text: string): StreamName => text as StreamName;
export const eventType = (text: string): EventType => text as EventType;

const AGENCY = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
export const isAgencyId = (text: unknown): text is AgencyId =>
  typeof text === 'string' && text.length <= 60 && AGENCY.test(text);

/** `urn:svd:agency:<agency>`, the only prefix under which that agency may publish. */
export const sourceOf = (agency: AgencyId): string => `urn:svd:agency:${agency}`;
/** The `source` of the hub's own facts. */
export const HUB_SOURCE = 'urn:svd:hub';
