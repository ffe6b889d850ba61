import type { Json } from '#kernel';
import type { Capacity, PlaceGrain, TimeGrain } from './decision.ts';
import type { LegalLabel } from './legal-labels.ts';
import { type Flat, must, oneOf, pattern, structure, type ValueOf, type ValueType } from './values.ts';

/** Place event, profile event (both anonymised), consented event (`events.md`). */
export type Way = 'P' | 'D' | 'C';
export const WAYS = ['P', 'D', 'C'] as const;

/** Stored with the event, tabulated at this grain or coarser only; a release refuses a finer one. */
export interface Grain {
  readonly place: PlaceGrain;
  readonly time: TimeGrain;
}
export interface UseOptions {
  readonly tabulate?: Grain;
  /** A rule that the type cannot say, for people. */
  readonly note?: string;
  /** Only agencies that take part in one of these capacities are shown it, whatever is agreed. */
  readonly recipients?: readonly Capacity[];
  /** Only a grant that admits this label by name shows it. */
  readonly admittedAs?: LegalLabel;
}
export type Need = 'required' | 'allowed';
/** How one way uses a field. Where it stands: `data`, or on C the `shared` part, a subject's `part`, or either. */
export interface Use<T extends ValueType = ValueType, N extends Need = Need> extends UseOptions {
  readonly need: N;
  readonly type: T;
}
export interface ConsentedUse<
  T extends ValueType = ValueType,
  N extends Need = Need,
  S extends Standing = Standing,
> extends Use<T, N> {
  readonly stands: S;
  /** For `both`: what `shared` may hold, no finer than P. */
  readonly coarse?: ValueType;
}
export type Standing = 'shared' | 'part' | 'both';

/** The one definition of a field. A way that is left out refuses it. */
export interface Field {
  /** For people. */
  readonly label: string;
  readonly description: string;
  /** Of the information as the source holds it, beside those of the type. None: it tells of no person by itself. */
  readonly labels: readonly LegalLabel[];
  readonly P?: Use;
  readonly D?: Use;
  readonly C?: ConsentedUse;
}
export type Fields = Readonly<Record<string, Field>>;

export const required = <const T extends ValueType>(type: T, options: UseOptions = {}): Use<T, 'required'> => ({
  need: 'required',
  type,
  ...options,
});
export const allowed = <const T extends ValueType>(type: T, options: UseOptions = {}): Use<T, 'allowed'> => ({
  need: 'allowed',
  type,
  ...options,
});
/** On C, in `shared`: what P allows, no finer than P. */
export const shared = <const N extends Need, const T extends ValueType>(
  need: N,
  type: T,
  options: UseOptions = {},
): ConsentedUse<T, N, 'shared'> => ({
  need,
  type,
  stands: 'shared',
  ...options,
});
/** On C, in the part of the subject it describes. */
export const part = <const N extends Need, const T extends ValueType>(
  need: N,
  type: T,
  options: UseOptions = {},
): ConsentedUse<T, N, 'part'> => ({
  need,
  type,
  stands: 'part',
  ...options,
});
/** On C, as P allows it in `shared`, and finer in a part. */
export const finerInPart = <const T extends ValueType>(
  coarse: ValueType,
  type: T,
  options: UseOptions = {},
): ConsentedUse<T, 'allowed', 'both'> => ({
  need: 'allowed',
  type,
  coarse,
  stands: 'both',
  ...options,
});

/**
 * Pattern of an event's id: 32 or 64 lower-case hexadecimal digits, or a UUID of lower-case digits. Keeps out a
 * name, a date of birth, and numbers of people and cases of any other shape, as they are used. Does not prove randomness: a
 * native id may have this very form (a Crime ID of data.police.uk does), and any text can be written in hexadecimal digits.
 */
export const EVENT_ID = '(?:[0-9a-f]{32}|[0-9a-f]{64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})';
export const CORRECTION_REASONS = ['reclassified', 'wrong', 'duplicate', 'retracted'] as const;
export const corrects = structure({
  id: must(pattern(EVENT_ID, 'id of the event that this one corrects')),
  reason: must(oneOf(...CORRECTION_REASONS)),
});
export type Corrects = ValueOf<typeof corrects>;

export type FaultCode = 'field-not-allowed' | 'field-missing' | 'field-invalid' | 'time-invalid' | 'too-precise';
/** `field` is a path by definition names below `data`, e.g. `offenceCode.code`. Never a value. */
export interface Fault {
  readonly code: FaultCode;
  readonly field: string;
}
/** What a type cannot say: reads `data` of P and D, `shared` of C, already valid by schema. Pure. */
export type Rule = (
  data: Readonly<Record<string, Json>>,
  given: { readonly way: Way; readonly type: string; readonly domestic: boolean },
) => Fault | undefined;

export interface EventEntry {
  readonly type: string;
  readonly way: Way;
  readonly title: string;
  /**
   * What every part of the event carries beside its fields' own labels, its existence too: of the information as the
   * source holds it. P and D carry what anonymisation at the source leaves of them (`labelsOf`).
   */
  readonly labels: readonly LegalLabel[];
  /** Path below `data` (P, D) or `shared` and the parts (C) of the place and the time that a table counts by. */
  readonly place: readonly string[];
  readonly time: readonly string[];
  /** Its time may lie ahead; that of every other type has begun when the event is read. */
  readonly planned?: true;
}
/** The events of one kind of source: one table of `events.md`. */
export interface EventFamily<F extends Fields = Fields, E extends readonly EventEntry[] = readonly EventEntry[]> {
  readonly sector: string;
  readonly title: string;
  readonly events: E;
  readonly fields: F;
  readonly rule: Rule;
}
export const eventFamily = <const F extends Fields, const E extends readonly EventEntry[]>(
  family: EventFamily<F, E>,
): EventFamily<F, E> => family;

type UseIn<D, W extends Way> = D extends { readonly [K in W]: infer U } ? U : never;
type Typed<U> = U extends { type: infer T } ? ValueOf<T> : never;
type Held<F, W extends Way, S> = keyof {
  [K in keyof F as [UseIn<F[K], W>] extends [never] ? never : UseIn<F[K], W> extends S ? K : never]: true;
};
type Members<F, W extends Way, S, Role extends string = never> = Flat<
  { readonly [K in Exclude<Held<F, W, S & { need: 'required' }>, Role> & keyof F]: Typed<UseIn<F[K], W>> } & {
    readonly [K in Exclude<Held<F, W, S & { need: 'allowed' }>, Role> & keyof F]?: Typed<UseIn<F[K], W>>;
  }
>;
/** `data` of a P or D event. */
export type AnonymisedData<F, W extends 'P' | 'D'> = Flat<Members<F, W, unknown> & { readonly corrects?: Corrects }>;
/** One subject's part: `role` is the table's `subjectRole`. */
export type SubjectPart<F> = Flat<
  { readonly tokens: readonly { readonly scheme: string; readonly version: number; readonly value: string }[] } & {
    readonly role: F extends { subjectRole: { C: { type: infer T } } } ? ValueOf<T> : string;
  } & Members<F, 'C', { stands: 'part' | 'both' }, 'subjectRole'>
>;
/** `data` of a C event. */
export interface ConsentedData<F> {
  readonly shared: Members<F, 'C', { stands: 'shared' }> & Readonly<Record<string, Json>>;
  readonly subjects: readonly SubjectPart<F>[];
  readonly corrects?: Corrects;
}
/** `data` by type name, of every event of a family. */
export type FamilyData<X> = X extends { fields: infer F; events: readonly (infer E)[] }
  ? {
      [T in E as T extends { type: infer N extends string } ? N : never]: T extends { way: infer W }
        ? W extends 'P' | 'D'
          ? AnonymisedData<F, W>
          : ConsentedData<F>
        : never;
    }
  : never;
