/** Columns of a line. */
const WIDTH = 100;

/**
 * What a reader cannot see, or takes for something that it is not: control, format, unassigned and private characters,
 * separators and odd spaces, letters that turn the order of a line round (the ranges that Unicode keeps for them), a mark
 * that would join the character before the text or is heaped on two others, a space that follows another or stands at an
 * end. Beside them the three characters that these texts use themselves.
 */
const UNCLEAR =
  /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}«»]|(?! )\p{Zs}|^\p{M}|(?<=\p{M}{2})\p{M}|(?<=^| ) | $/gu;

/** Most texts: words of printable ASCII with one space between, without `\`. They stand as they are. */
const CLEAR = /^[!-[\]-~]+(?: [!-[\]-~]+)*$/;

/** A text with everything unclear in it written as `\u{…}`, and `\` as `\\`: on one line, and what was sent can be told from it. */
export function visible(text: string): string {
  if (CLEAR.test(text)) return text;
  return text
    .replaceAll('\\', '\\\\')
    .replace(UNCLEAR, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** Words of others, as they wrote them: nothing within can end the quotation. */
export const quoted = (text: string): string => `«${visible(text)}»`;

/**
 * Lines of at most 100 characters, the first after `head`, all others after as many spaces, or after `hang` where it is no
 * shorter. Breaks at spaces; a longer word is broken anywhere, and each of its lines but the last ends in `\`.
 */
export function wrapped(head: string, text: string, hang = lengthOf(head)): readonly string[] {
  const indent = ' '.repeat(hang);
  const room = WIDTH - indent.length;
  const lines: string[] = [];
  let words: string[] = [];
  // of the line under way, with a space after it
  let length = 0;
  const end = (): void => {
    lines.push((lines.length === 0 ? head : indent) + words.join(' '));
    words = [];
    length = 0;
  };
  for (const word of text.split(' ')) {
    const [first = '', ...others] = piecesOf(word, room);
    if (words.length > 0 && length + lengthOf(first) > room) end();
    words.push(first);
    length += lengthOf(first) + 1;
    for (const piece of others) {
      end();
      words.push(piece);
      length = lengthOf(piece) + 1;
    }
  }
  end();
  return lines;
}

/** A word in pieces that fit; an escape is never parted. */
function piecesOf(word: string, room: number): string[] {
  if (lengthOf(word) <= room) return [word];
  const pieces: string[] = [];
  let piece = '';
  for (const token of word.match(/\\u\{[0-9a-f]+\}|\\\\|./gsu) ?? []) {
    if (lengthOf(piece) + lengthOf(token) >= room) {
      pieces.push(`${piece}\\`);
      piece = '';
    }
    piece += token;
  }
  return [...pieces, piece];
}

/** In characters, not in code units. */
function lengthOf(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i++) if (isTrail(text.charCodeAt(i))) length--;
  return length;
}
const isTrail = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;
