import * as library from '@e965/xlsx';
import type { ParsingOptions, WorkBook } from '@e965/xlsx';
import { shortDate } from './child-format.ts';
import type { OpenedZip } from './child-package.ts';

/** What its types do not tell of. */
const more = library as unknown as { parse_zip(zip: OpenedZip, options: ParsingOptions): WorkBook };

/** How a workbook is read: cells as rows, and their texts as Excel shows them in English. Formulas are not, as what came of them is stored. */
const options: ParsingOptions = {
  dense: true,
  nodim: true,
  cellFormula: false,
  cellHTML: false,
  cellNF: true,
  dateNF: shortDate,
  // Texts of HTML stay as they are.
  raw: true,
};

export function readPackage(zip: OpenedZip, own: ParsingOptions): WorkBook {
  // It keeps how dates are shown from the call of `read` before.
  library.read('\n', { type: 'string', ...options });
  return more.parse_zip(zip, { ...options, ...own });
}

export function readBytes(bytes: Buffer, own: ParsingOptions): WorkBook {
  return library.read(bytes, { type: 'buffer', ...options, ...own });
}

export function readMarkup(text: string): WorkBook {
  return library.read(text, { type: 'string', ...options });
}

/** Code pages of files from before Unicode. */
export async function loadCodePages(): Promise<void> {
  library.set_cptable(await import('@e965/xlsx/dist/cpexcel.full.mjs'));
}
