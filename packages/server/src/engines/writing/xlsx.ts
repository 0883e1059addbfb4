import { escaped } from './markup.ts';
import type { Out } from './out.ts';
import { digitWidth, Styles } from './sheet-styles.ts';
import type { PlacedCell, Workbook } from './workbook.ts';
import { contentTypes, main, rootRelations, sheetName, sheetRelations, workbookXml } from './xlsx-parts.ts';
import { stylesXml } from './xlsx-styles.ts';
import { ZipWriter } from './zip.ts';

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
/** A ZIP entry of 4 GiB would need the fields of ZIP64. */
const sheetBytesMax = 2 ** 31;
/** Inches around what is printed. */
const margins = '<pageMargins left="0.5" right="0.5" top="0.5" bottom="0.5" header="0.3" footer="0.3"/>';
/** The widest column that there is, in digits. */
const widthMax = 255;

/** Office Open XML (ECMA-376), row by row: its texts stand in the cells, so that no table of them has to be kept. */
export class XlsxWorkbook implements Workbook {
  readonly limits = { rowsMax: 1_048_576, columnsMax: 16_384 };
  readonly styles = new Styles();
  readonly #zip: ZipWriter;
  readonly #names: string[] = [];
  readonly #repeating: number[] = [];
  #print: { readonly isLandscape: boolean } | undefined;
  #merged: string[] = [];

  constructor(out: Out) {
    this.#zip = new ZipWriter(out);
    this.#part('_rels/.rels', rootRelations);
  }

  get isFull(): boolean {
    return this.#zip.entrySize > sheetBytesMax;
  }

  /** `print` makes it fit for paper: one page wide on A4, with its first row on each page. */
  begin(name: string, widths: readonly number[], print?: { readonly isLandscape: boolean }): void {
    this.#endSheet();
    this.#names.push(name);
    this.#print = print;
    if (print !== undefined) this.#repeating.push(this.#names.length - 1);
    const columns = widths.map((width, index) => {
      const digits = Math.min(Math.max(width / digitWidth, 1), widthMax).toFixed(2);
      return `<col min="${index + 1}" max="${index + 1}" width="${digits}" customWidth="1"/>`;
    });
    const fits = print === undefined ? '' : '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>';
    const head = fits + (columns.length === 0 ? '' : `<cols>${columns.join('')}</cols>`);
    this.#part(`xl/${sheetName(this.#names.length)}`, `<worksheet xmlns="${main}">${head}<sheetData>`);
  }

  row(row: number, cells: readonly PlacedCell[]): void {
    if (cells.length === 0) return;
    this.#zip.write(`<row r="${row + 1}">${cells.map((cell) => cellXml(row, cell)).join('')}</row>`);
    for (const { column, columns, rows } of cells) {
      if (columns > 1 || rows > 1)
        this.#merged.push(`${nameOf(row, column)}:${nameOf(row + rows - 1, column + columns - 1)}`);
    }
  }

  end(): void {
    this.#endSheet();
    const count = this.#names.length;
    this.#part('xl/workbook.xml', workbookXml(this.#names, this.#repeating));
    this.#part('xl/_rels/workbook.xml.rels', sheetRelations(count));
    this.#part('xl/styles.xml', stylesXml(this.styles));
    this.#part('[Content_Types].xml', contentTypes(count));
    this.#zip.end();
  }

  #part(name: string, xml: string): void {
    this.#zip.begin(name);
    this.#zip.write(declaration + xml);
  }

  #endSheet(): void {
    if (this.#names.length === 0) return;
    this.#zip.write('</sheetData>');
    if (this.#merged.length > 0) {
      this.#zip.write(`<mergeCells count="${this.#merged.length}">`);
      for (const place of this.#merged) this.#zip.write(`<mergeCell ref="${place}"/>`);
      this.#zip.write('</mergeCells>');
    }
    if (this.#print !== undefined) {
      const orientation = this.#print.isLandscape ? 'landscape' : 'portrait';
      this.#zip.write(`${margins}<pageSetup paperSize="9" orientation="${orientation}" fitToHeight="0"/>`);
    }
    this.#zip.write('</worksheet>');
    this.#merged = [];
  }
}

function cellXml(row: number, { column, value, style }: PlacedCell): string {
  const place = `r="${nameOf(row, column)}"${style === 0 ? '' : ` s="${style}"`}`;
  return typeof value === 'number'
    ? `<c ${place}><v>${value}</v></c>`
    : `<c ${place} t="inlineStr"><is><t xml:space="preserve">${xmlOf(value)}</t></is></c>`;
}

/** `_x0041_` stands for a character (22.9.2.19), so that an underscore before such a text is written in this way too. */
function xmlOf(text: string): string {
  return escaped(text.replaceAll(/_(?=x[\dA-Fa-f]{4}_)/g, '_x005F_'));
}

/** `A1` of the first row and column, which count from 0. */
function nameOf(row: number, column: number): string {
  let letters = '';
  for (let rest = column + 1; rest > 0; rest = Math.floor((rest - 1) / 26))
    letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters;
  return letters + (row + 1);
}
