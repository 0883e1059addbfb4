import type { ReadingSettings, SearchSettings } from '../engines/capabilities.ts';
import { Failure } from '../errors.ts';
import { type Field, field, type Values } from './fields.ts';
import { readingProfiles, readingSettings } from './reading.ts';

const lengthMax = 4_000;

/** What is looked for in text. */
export const searchString: Field<string> = {
  ...field.text(
    'Text, of which a blank stands for any blanks and line breaks; or with `regexSearch` a regular expression, in the spelling of .NET without references to groups and without looking ahead or behind.',
  ),
  expected: `text of 1 to ${lengthMax} characters`,
  schema: field.text('').schema.refine((text) => text.trim() !== '' && text.length <= lengthMax),
  wire: { type: 'string', minLength: 1, maxLength: lengthMax },
  required: true,
};

export const regexSearch = field.boolean('`searchString` is a regular expression.', false);

/** The keys of `profiles` of all that looks for text. */
export const searchProfiles = {
  ExtractInvisibleText: readingProfiles.ExtractInvisibleText,
  ExtractAnnotations: readingProfiles.ExtractAnnotations,
  CheckPermissions: readingProfiles.CheckPermissions,
  RotationAngle: readingProfiles.RotationAngle,
};

/** How text is read in which something is looked for: what is drawn twice counts once. */
export function searchedText(profiles: Values<typeof searchProfiles>): ReadingSettings {
  return { ...readingSettings({}, profiles), shadowText: false };
}

/** Throws `abilityMissing` for a macro that stands for something else than text. */
export function searchOf(
  text: string,
  isExpression: boolean,
  caseSensitive: boolean,
  words: SearchSettings['words'],
): SearchSettings {
  if (/^\s*\[\[\s*barcode\b/i.test(text))
    throw new Failure('abilityMissing', { what: 'barcodes are not read here, only text is found' });
  return { text, isExpression, caseSensitive, words };
}

/** Ranges of pages from 1, each of which begins at a key or behind it. */
export function partsAt(keys: readonly number[], pageCount: number, leavesKeysOut: boolean): string[] {
  const starts = [...new Set([0, ...keys])].sort((one, other) => one - other);
  return starts.flatMap((start, index) => {
    const from = leavesKeysOut && keys.includes(start) ? start + 2 : start + 1;
    const to = starts[index + 1] ?? pageCount;
    return from > to ? [] : [from === to ? `${from}` : `${from}-${to}`];
  });
}
