import { Failure } from '../../errors.ts';
import { type FieldList, readMembers } from '../../operations/field-list.ts';
import { isObject, parseRelaxed } from '../../operations/relaxed-json.ts';

/** Reads the members of a JSON object; the items of a list are the values of its field. */
export function readJson(text: string, into: FieldList): void {
  const value = parse(text);
  if (!isObject(value)) throw new Failure('bodyInvalid', { reason: 'its JSON is not an object' });
  readMembers(value, into);
}

function parse(text: string): unknown {
  try {
    return parseRelaxed(text);
  } catch (error) {
    throw new Failure('bodyInvalid', { reason: 'its JSON is broken' }, { cause: error });
  }
}
