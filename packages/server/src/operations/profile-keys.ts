import { cleanValue } from './field-list.ts';
import { isObject, parseRelaxed } from './relaxed-json.ts';

/** What stands in a profile, by the name that `keyOf` makes of its own. Of a name that stands there twice, the later value. */
export type ProfileKeys = ReadonlyMap<string, ProfileKey>;
export interface ProfileKey {
  /** As the client wrote it; of a member of an object `Object.member`. */
  readonly name: string;
  readonly value: unknown;
}

/** Other calls wait while a text is read. */
export const profileTextMax = 128 * 1024;
export const profileKeysMax = 1_000;
const nameMax = 200;
/** JSON in a text of JSON, and so on. */
const textsInTextsMax = 3;
/** An object in these is a value, not more keys. */
const wholeObjects = ['std_params'];

/**
 * Reads `profiles` in all forms that clients send: relaxed JSON, also without its outer braces, with a byte order mark,
 * percent-encoded, or as a text of JSON once more; or an object. Keys stand in it flat, or in named sets:
 * `{ "profiles": [ { "name": { key: value } } ] }`. Undefined where it is none of these, or passes a limit.
 */
export function readProfileKeys(values: readonly unknown[]): ProfileKeys | undefined {
  const keys = new Map<string, ProfileKey>();
  for (const value of values) {
    const read = typeof value === 'string' ? profileOfText(value) : value;
    if (Array.isArray(read) && read.every(isObject)) addSets(read, keys);
    else if (isObject(read)) addProfile(read, keys);
    else return undefined;
  }
  return keys.size > profileKeysMax ? undefined : keys;
}

/** By which keys are compared: blanks and letter case do not count. */
export function keyOf(name: string): string {
  return name.replaceAll(/\s/g, '').toLowerCase();
}

/** The JSON value in a text, however it is written; undefined for none. */
function profileOfText(text: string): unknown {
  let value: unknown = text;
  for (let texts = 0; typeof value === 'string' && texts < textsInTextsMax; texts++) value = valueOf(value);
  return typeof value === 'string' ? undefined : cleanValue(value, 'profiles', 0);
}

function valueOf(text: string): unknown {
  if (text.length > profileTextMax) return undefined;
  const plain = decoded(text.trim().replace(/^\uFEFF/, ''));
  const value = relaxed(plain);
  if (/^[[{]/.test(plain) || isObject(value) || Array.isArray(value)) return value;
  // A comment at the end must not take the brace with it.
  return relaxed(`{${plain}\n}`) ?? (typeof value === 'string' ? value : undefined);
}

/** A text that begins with an encoded bracket or quote was encoded once too often. */
function decoded(text: string): string {
  if (!/^(?:%20|%0[AD]|%EF%BB%BF|\+)*%(?:7B|5B|22|27)/i.test(text)) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
      .trim()
      .replace(/^\uFEFF/, '');
  } catch {
    return text;
  }
}

function relaxed(text: string): unknown {
  try {
    return parseRelaxed(text);
  } catch {
    return undefined;
  }
}

function addProfile(profile: object, into: Map<string, ProfileKey>): void {
  for (const [name, value] of Object.entries(profile) as [string, unknown][]) {
    const inner = typeof value === 'string' && keyOf(name) === 'profiles' ? profileOfText(value) : value;
    if (keyOf(name) === 'profiles' && typeof inner === 'object' && inner !== null)
      addSets(Array.isArray(inner) ? inner.filter(isObject) : [inner], into);
    else if (/^profile\d*$/.test(keyOf(name)) && isObject(value)) addKeys(value, '', into);
    else addKeys({ [name]: value }, '', into);
  }
}

/** Sets have names that mean nothing. */
function addSets(sets: readonly object[], into: Map<string, ProfileKey>): void {
  for (const set of sets)
    for (const [name, value] of Object.entries(set) as [string, unknown][])
      addKeys(isObject(value) && !wholeObjects.includes(keyOf(name)) ? value : { [name]: value }, '', into);
}

function addKeys(set: object, before: string, into: Map<string, ProfileKey>): void {
  for (const [member, value] of Object.entries(set) as [string, unknown][]) {
    // A cut name is no known one; without the cut, many members of long names would fill the memory.
    const name = `${before}${member}`.slice(0, nameMax).toWellFormed();
    if (isObject(value) && !wholeObjects.includes(keyOf(name))) addKeys(value, `${name}.`, into);
    else if (into.size <= profileKeysMax) into.set(keyOf(name), { name, value });
  }
}
