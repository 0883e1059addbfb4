import * as z from 'zod';
import { parseRelaxed } from './relaxed-json.ts';

/** Of what is no document. */
export const textMax = 10_000;
/** Of a place or a length on a page: far more than any page has, and small enough to be added up. */
const numberMax = 1_000_000;

/** A number, and what stands for it where none is sent. */
export interface Range {
  readonly min: number;
  readonly max: number;
  readonly absent: number;
}

/** The last of the values that were sent; undefined for none. */
export const last: z.ZodType<unknown, unknown[]> = z.array(z.unknown()).transform((values) => values.at(-1));

/** Text, empty where none is sent. */
export const oneText: z.ZodType<string, unknown[]> = last
  .pipe(z.union([z.string(), z.number().transform(String), z.undefined().transform(() => '')]))
  .pipe(z.string().max(textMax));

/** `true`, `True`, `"1"`, 1 and their opposites; of what is neither, undefined. */
export function truthOf(value: unknown): boolean | undefined {
  return truths.get(String(value).trim().toLowerCase());
}

const truths = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

/** A whole number. */
export function wholeIn(range: Range): z.ZodType<number> {
  return numberIn(range, z.int());
}

/** A number, also as text. */
export function numberIn(
  { min, max, absent }: Range,
  kind: z.ZodNumber | z.ZodInt = z.number(),
): z.ZodType<number> {
  return z.preprocess((value) => (value === undefined ? absent : toNumber(value)), kind.min(min).max(max));
}

/** At most `max` numbers in lists, or as text with blanks, commas or semicolons between them. */
export function numbersUpTo(max: number): z.ZodType<number[]> {
  const parts = (value: unknown): unknown[] => {
    if (Array.isArray(value)) return value.flatMap(parts);
    if (typeof value !== 'string' || value.length > textMax) return [value];
    return value.split(/[\s,;[\]]+/).filter((part) => part !== '');
  };
  return z
    .array(z.unknown())
    .transform((values) => values.flatMap(parts).map(toNumber))
    .pipe(z.array(z.number().min(-numberMax).max(numberMax)).max(max));
}

/** What is neither a number nor the text of one: NaN, which fits nowhere. */
function toNumber(value: unknown): number {
  return typeof value === 'number' || (typeof value === 'string' && value.trim() !== '')
    ? Number(value)
    : Number.NaN;
}

/** Page ranges with commas between, of texts, numbers, and lists of them, which may be JSON in a text: `1-3,5`, `[1, 2, "4-5"]`. */
export const rangesText: z.ZodType<string, unknown[]> = z
  .array(z.unknown())
  .transform((values) => values.flat().map(rangeOf).join(','))
  .pipe(z.string().max(textMax));

/** Of what is no range, something that fits nowhere. */
function rangeOf(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return '?';
  const list = /^\s*\[(.*)\]\s*$/s.exec(value)?.[1];
  return list === undefined ? value : list.replaceAll(/["']/g, '').replace(/^\s+$/, '');
}

/** The object in a text; an empty one where nothing is sent, undefined where the text is no JSON. */
export function relaxedObject(value: unknown): unknown {
  if (value === undefined) return {};
  if (typeof value !== 'string') return value;
  try {
    return parseRelaxed(value.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}
