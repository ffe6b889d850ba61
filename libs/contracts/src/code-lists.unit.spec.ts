import { CODE_LIST_NAMES, CODE_LISTS, CodeLists, parseCodesPack, type CodesPack } from './code-lists.ts';
import { testCodes, testCodesPack } from './testing/test-codes.ts';

const parse = (value: unknown) =>
  parseCodesPack(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)));
const problemOf = (value: unknown) => {
  const read = parse(value);
  return 'problem' in read ? read.problem.code : 'pack';
};

const LONG = 'a'.repeat(61);

describe('a codes pack', () => {
  it('is read as it was written', () => expect(parse(testCodesPack)).toEqual(testCodesPack));

  it('may leave lists out', () => expect(problemOf({ ...testCodesPack, lists: {} })).toBe('pack'));

  it.each<readonly [string, unknown, string]>([
    ['no JSON', '{', 'json-malformed'],
    ['a key twice', JSON.stringify(testCodesPack).replace('{', '{"kind":"codes",'), 'json-duplicate-key'],
    ['another kind', { ...testCodesPack, kind: 'law' }, 'pack-invalid'],
    ['a list', [], 'pack-invalid'],
    ['no licence', { ...testCodesPack, licence: undefined }, 'pack-invalid'],
    ['a key that is not of a pack', { ...testCodesPack, comment: 'x' }, 'pack-invalid'],
    [
      'an unknown list',
      { ...testCodesPack, lists: { hobbies: { title: 't', version: 'v1', codes: {} } } },
      'pack-invalid',
    ],
    ['a list without a version', { ...testCodesPack, lists: { prison: { title: 't', codes: {} } } }, 'pack-invalid'],
    [
      'a code out of form',
      { ...testCodesPack, lists: { prison: { title: 't', version: 'v1', codes: { Smith: 'x' } } } },
      'pack-invalid',
    ],
    [
      'a label that is a number',
      { ...testCodesPack, lists: { prison: { title: 't', version: 'v1', codes: { XXI: 1 } } } },
      'pack-invalid',
    ],
    [
      'a label with a control character',
      { ...testCodesPack, lists: { prison: { title: 't', version: 'v1', codes: { XXI: 'a\nb' } } } },
      'pack-invalid',
    ],
    [
      'a code of more than 60 characters',
      { ...testCodesPack, lists: { 'street-category': { title: 't', version: 'v1', codes: { [LONG]: 'x' } } } },
      'pack-invalid',
    ],
  ])('is refused with %s', (_, value, code) => expect(problemOf(value)).toBe(code));

  const list = (changes: object) => ({
    ...testCodesPack,
    lists: { ...testCodesPack.lists, 'street-category': { title: 't', version: 'v1', codes: {}, ...changes } },
  });
  it.each<readonly [string, unknown, string]>([
    ['its title', { ...testCodesPack, title: 'Codes of john@example.org' }, 'title'],
    ['the title of a list', list({ title: 'of SW1A 1AA' }), 'lists.street-category'],
    ['the version of a list', list({ version: '943 476 5919' }), 'lists.street-category'],
    ['a label', list({ codes: { robbery: 'John Smith 943 476 5919' } }), 'lists.street-category'],
    [
      'a code of words and numbers',
      { ...testCodesPack, lists: { 'flag-method': { title: 't', version: 'v1', codes: { 'js-943-476-5919': 'x' } } } },
      'lists.flag-method',
    ],
  ])('is refused, and the place told, where %s identifies somebody', (_, value, field) => {
    const read = parse(value);
    expect('problem' in read ? [read.problem.code, read.problem.field] : read).toEqual(['pack-invalid', field]);
  });

  it('may have codes of sixty characters, and codes of many digits', () => {
    expect(problemOf(list({ codes: { [LONG.slice(1)]: 'x' } }))).toBe('pack');
    const codes = { '282732000': 'Assault with a sharp object' };
    expect(problemOf({ ...testCodesPack, lists: { 'ed-method': { title: 't', version: 'v1', codes } } })).toBe('pack');
  });
});

describe('code lists', () => {
  it('hold what the pack holds and nothing that objects inherit', () => {
    expect(testCodes.has('home-office-offence', '8N')).toBe(true);
    expect(testCodes.has('home-office-offence', '8n')).toBe(false);
    expect(testCodes.has('street-category', 'constructor')).toBe(false);
    expect(testCodes.has('street-category', 'toString')).toBe(false);
    expect(testCodes.label('prison', 'XXI')).toBe('XXI');
    expect(testCodes.version).toBe('test-1');
  });

  it('hold nothing before a pack is adopted, or in a list it leaves out', () => {
    const few = new CodeLists({ ...testCodesPack, lists: {} } satisfies CodesPack);
    for (const name of CODE_LIST_NAMES) {
      for (const code of testCodes.codes(name)) {
        expect(testCodes.has(name, code)).toBe(true);
        expect(code).toMatch(new RegExp(`^${CODE_LISTS[name].form}$`));
        expect(few.has(name, code) || CodeLists.none.has(name, code)).toBe(false);
      }
      expect(few.codes(name)).toEqual([]);
    }
  });
});
