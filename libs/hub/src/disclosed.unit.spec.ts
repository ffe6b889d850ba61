import { readdirSync, readFileSync } from 'node:fs';
import { sha256 } from '#kernel';
import { constructDisclosed, Disclosed, type Sharing } from './disclosed.ts';
import { ANALYSTS, COUNCIL, someone } from './testing/memory-hub.ts';

const ann = someone(ANALYSTS, 'analyst');
const sharing: Sharing = {
  agreements: [],
  purpose: 'sv-strategy',
  precision: { place: 'district', time: 'month' },
  withheld: [],
  obligations: [],
  labels: [],
  digest: sha256('x'),
  asAt: 'x',
  disclosureId: 'first',
};
const made = constructDisclosed(ann, { count: 10 }, sharing);

describe('an answer', () => {
  it('is for the person it was made for, and no other', () => {
    expect(Disclosed.isFor(made, ann)).toBe(true);
    expect(Disclosed.isFor(made, { ...ann, roles: new Set() })).toBe(true);
    expect(Disclosed.isFor(made, { ...ann, person: 'another' })).toBe(false);
    expect(Disclosed.isFor(made, { ...ann, agency: COUNCIL })).toBe(false);
    expect(Disclosed.isFor(made, { ...ann, issuer: 'https://other.example' })).toBe(false);
  });

  const lookAlike = { status: 200, headers: made.headers, body: made.body };
  it.each<[string, unknown]>([
    ['a look-alike', lookAlike],
    ['its prototype', Object.assign(Object.create(Disclosed.prototype) as object, lookAlike)],
    ['a copy', structuredClone(made)],
    ['a spread', { ...made }],
    ['what JSON says of it', JSON.parse(JSON.stringify(made))],
    ['a proxy', new Proxy(made, {})],
    ['an heir', Object.create(made)],
    ['the class', Disclosed],
    ['nothing', undefined],
    ['null', null],
    ['a text', made.body],
  ])('is not %s', (_, value) => {
    expect(Disclosed.isFor(value, ann)).toBe(false);
  });

  it('is made by nobody who only has the class', () => {
    const maker = Disclosed as unknown as new (...args: unknown[]) => object;
    expect(() => new maker(ann, 'planted', sharing)).toThrow(TypeError);
    expect(() => new maker(Symbol('disclose'), ann, 'planted', sharing)).toThrow(TypeError);
    class Heir extends maker {}
    expect(() => new Heir(ann, 'planted', sharing)).toThrow(TypeError);
  });

  it('is never filled with another body', () => {
    expect(() => Object.assign(made, { body: 'planted' })).toThrow(TypeError);
    expect(() => Object.assign(made.headers, { 'content-type': 'text/html' })).toThrow(TypeError);
    expect(() => Object.defineProperty(made, 'toJSON', { value: () => 'planted' })).toThrow(TypeError);
    expect(made.body).toBe(JSON.stringify({ data: { count: 10 }, sharing }));
  });

  it('has an ETag of everything but its own disclosure', () => {
    const again = constructDisclosed(ann, { count: 10 }, { ...sharing, disclosureId: 'second' });
    expect(again.headers.etag).toBe(made.headers.etag);
    const others = [
      constructDisclosed(ann, { count: 15 }, { ...sharing, digest: sha256('y') }),
      constructDisclosed(ann, { count: 10 }, { ...sharing, asAt: 'y' }),
      constructDisclosed(ann, { count: 10 }, { ...sharing, withheld: [{ what: 'a', reason: 'b' }] }),
      constructDisclosed(ann, { count: 10 }, sharing, { mediaType: 'text/csv', body: () => '10' }),
    ];
    expect(new Set([made, ...others].map(({ headers }) => headers.etag)).size).toBe(5);
  });

  it.each([
    ['constructDisclosed', 'libs/hub/src/disclosed.ts'],
    ['constructDisclosing', 'libs/hub/src/disclosing.ts'],
  ])('is made by %s in disclose.ts and nowhere else', (name, home) => {
    const files = ['libs', 'apps'].flatMap((root) =>
      readdirSync(root, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
        .map((file) => `${root}/${file}`),
    );
    const naming = files.filter((file) => readFileSync(file, 'utf8').includes(name));
    expect(naming.sort()).toEqual(['libs/hub/src/disclose.ts', home]);
  });
});
