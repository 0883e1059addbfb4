import JSON5 from 'json5';

const json5CharactersMax = 1024 * 1024;
const unscannedCharactersMax = 64 * 1024;
const valuesMax = 500_000;
/** Such JSON is written by hand. */
const json5ValuesMax = 20_000;
const depthMax = 200;

/**
 * Reads JSON as real clients write it: strict first; then with escapes that do not exist (`\d`) taken as the two characters
 * and line ends inside of texts; then as JSON5, for single quotes and bare names. Throws a SyntaxError.
 */
export function parseRelaxed(text: string): unknown {
  if (text.length > unscannedCharactersMax) refuseBomb(text);
  try {
    return JSON.parse(text);
  } catch {
    return parseMended(text);
  }
}

function parseMended(text: string): unknown {
  try {
    return JSON.parse(mend(text, '"', valuesMax));
  } catch (error) {
    // JSON5 reads a few megabytes a second, and everybody else waits meanwhile.
    if (text.length > json5CharactersMax) throw error;
    return JSON5.parse(mend(text, `"'`, json5ValuesMax));
  }
}

const kept = new Set('"\\/bfnrtu');
const control: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * Doubles the backslash of escapes that JSON does not have, and escapes raw line ends, inside of texts alone. One pass, which throws
 * where there are too many values or levels: JSON5 takes seconds for a few hundred thousand of them.
 */
function mend(text: string, quotes: string, most: number): string {
  const out: string[] = [];
  let quote = '';
  let depth = 0;
  let values = 0;
  let copied = 0;
  const put = (until: number, instead: string) => {
    out.push(text.slice(copied, until), instead);
    copied = until + 1;
  };
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string;
    if (quote === '') {
      if (quotes.includes(character)) quote = character;
      else if (character === '/') at = endOfComment(text, at);
      else if (character === ']' || character === '}') depth--;
      else if (character === ',') values++;
      else if (character === '[' || character === '{') depth++;
      if (depth > depthMax || values > most) throw new SyntaxError('too many levels or values');
    } else if (character === quote) {
      quote = '';
    } else if (character === '\\') {
      if (!isEscape(text, at + 1, quote)) put(at, '\\\\');
      else at++;
    } else if (character in control) {
      put(at, control[character] as string);
    }
  }
  out.push(text.slice(copied));
  return out.join('');
}

/** Index of the last character of a comment that begins here; its beginning where none does. */
function endOfComment(text: string, start: number): number {
  const end = { '//': '\n', '/*': '*/' }[text.slice(start, start + 2)];
  if (end === undefined) return start;
  const found = text.indexOf(end, start + 2);
  return found < 0 ? text.length : found + end.length - 1;
}

function isEscape(text: string, at: number, quote: string): boolean {
  const character = text[at] ?? '';
  if (character === 'u') return /^[0-9a-f]{4}$/i.test(text.slice(at + 1, at + 5));
  return character === quote || kept.has(character);
}

/** A few megabytes of `[` or `{},` become gigabytes of objects: what stands outside of texts is counted first. */
function refuseBomb(text: string): void {
  let values = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = endOfText(text, at);
    else if ((code === 0x2c || code === 0x5b || code === 0x7b) && ++values > valuesMax) {
      throw new SyntaxError(`more than ${valuesMax} values`);
    }
  }
}

/** Index of the closing quote. */
function endOfText(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 0) return end;
  }
  return text.length;
}

/** Whether it is a JSON object, and neither null nor a list. */
export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
