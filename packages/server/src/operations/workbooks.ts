import type { SheetOutput } from '../engines/capabilities.ts';
import { field, type Values } from './fields.ts';
import type { Outcome, Tools } from './operation.ts';
import { textFields } from './reading.ts';

/** The fields of all that writes a workbook as data. */
export const workbookFields = {
  url: field.source(
    'Link to the workbook (XLSX, XLSM, XLSB, XLS, ODS, CSV, SpreadsheetML, or HTML with tables); or a file part named `file`.',
  ),
  worksheetIndex: field.text(
    'Number of the sheet, from 1 (0 is the first too), or its name; hidden ones count. Empty: the first that is shown, and all that are shown where HTML or XML is made.',
  ),
  inline: textFields.inline,
};

/** Writes sheets of a workbook as `output`. */
export async function readWorkbook(
  output: SheetOutput,
  { url, worksheetIndex }: Values<typeof workbookFields>,
  { fetch, engine }: Tools,
): Promise<Outcome> {
  return engine('sheets.read', { workbook: await fetch(url), sheet: worksheetIndex.trim(), output });
}
