import type { ClockForm } from './clock-time.ts';
import type { CodeListName } from './code-lists.ts';

/**
 * The only kinds of value that a field may hold. None is a free string: an enumeration, a code of an adopted list, a
 * number, a clock time, a place code or a fixed pattern, so that a name has nowhere to hide (`events.md`).
 */
export interface Enumeration<V extends string = string> {
  readonly kind: 'enumeration';
  readonly values: readonly V[];
}
export interface Code {
  readonly kind: 'code';
  readonly list: CodeListName;
}
/** A code with the version of the list it was taken from: `{code, list}`, or `{set, code, list}` where sets are several. */
export interface Coded<S extends string = string> {
  readonly kind: 'coded';
  readonly lists: Readonly<Record<S, CodeListName>>;
}
export interface WholeNumber {
  readonly kind: 'number';
  readonly min: number;
  readonly max: number;
}
export interface FixedPattern {
  readonly kind: 'pattern';
  /** ECMAScript regular expression without anchors. */
  readonly pattern: string;
  /** What it stands for, in words. */
  readonly means: string;
}
export interface ClockTime {
  readonly kind: 'time';
  readonly forms: readonly ClockForm[];
}
export type PlaceForm = 'lsoa' | 'district' | 'delivery-unit' | 'unknown';
export interface PlaceCode {
  readonly kind: 'place';
  readonly forms: readonly PlaceForm[];
}
export interface Member<T extends ValueType = ValueType, N extends boolean = boolean> {
  readonly type: T;
  readonly required: N;
}
export interface Structure<M extends Readonly<Record<string, Member>> = Readonly<Record<string, Member>>> {
  readonly kind: 'object';
  readonly members: M;
}
export interface Several<T extends ValueType = ValueType> {
  readonly kind: 'list';
  readonly of: T;
  readonly min: number;
  readonly max: number;
}
export type ValueType =
  | Enumeration
  | Code
  | Coded
  | WholeNumber
  | FixedPattern
  | ClockTime
  | PlaceCode
  | {
      readonly kind: 'object';
      readonly members: Readonly<Record<string, { readonly type: ValueType; readonly required: boolean }>>;
    }
  | { readonly kind: 'list'; readonly of: ValueType; readonly min: number; readonly max: number };

/** What a value of the type is in TypeScript, inferred from the definition. */
export type ValueOf<T> = T extends { kind: 'enumeration'; values: readonly (infer V)[] }
  ? V
  : T extends { kind: 'coded'; lists: Readonly<Record<infer S, CodeListName>> }
    ? [S] extends ['only']
      ? { readonly code: string; readonly list: string }
      : { readonly set: S; readonly code: string; readonly list: string }
    : T extends { kind: 'number' }
      ? number
      : T extends { kind: 'object'; members: infer M }
        ? MembersOf<M>
        : T extends { kind: 'list'; of: infer I }
          ? readonly ValueOf<I>[]
          : string;
type MembersOf<M> = Flat<
  { readonly [K in keyof M as M[K] extends { required: true } ? K : never]: TypeIn<M[K]> } & {
    readonly [K in keyof M as M[K] extends { required: true } ? never : K]?: TypeIn<M[K]>;
  }
>;
type TypeIn<M> = M extends { type: infer T } ? ValueOf<T> : never;
export type Flat<T> = { [K in keyof T]: T[K] };

export const oneOf = <const V extends string>(...values: readonly V[]): Enumeration<V> => ({
  kind: 'enumeration',
  values,
});
export const code = (list: CodeListName): Code => ({ kind: 'code', list });
export const coded = (list: CodeListName): Coded<'only'> => ({ kind: 'coded', lists: { only: list } });
export const codedOf = <const S extends string>(lists: Readonly<Record<S, CodeListName>>): Coded<S> => ({
  kind: 'coded',
  lists,
});
export const wholeNumber = (min: number, max: number): WholeNumber => ({ kind: 'number', min, max });
export const pattern = (expression: string, means: string): FixedPattern => ({
  kind: 'pattern',
  pattern: expression,
  means,
});
export const clock = (...forms: readonly ClockForm[]): ClockTime => ({ kind: 'time', forms });
export const place = (...forms: readonly PlaceForm[]): PlaceCode => ({ kind: 'place', forms });
export const must = <T extends ValueType>(type: T): Member<T, true> => ({ type, required: true });
export const may = <T extends ValueType>(type: T): Member<T, false> => ({ type, required: false });
export const structure = <const M extends Readonly<Record<string, Member>>>(members: M): Structure<M> => ({
  kind: 'object',
  members,
});
export const several = <T extends ValueType>(of: T, min: number, max: number): Several<T> => ({
  kind: 'list',
  of,
  min,
  max,
});

/** Without anchors. LSOA 2021; local authority district; probation delivery unit. */
export const PLACE_PATTERNS: Readonly<Record<PlaceForm, string>> = {
  lsoa: '[EW]01[0-9]{6}',
  district: '(?:E0[6-9]|W06)[0-9]{6}',
  'delivery-unit': 'pdu-[0-9]{2,4}',
  unknown: 'unknown',
};
/** Version of a code list: a year, month or day of issue, or a number. */
export const LIST_VERSION = '(?:(?:19|20)[0-9]{2}(?:-[0-9]{2}){0,2}|v[0-9]{1,3})';
