import { Failure } from '../../errors.ts';
import type { FieldList } from '../fields.ts';
import { parseRelaxed } from './relaxed.ts';

/** Reads the members of a JSON object; the items of a list are the values of its field. */
export function readJson(text: string, into: FieldList): void {
  const value = parse(text);
  if (!isObject(value)) throw new Failure('bodyInvalid', { reason: 'its JSON is not an object' });
  readMembers(value, into);
}

/** Adds each member as a field. */
export function readMembers(object: object, into: FieldList): void {
  for (const [name, value] of Object.entries(object)) {
    for (const item of Array.isArray(value) ? (value as unknown[]) : [value]) into.add(name, item);
  }
}

/** Whether it is a JSON object, and neither null nor a list. */
export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(text: string): unknown {
  try {
    return parseRelaxed(text);
  } catch (error) {
    throw new Failure('bodyInvalid', { reason: 'its JSON is broken' }, { cause: error });
  }
}
