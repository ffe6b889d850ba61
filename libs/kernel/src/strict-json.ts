import type { Json } from './canonical-json.ts';

/** Bounds of one text. `keys` per object, `items` per array, `depth` counted in nested containers. */
export interface JsonLimits {
  readonly bytes: number;
  readonly depth: number;
  readonly keys: number;
  readonly items: number;
}
/** Limits of one event (`/docs`): 60,000 bytes, depth 20, 200 keys. */
export const EVENT_LIMITS: JsonLimits = { bytes: 60_000, depth: 20, keys: 200, items: 1_000 };

export type JsonFault =
  | 'json-malformed'
  | 'json-not-utf8'
  | 'json-too-large'
  | 'json-too-deep'
  | 'json-too-wide'
  | 'json-duplicate-key'
  | 'json-dangerous-key'
  | 'json-unsafe-number'
  | 'json-lone-surrogate';

export type Parsed =
  /** `canonical`: the text already is the RFC 8785 form of `value`. Never claimed wrongly; may be missed. */
  | { readonly ok: true; readonly value: Json; readonly canonical: boolean }
  | { readonly ok: false; readonly code: JsonFault; readonly offset: number };

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads JSON so that what was sent is what is meant: a duplicate key, a number that a double would change, a lone
 * surrogate, `__proto__`, or anything past a limit is refused, never dropped or rounded (RFC 8259, RFC 7493).
 * The result names an offset in UTF-16 code units and never a value.
 */
export function parseStrictJson(input: Uint8Array | string, limits: JsonLimits = EVENT_LIMITS): Parsed {
  const size = typeof input === 'string' ? Buffer.byteLength(input) : input.byteLength;
  if (size > limits.bytes) return { ok: false, code: 'json-too-large', offset: limits.bytes };
  let text: string;
  try {
    text = typeof input === 'string' ? input : utf8.decode(input);
  } catch {
    return { ok: false, code: 'json-not-utf8', offset: 0 };
  }
  const reader = new Reader(text, limits);
  try {
    const value = reader.document();
    return { ok: true, value, canonical: reader.canonical };
  } catch (error) {
    if (error instanceof Fault) return { ok: false, code: error.code, offset: error.offset };
    throw error;
  }
}

class Fault extends Error {
  readonly code: JsonFault;
  readonly offset: number;
  constructor(code: JsonFault, offset: number) {
    super(code);
    this.code = code;
    this.offset = offset;
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const HEX = /[0-9a-fA-F]{4}/y;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};
/** Names that reach a prototype in one careless assignment. */
const DANGEROUS = new Set(['__proto__', 'constructor', 'prototype']);

class Reader {
  canonical = true;
  readonly #text: string;
  readonly #limits: JsonLimits;
  #at = 0;
  #depth = 0;

  constructor(text: string, limits: JsonLimits) {
    this.#text = text;
    this.#limits = limits;
  }

  document(): Json {
    this.#space();
    const value = this.#value();
    this.#space();
    if (this.#at !== this.#text.length) this.#fail('json-malformed');
    return value;
  }

  #fail(code: JsonFault, offset = this.#at): never {
    throw new Fault(code, offset);
  }

  #space(): void {
    for (;;) {
      const c = this.#text.charCodeAt(this.#at);
      if (c !== 0x20 && c !== 0x0a && c !== 0x0d && c !== 0x09) return;
      this.#at++;
      this.canonical = false;
    }
  }

  #value(): Json {
    switch (this.#text.charCodeAt(this.#at)) {
      case OPEN_BRACE:
        return this.#object();
      case OPEN_BRACKET:
        return this.#array();
      case QUOTE:
        return this.#string();
      case 0x74:
        return this.#word('true', true);
      case 0x66:
        return this.#word('false', false);
      case 0x6e:
        return this.#word('null', null);
      default:
        return this.#number();
    }
  }

  #word<T extends Json>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) this.#fail('json-malformed');
    this.#at += word.length;
    return value;
  }

  #enter(): void {
    this.#at++;
    if (++this.#depth > this.#limits.depth) this.#fail('json-too-deep');
    this.#space();
  }

  #leave(): void {
    this.#at++;
    this.#depth--;
  }

  #object(): Json {
    this.#enter();
    const object: Record<string, Json> = {};
    if (this.#text.charCodeAt(this.#at) === CLOSE_BRACE) {
      this.#leave();
      return object;
    }
    let previous = '';
    // a key greater than all before it is none of them
    let ascending = true;
    for (let count = 1; ; count++) {
      if (count > this.#limits.keys) this.#fail('json-too-wide');
      const start = this.#at;
      if (this.#text.charCodeAt(start) !== QUOTE) this.#fail('json-malformed');
      const key = this.#string();
      if (DANGEROUS.has(key)) this.#fail('json-dangerous-key', start);
      if (count > 1 && key <= previous) ascending = false;
      if (!ascending) {
        if (Object.hasOwn(object, key)) this.#fail('json-duplicate-key', start);
        this.canonical = false;
      }
      previous = key;
      this.#space();
      if (this.#text.charCodeAt(this.#at) !== COLON) this.#fail('json-malformed');
      this.#at++;
      this.#space();
      object[key] = this.#value();
      if (this.#endsAfter(CLOSE_BRACE)) return object;
    }
  }

  #array(): Json {
    this.#enter();
    const items: Json[] = [];
    if (this.#text.charCodeAt(this.#at) === CLOSE_BRACKET) {
      this.#leave();
      return items;
    }
    for (;;) {
      if (items.length >= this.#limits.items) this.#fail('json-too-wide');
      items.push(this.#value());
      if (this.#endsAfter(CLOSE_BRACKET)) return items;
    }
  }

  /** After a member: true at the closing mark, false after a comma. */
  #endsAfter(close: number): boolean {
    this.#space();
    const c = this.#text.charCodeAt(this.#at);
    if (c === close) {
      this.#leave();
      return true;
    }
    if (c !== COMMA) this.#fail('json-malformed');
    this.#at++;
    this.#space();
    return false;
  }

  #string(): string {
    const start = ++this.#at;
    for (;;) {
      const c = this.#text.charCodeAt(this.#at);
      if (c === QUOTE) {
        const plain = this.#text.slice(start, this.#at++);
        return plain;
      }
      if (c === BACKSLASH) return this.#escaped(start);
      // NaN (the end of the text) fails this comparison too
      if (!(c >= 0x20)) this.#fail('json-malformed');
      if (c >= 0xd800 && c <= 0xdfff) this.#surrogate(c);
      this.#at++;
    }
  }

  #surrogate(c: number): void {
    const low = this.#text.charCodeAt(this.#at + 1);
    if (c > 0xdbff || !(low >= 0xdc00 && low <= 0xdfff)) this.#fail('json-lone-surrogate');
    this.#at++;
  }

  #escaped(start: number): string {
    this.canonical = false;
    let result = this.#text.slice(start, this.#at);
    for (;;) {
      const c = this.#text.charCodeAt(this.#at);
      if (!(c >= 0x20)) this.#fail('json-malformed');
      if (c === QUOTE) break;
      if (c !== BACKSLASH) {
        result += this.#text[this.#at++];
        continue;
      }
      const mark = this.#text[this.#at + 1] ?? '';
      const plain = ESCAPES[mark];
      if (plain !== undefined) {
        result += plain;
        this.#at += 2;
      } else if (mark === 'u') {
        HEX.lastIndex = this.#at + 2;
        const hex = HEX.exec(this.#text)?.[0];
        if (hex === undefined) this.#fail('json-malformed');
        result += String.fromCharCode(parseInt(hex, 16));
        this.#at += 6;
      } else this.#fail('json-malformed');
    }
    if (!result.isWellFormed()) this.#fail('json-lone-surrogate', start);
    this.#at++;
    return result;
  }

  #number(): number {
    NUMBER.lastIndex = this.#at;
    const literal = NUMBER.exec(this.#text)?.[0];
    if (literal === undefined) this.#fail('json-malformed');
    const value = Number(literal);
    const written = String(value);
    if (written !== literal) {
      this.canonical = false;
      if (!sameDecimal(literal, written)) this.#fail('json-unsafe-number');
    } else if (Number.isInteger(value) && !Number.isSafeInteger(value)) this.#fail('json-unsafe-number');
    this.#at += literal.length;
    return value;
  }
}

/** True when both texts name the same decimal number, so that storing one for the other rounds nothing. */
function sameDecimal(literal: string, written: string): boolean {
  const a = decimal(literal);
  const b = decimal(written);
  if (a === undefined || b === undefined) return false;
  if (!Number.isSafeInteger(Number(written)) && Number.isInteger(Number(written))) return false;
  return a.digits === b.digits && a.exponent === b.exponent && a.negative === b.negative;
}

const PARTS = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;
/** Digits without leading or trailing zeros, and the power of ten of the last one. */
function decimal(text: string): { digits: string; exponent: number; negative: boolean } | undefined {
  const parts = PARTS.exec(text);
  if (parts === null) return undefined;
  const fraction = parts[3] ?? '';
  const all = (parts[2] ?? '') + fraction;
  const digits = all.replace(/^0+/, '').replace(/0+$/, '');
  const trailing = all.length - all.replace(/0+$/, '').length;
  const exponent = digits === '' ? 0 : Number(parts[4] ?? 0) - fraction.length + trailing;
  return { digits, exponent, negative: parts[1] === '-' };
}
