import { PdfName } from '../../objects/name.ts';
import { PdfNumber } from '../../objects/number.ts';
import type { PdfObject } from '../../objects/object.ts';
import { PdfStream } from '../../objects/stream.ts';
import { PdfString } from '../../objects/string.ts';
import type { Facts } from './facts.ts';

/** Something that can be chosen in a field. */
export interface FieldOption {
  /** What the value is when it is chosen. */
  readonly value: string;
  /** What is shown. */
  readonly label: string;
}

/** What was entered or chosen: several where the field lets several be chosen. */
export type FieldValue = string | readonly string[];

/** Values that are told of one field. */
const VALUES_MAX = 10_000;

/** The value of a field that is not a button: texts, numbers and names as text; undefined if there is none. */
export function fieldValue(facts: Facts, object: PdfObject | undefined): FieldValue | undefined {
  const value = facts.resolve(object);
  if (!Array.isArray(value)) return scalar(facts, object);
  return facts.first(value, VALUES_MAX, 'The values of a field').flatMap((each) => scalar(facts, each) ?? []);
}

function scalar(facts: Facts, object: PdfObject | undefined): string | undefined {
  const value = facts.resolve(object);
  if (value instanceof PdfString || value instanceof PdfStream) return facts.text(object);
  if (value instanceof PdfNumber) return value.text;
  return value instanceof PdfName ? facts.name(value) : undefined;
}

/** The options of a choice field, each a text or a pair of value and text (ISO 32000-2, table 234). */
export function choiceOptions(facts: Facts, object: PdfObject | undefined): readonly FieldOption[] {
  const list = facts.resolve(object);
  if (!Array.isArray(list)) return [];
  return facts.first(list, VALUES_MAX, 'The options of a field').flatMap((each) => {
    const option = facts.resolve(each);
    const [value, label] = Array.isArray(option)
      ? [scalar(facts, option[0]), scalar(facts, option[1])]
      : [scalar(facts, each), undefined];
    return value === undefined ? [] : { value, label: label ?? value };
  });
}

/** The state of a check box or radio button that means it is off. */
export const OFF = 'Off';

/** The state that a widget of a button has when it is on: the name of its appearance that is not off. */
export function onState(facts: Facts, widget: PdfObject): string | undefined {
  const appearances = facts.get(widget, 'AP');
  for (const key of ['N', 'D']) {
    const states = facts.get(appearances, key);
    if (!(states instanceof Map)) continue;
    for (const state of states.keys()) if (state !== OFF) return facts.name(new PdfName(state));
  }
  const state = facts.nameOf(widget, 'AS');
  return state === OFF ? undefined : state;
}
