import type { FileHandle, FileKind } from '../engines/capabilities.ts';
import { field } from './fields.ts';
import { intoOnePdf } from './into-pdf.ts';
import type { Outcome, Tools } from './operation.ts';
import { printSettings } from './printing.ts';

/** How documents of office programs become pages. */
export interface OfficeSettings {
  /** Of a workbook: the one sheet, by its number from 1 or its name; all where it is empty. */
  readonly sheet: string;
  readonly fitsPages: boolean;
  /** The pages that stay, from 0; all where it is empty. */
  readonly pages: string;
}

/** Fields of several operations that print documents. */
export const officeFields = {
  autosize: field.boolean(
    'Of a workbook: each sheet on one page, which is as large as the sheet needs.',
    false,
  ),
  pages: field.pages(
    'Pages of the result that stay, from 0, such as `0,2-4`, `2-`, or `!0` for the last page; empty means all.',
    {
      first: 0,
    },
  ),
};

/**
 * Makes one PDF of a source: of a document of an office program, a workbook, a table, or whatever else becomes pages; a PDF stays as it
 * is, and of a ZIP archive all files become one.
 */
export async function printDocument(
  source: FileHandle,
  settings: OfficeSettings,
  { engine, can }: Pick<Tools, 'engine' | 'can'>,
): Promise<Outcome> {
  const { files } = await engine('files.unpack', { files: [source] });
  const { sheet, fitsPages, pages } = settings;
  const [first] = files;
  const isOne = files.length === 1 && first !== undefined && isOffice(first.kind, can);
  const printed = isOne
    ? await engine('office.to-pdf', { document: source, sheet, fitsPages })
    : await intoOnePdf(files, { engine, can }, printSettings({}));
  if (pages === '') return printed;
  const kept = await engine('pdf.keep-pages', { document: printed.file, pages });
  return { ...kept, warnings: [...printed.warnings, ...kept.warnings] };
}

/** HTML goes to the browser where there is one. */
function isOffice(kind: FileKind, can: Tools['can']): boolean {
  return kind === 'office' || kind === 'workbook' || (kind === 'html' && !can('web.to-pdf'));
}
