/** A barcode that HTML asks for where the address of a picture would stand: `[[barcode: TYPE value ]]`. */
export interface Macro {
  /** Where it begins in the HTML, and the place behind it. */
  readonly start: number;
  readonly end: number;
  readonly type: string;
  /** Without entities of HTML. */
  readonly value: string;
}

const begin = /\[\[barcode:/gi;
/** What has no end by then is text. */
const lengthMax = 20_000;

/** The macros of an HTML text, in their order. The work grows with the text alone. */
export function macrosOf(html: string): Macro[] {
  const starts = [...html.matchAll(begin)].map(({ index }) => index);
  return starts.flatMap((start, index) => {
    const limit = Math.min(starts[index + 1] ?? html.length, start + lengthMax);
    const text = html.slice(start + '[[barcode:'.length, limit);
    // The value may hold brackets: a blank before them makes the end.
    const blank = /\s\]\]/.exec(text);
    const last = blank === null ? text.indexOf(']]') : blank.index + 1;
    if (last < 0) return [];
    const [type = '', value = ''] = split(text.slice(0, last).trim());
    return [{ start, end: start + '[[barcode:'.length + last + 2, type, value: decoded(value) }];
  });
}

/** The first word, and the rest. */
function split(text: string): [string, string] {
  const at = text.search(/\s/);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1).trim()];
}

const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

/** Text with the entities that escape HTML read; others stay as they are written. */
function decoded(text: string): string {
  return text.replaceAll(/&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w{2,4}));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return named[String(name).toLowerCase()] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code > 0 && code <= 0x10_ffff ? String.fromCodePoint(code).toWellFormed() : whole;
  });
}
