import { Ajv2020 } from 'ajv/dist/2020.js';
import { parseStrictJson, Problem, type JsonLimits } from '#kernel';
import { holdsIdentifier } from './label-screen.ts';

/** Every list that a field may name, with the form its codes take. A code in form but in no adopted list is held. */
export const CODE_LISTS = {
  'street-category': { title: 'Street crime category (data.police.uk)', form: '[a-z]+(?:-[a-z]+)*' },
  'street-outcome': { title: 'Outcome category (data.police.uk)', form: '[a-z]+(?:-[a-z]+)*' },
  'home-office-offence': {
    title: 'Home Office offence code, subgroup or group',
    form: '(?:[0-9]{1,3}[A-Z]?(?:\\.[0-9]{1,2})?(?:-[0-9]{1,2}\\.[0-9]{1,2})*|[a-z]+(?:-[a-z0-9]+)*)',
  },
  'flag-method': { title: 'Counting method of the knife flag', form: '[a-z]+(?:-[a-z0-9]+)*' },
  'ods-site': { title: 'ODS code of a hospital site', form: '[A-Z0-9]{3,9}' },
  'ods-trust': { title: 'ODS code of a trust', form: '[A-Z0-9]{3,9}' },
  'ed-method': { title: 'Assault method', form: '(?:[0-9]{1,18}|[a-z]+(?:-[a-z0-9]+)*)' },
  'exclusion-reason': { title: 'Exclusion reason (national)', form: '[A-Z]{2}' },
  'exclusion-reason-local': { title: 'Exclusion reason (local)', form: '[A-Z0-9]{1,4}' },
  'sen-need': { title: 'Primary special educational need', form: '[A-Z]{2,5}' },
  prison: { title: 'Prison', form: '[A-Z]{3}' },
  'delivery-unit': { title: 'Probation delivery unit', form: 'pdu-[0-9]{2,4}' },
  'mentor-provider': { title: 'Provider of mentors', form: '[a-z]+(?:-[a-z0-9]+)*' },
} as const;
/** Characters of the longest code that a list or an event may hold. */
export const CODE_LENGTH = 60;
export type CodeListName = keyof typeof CODE_LISTS;
export const CODE_LIST_NAMES = Object.keys(CODE_LISTS) as readonly CodeListName[];

export interface CodeList {
  readonly title: string;
  readonly version: string;
  /** Label for people, by code. */
  readonly codes: Readonly<Record<string, string>>;
}
/** Versioned reference data, adopted by a fact. `lists` may leave out what no feed of the partnership uses. */
export interface CodesPack {
  readonly kind: 'codes';
  readonly version: string;
  readonly title: string;
  readonly source: string;
  readonly licence: string;
  readonly lists: Readonly<Partial<Record<CodeListName, CodeList>>>;
}

const text = (maxLength: number) => ({ type: 'string', minLength: 1, maxLength, pattern: '^[^\\p{Cc}]*$' });
const listSchema = (form: string) => ({
  type: 'object',
  additionalProperties: false,
  required: ['title', 'version', 'codes'],
  properties: {
    title: text(200),
    version: text(60),
    codes: {
      type: 'object',
      propertyNames: { pattern: `^${form}$`, maxLength: CODE_LENGTH },
      additionalProperties: text(300),
    },
  },
});
/** JSON Schema 2020-12 of a codes pack. */
export const CODES_PACK_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Codes pack',
  type: 'object',
  additionalProperties: false,
  required: ['kind', 'version', 'title', 'source', 'licence', 'lists'],
  properties: {
    kind: { const: 'codes' },
    version: { type: 'string', pattern: '^[a-z0-9][a-z0-9.-]{0,59}$' },
    title: text(200),
    source: text(500),
    licence: text(200),
    lists: {
      type: 'object',
      additionalProperties: false,
      properties: Object.fromEntries(CODE_LIST_NAMES.map((name) => [name, listSchema(CODE_LISTS[name].form)])),
    },
  },
};
const validPack = new Ajv2020({ strict: true }).compile<CodesPack>(CODES_PACK_SCHEMA);
/** 1 MiB, depth 8, 20,000 keys an object, 100 items a list. */
export const CODES_PACK_LIMITS: JsonLimits = { bytes: 1_048_576, depth: 8, keys: 20_000, items: 100 };

/**
 * Reads hostile bytes: a pack, or a problem `json-…` or `pack-invalid`. `pack-invalid` names `title` or a list as its field
 * where a text in it looks like an identifier of a person ({@link holdsIdentifier}). Nothing of the input is echoed.
 */
export function parseCodesPack(bytes: Uint8Array): CodesPack | { readonly problem: Problem } {
  const parsed = parseStrictJson(bytes, CODES_PACK_LIMITS);
  if (!parsed.ok) return { problem: new Problem(parsed.code) };
  const pack: unknown = parsed.value;
  if (!validPack(pack)) return { problem: new Problem('pack-invalid') };
  const field = identifyingField(pack);
  return field === undefined ? pack : { problem: new Problem('pack-invalid', { field }) };
}

function identifyingField(pack: CodesPack): string | undefined {
  if (holdsIdentifier(pack.title)) return 'title';
  const name = CODE_LIST_NAMES.find((list) => {
    const { title, version, codes } = pack.lists[list] ?? NO_LIST;
    return holdsIdentifier(title) || holdsIdentifier(version) || Object.entries(codes).some(isIdentifying);
  });
  return name === undefined ? undefined : `lists.${name}`;
}
const NO_LIST: CodeList = { title: '', version: '', codes: {} };
/** A code of words is screened like its label; one that begins with a digit or a capital is a number or sign of its scheme. */
const isIdentifying = ([code, label]: readonly [string, string]): boolean =>
  holdsIdentifier(label) || (/^[a-z]/.test(code) && holdsIdentifier(code));

/** The adopted code lists, ready for one question: does this list hold this code? */
export class CodeLists {
  /** Before a pack is adopted: no list holds anything, so that every code waits. */
  static readonly none = new CodeLists({
    kind: 'codes',
    version: 'none',
    title: '',
    source: '',
    licence: '',
    lists: {},
  });

  readonly version: string;
  readonly #labels = new Map<CodeListName, ReadonlyMap<string, string>>();

  constructor(pack: CodesPack) {
    this.version = pack.version;
    for (const name of CODE_LIST_NAMES) {
      const list = pack.lists[name];
      if (list !== undefined) this.#labels.set(name, new Map(Object.entries(list.codes)));
    }
  }

  has(list: CodeListName, code: string): boolean {
    return this.#labels.get(list)?.has(code) === true;
  }
  /** Label for people. */
  label(list: CodeListName, code: string): string | undefined {
    return this.#labels.get(list)?.get(code);
  }
  /** In the pack's order; empty for a list that the pack leaves out. */
  codes(list: CodeListName): readonly string[] {
    return [...(this.#labels.get(list)?.keys() ?? [])];
  }
}
