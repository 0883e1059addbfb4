import { textOfString } from '../../syntax/text-string.ts';

const UTF16 = '\u00fe\u00ff';

/**
 * Names that are taken, as strings of one character for each byte, and the rule by which a name that clashes is changed. Some
 * readers compare them by what they say, so the same text in two encodings is the same name.
 */
export class UniqueNames {
  readonly #taken = new Set<string>();
  /** The count to try next, by name: many documents may bring the same. */
  readonly #next = new Map<string, number>();
  readonly #rename: (name: string, count: number) => string;

  constructor(rename: (name: string, count: number) => string = withTilde) {
    this.#rename = rename;
  }

  /** Whether a name is taken. */
  has(name: string): boolean {
    return this.#taken.has(textOfName(name));
  }

  /** Takes a name; answers it, or what it is changed to because it was taken. */
  take(name: string): string {
    let free = name;
    let count = this.#next.get(name) ?? 2;
    for (; this.has(free); count++) free = this.#rename(name, count);
    if (free !== name) this.#next.set(name, count);
    this.#taken.add(textOfName(free));
    return free;
  }
}

/** What a name says, whatever its encoding. */
export function textOfName(name: string): string {
  return /^[ -~]*$/.test(name) ? name : textOfString(bytesOfText(name));
}

/** `name` becomes `name~2`. */
export function withTilde(name: string, count: number): string {
  return name + encodedLike(name, `~${count}`);
}

/** `name.ext` becomes `name (2).ext`. */
export function withCount(name: string, count: number): string {
  const dot = encodedLike(name, '.');
  let at = name.lastIndexOf(dot);
  // In UTF-16 a dot is two bytes, at an even position.
  if (at <= (dot.length - 1) * 2 || at % dot.length !== 0) at = name.length;
  return name.slice(0, at) + encodedLike(name, ` (${count})`) + name.slice(at);
}

/** ASCII text in the encoding of a text string (ISO 32000-2, 7.9.2.2): UTF-16 where that begins with its mark. */
function encodedLike(name: string, text: string): string {
  return name.startsWith(UTF16) ? text.replaceAll(/./g, '\0$&') : text;
}

/** The bytes of a string as text, one character for each. */
export function textOfBytes(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

/** The bytes of such text. */
export function bytesOfText(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}
