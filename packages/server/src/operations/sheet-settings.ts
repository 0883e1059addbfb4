import type { ReadingOutput } from '../engines/capabilities.ts';
import { field, type Values } from './fields.ts';
import { readingProfiles } from './reading.ts';

/** What `profiles` say of a workbook, besides what they say of all reading. */
export const sheetProfiles = {
  ...readingProfiles,
  AutoDetectNumbers: field.boolean('Cells are numbers and dates where they are written so.', true),
  NumberDecimalSeparator: field.text(
    'Before the decimals of numbers; empty: found by how numbers of the document are written.',
  ),
  NumberGroupSeparator: field.text('Between the thousands of numbers; empty: found in the same way.'),
  RichTextFormatting: field.boolean('Fonts and colours as on the page.', true),
  PageToWorksheet: field.boolean('A worksheet for each page; otherwise one for all.', true),
};

/** What a call asks for of a workbook. */
export function sheetOutput(as: 'xlsx' | 'xls', profiles: Values<typeof sheetProfiles>): ReadingOutput {
  return {
    as,
    decimalSeparator: profiles.NumberDecimalSeparator,
    groupSeparator: profiles.NumberGroupSeparator,
    numbers: profiles.AutoDetectNumbers,
    styles: profiles.RichTextFormatting,
    sheetPerPage: profiles.PageToWorksheet,
  };
}
