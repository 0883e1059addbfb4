/** A pattern that cannot be searched for, with what a client can do about it. */
export class PatternRefused extends Error {}

/** .NET's meaning of these, which is Unicode's, as RE2 writes it within brackets. */
const classes: Readonly<Record<string, string>> = {
  d: '\\p{Nd}',
  w: '\\p{L}\\p{Mn}\\p{Nd}\\p{Pc}',
  s: '\\s\\x{0B}\\x{85}\\p{Z}',
};
/** What .NET writes otherwise than RE2. */
const escapes: Readonly<Record<string, string>> = { e: '\\x{1B}', Z: '\\z' };

/**
 * Writes a regular expression of .NET as one of RE2, which takes no longer than a text is long, whatever the pattern. Throws
 * PatternRefused for what no such search can do: references to groups, and looking around.
 */
export function fromDotNet(pattern: string): string {
  let written = '';
  let isInClass = false;
  for (let at = 0; at < pattern.length;) {
    const rest = pattern.slice(at, at + 80);
    const [taken, text] = rest.startsWith('\\')
      ? escaped(rest, isInClass)
      : isInClass
        ? inClass(rest)
        : outside(rest, pattern, at);
    const isFirstInClass = isInClass && /\[\^?$/.test(written) && !written.endsWith('\\[');
    if (rest.startsWith('[')) isInClass = true;
    // The first of a class is a member of it.
    else if (rest.startsWith(']') && !isFirstInClass) isInClass = false;
    written += rest.startsWith(']') && isFirstInClass ? '\\]' : text;
    at += taken;
  }
  return written;
}

type Step = readonly [taken: number, written: string];

function escaped(rest: string, isInClass: boolean): Step {
  const sign = rest[1] ?? '';
  if (sign === '') throw new PatternRefused('nothing stands behind the last backslash');
  if (!isInClass && (/[1-9]/.test(sign) || sign === 'k')) throw refused('references to groups');
  if (sign === 'G') throw refused('\\G');
  const code = /^\\u([0-9a-f]{4})/i.exec(rest);
  if (code !== null) return [6, `\\x{${code[1]}}`];
  const control = /^\\c([a-z])/i.exec(rest);
  if (control !== null) return [3, `\\x{${((control[1] as string).charCodeAt(0) & 31).toString(16)}}`];
  const own = classes[sign.toLowerCase()];
  if (own !== undefined && sign === sign.toLowerCase()) return [2, isInClass ? own : `[${own}]`];
  // Within a class RE2 has no other way than its own.
  if (own !== undefined) return [2, isInClass ? `\\${sign}` : `[^${own}]`];
  return [2, escapes[sign] ?? `\\${sign}`];
}

function inClass(rest: string): Step {
  if (rest.startsWith('-[')) throw refused('classes without a part of them, as in [a-z-[aeiou]]');
  return rest.startsWith('[') && !rest.startsWith('[:') ? [1, '\\['] : [1, rest[0] as string];
}

function outside(rest: string, pattern: string, at: number): Step {
  if (!rest.startsWith('(?')) return [1, rest[0] as string];
  if (/^\(\?(?:=|!|<=|<!)/.test(rest)) throw refused('looking ahead or behind: (?=, (?!, (?<=, (?<!');
  if (rest.startsWith('(?>')) throw refused('groups without a way back: (?>');
  if (rest.startsWith('(?(')) throw refused('conditions: (?(');
  if (rest.startsWith('(?#')) {
    const end = pattern.indexOf(')', at);
    return [(end < 0 ? pattern.length : end + 1) - at, ''];
  }
  const name = /^\(\?(?:<([^>]*)>|'([^']*)')/.exec(rest);
  if (name === null) return [2, '(?'];
  // Nobody hears what a group held.
  if ((name[1] ?? name[2] ?? '').includes('-')) throw refused('groups that end others: (?<a-b>');
  return [name[0].length, '('];
}

function refused(what: string): PatternRefused {
  return new PatternRefused(`a regular expression without ${what}`);
}
