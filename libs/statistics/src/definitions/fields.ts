import type { FieldDimension } from '../definition.ts';

/** Codes as events.md writes them. */
export const ageBand: FieldDimension = {
  name: 'ageBand',
  label: 'Age band',
  field: 'ageBand',
  column: 'ageBand',
  codes: ['0-9', '10-13', '14-17', '18-24', '25-30', '31-49', '50+'],
};
export const sex: FieldDimension = {
  name: 'sex',
  label: 'Sex',
  field: 'sex',
  column: 'sex',
  codes: ['female', 'male', 'other', 'unknown'],
};
/** A field with the codes written here. */
export const enumerated = (name: string, label: string, ...codes: readonly string[]): FieldDimension => ({
  name,
  label,
  field: name,
  column: name,
  codes,
});
/** A field whose codes are those of an adopted list. */
export const listed = (name: string, label: string, list: string): FieldDimension => ({
  name,
  label,
  field: name,
  column: name,
  codes: { lists: [list] },
});
/** Shown by district and quarter, or by district and year, and no finer (events.md). */
export const atDistrict = (time: 'quarter' | 'year', field: FieldDimension): FieldDimension => ({
  ...field,
  finest: { place: 'district', time },
});
