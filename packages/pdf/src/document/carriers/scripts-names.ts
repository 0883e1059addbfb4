/** The one function that takes several names in one string. */
const LIST_CALL = 'AFSimple_Calculate';

const IDENTIFIER = /[A-Za-z_$][\w$]*/y;
const SPACE = /\s*/y;

/** The new name of something, undefined where it stays. */
export type Rename = (name: string) => string | undefined;

/** What became of a script. */
export interface RenamedScript {
  readonly text: string;
  /** Whether it uses a name that changed in a way that could not be changed. */
  readonly missed: boolean;
}

/** A string of the script: from quote to quote. */
interface Literal {
  readonly text: string;
  /** Position after it. */
  readonly end: number;
}

/**
 * Lets a script use new names, of fields for example: strings that are the whole name, `getField("name")`, or the whole name
 * and a dot, `getField("name." + row)`, in the arguments of the functions given. Nothing else in a script is touched. Takes
 * time linear in its length.
 */
export function renameInScript(
  script: string,
  functions: ReadonlySet<string>,
  rename: Rename,
): RenamedScript {
  /** For each open parenthesis, the function whose arguments are in it. */
  const calls: (string | undefined)[] = [];
  const parts: string[] = [];
  let missed = false;
  let done = 0;
  for (let at = 0; at < script.length;) {
    const character = script[at]!;
    if (character === '/') at = afterComment(script, at);
    else if (character === '"' || character === "'") {
      const literal = literalAt(script, at, character);
      if (literal === undefined) at++;
      else {
        const fresh = renamedLiteral(script, at, literal, calls.at(-1), rename);
        if (fresh !== undefined) {
          parts.push(script.slice(done, at + 1), fresh);
          done = literal.end - 1;
        } else missed ||= rename(literal.text) !== undefined;
        at = literal.end;
      }
    } else if (character === '(' || character === ')') {
      if (character === '(') calls.push(calls.at(-1));
      else calls.pop();
      at++;
    } else {
      const name = matchAt(IDENTIFIER, script, at);
      at += name.length || 1;
      if (!functions.has(name)) continue;
      at += matchAt(SPACE, script, at).length;
      if (script[at] !== '(') continue;
      calls.push(name);
      at++;
    }
  }
  return { text: parts.join('') + script.slice(done), missed };
}

function matchAt(pattern: RegExp, script: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(script)?.[0] ?? '';
}

/** The position after a comment, or after the one character that begins none. */
function afterComment(script: string, at: number): number {
  const [mark, length] = script[at + 1] === '/' ? ['\n', 1] : script[at + 1] === '*' ? ['*/', 2] : ['', 0];
  if (mark === '') return at + 1;
  // Old scripts have line ends of one carriage return.
  const end = mark === '\n' ? lineEnd(script, at) : script.indexOf(mark, at + 2);
  return end === -1 ? script.length : end + length;
}

function lineEnd(script: string, at: number): number {
  let end = at;
  while (end < script.length && script[end] !== '\n' && script[end] !== '\r') end++;
  return end;
}

/** The string that begins at a quote; undefined where the line ends before it does. */
function literalAt(script: string, start: number, quote: string): Literal | undefined {
  for (let at = start + 1; at < script.length; at++) {
    const character = script[at]!;
    if (character === '\\') at++;
    else if (character === quote) return { text: script.slice(start + 1, at), end: at + 1 };
    else if (character === '\n' || character === '\r') return undefined;
  }
  return undefined;
}

/** What a string becomes; undefined where it stays. */
function renamedLiteral(
  script: string,
  start: number,
  { text, end }: Literal,
  call: string | undefined,
  rename: Rename,
): string | undefined {
  if (call === undefined || text.includes('\\')) return undefined;
  // A part of a name is not the name; but before a dot the first part of it is whole.
  if (isJoined(script, start, -1)) return undefined;
  if (isJoined(script, end - 1, 1) && !text.includes('.')) return undefined;
  if (call !== LIST_CALL || !text.includes(',')) return rename(text);
  const names = text.split(',').map((part) => {
    const name = part.trim();
    return part.replace(name, () => rename(name) ?? name);
  });
  const joined = names.join(',');
  return joined === text ? undefined : joined;
}

/** Whether a `+` stands beside the quote at a position. */
function isJoined(script: string, quote: number, step: -1 | 1): boolean {
  let at = quote + step;
  while (script[at] === ' ') at += step;
  return script[at] === '+';
}
