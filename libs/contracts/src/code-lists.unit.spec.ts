import { CODE_LIST_NAMES, CODE_LISTS, CodeLists, parseCodesPack, type CodesPack } from './code-lists.ts';
import { testCodes, testCodesPack } from './testing/test-codes.ts';

const parse = (value: unknown) =>
  parseCodesPack(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)));
const problemOf = (value: unknown) => {
  const read = parse(value);
  return 'problem' in read ? read.problem.code : 'pack';
};

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
  ])('is refused with %s', (_, value, code) => expect(problemOf(value)).toBe(code));
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
