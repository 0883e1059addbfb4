import { Failure } from '../errors.ts';
import { type RawFields, type RawValue, UploadedPart } from './fields.ts';
import { isObject } from './relaxed-json.ts';

const depthMax = 100;

/** Collects fields as they come: names without letter case and without `[]`, empty texts left out. */
export class FieldList {
  readonly #values = new Map<string, RawValue[]>();

  add(name: string, value: unknown): void {
    const key = fieldName(name);
    if (key === '' || value === null || value === undefined) return;
    const clean = value instanceof UploadedPart ? value : cleanValue(value, key, 0);
    if (clean === '') return;
    const values = this.#values.get(key);
    if (values === undefined) this.#values.set(key, [clean as RawValue]);
    else values.push(clean as RawValue);
  }

  /** The first value, where it is a text. */
  text(name: string): string | null {
    const value = this.#values.get(name)?.[0];
    return typeof value === 'string' ? value : null;
  }

  /** Puts another value in the place of each text of a field that `change` gives one for; an object is the text of its JSON. */
  async replaceTexts(name: string, change: (text: string) => Promise<RawValue | null>): Promise<void> {
    const values = this.#values.get(name) ?? [];
    for (const [index, value] of values.entries()) {
      const text = isObject(value) && !(value instanceof UploadedPart) ? JSON.stringify(value) : value;
      if (typeof text === 'string') values[index] = (await change(text)) ?? value;
    }
  }

  remove(name: string): void {
    this.#values.delete(name);
  }

  /** Takes over the fields that are not here yet. */
  addMissing(others: FieldList): void {
    for (const [name, values] of others.#values) if (!this.#values.has(name)) this.#values.set(name, values);
  }

  all(): RawFields {
    return this.#values;
  }
}

/** Adds each member as a field. */
export function readMembers(object: object, into: FieldList): void {
  for (const [name, value] of Object.entries(object)) {
    for (const item of Array.isArray(value) ? (value as unknown[]) : [value]) into.add(name, item);
  }
}

/** `URL`, `url[]` and `url[0]` are `url`. */
export function fieldName(name: string): string {
  return withoutNul(name)
    .trim()
    .toLowerCase()
    .replace(/\[\d*\]$/, '');
}

/**
 * What a database of UTF-8 text cannot keep goes: NUL characters and halves of surrogate pairs. So does `__proto__`, which no
 * client means. Too deep a value would overflow the stack of whoever walks it.
 */
export function cleanValue(value: unknown, field: string, depth: number): unknown {
  if (typeof value === 'string') return withoutNul(value).toWellFormed();
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > depthMax) {
    throw new Failure('fieldInvalid', { field, expected: `at most ${depthMax} levels of brackets` });
  }
  if (Array.isArray(value)) return value.map((item) => cleanValue(item, field, depth + 1));
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== '__proto__')
      .map(([name, member]) => [withoutNul(name).toWellFormed(), cleanValue(member, field, depth + 1)]),
  );
}

function withoutNul(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '') : text;
}
