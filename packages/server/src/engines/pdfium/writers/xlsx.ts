import { escaped } from './markup.ts';
import { type CellFont, type StyleEntry, Styles } from './sheet-styles.ts';
import { type PlacedCell, type SheetOutput, sheetWriter, type Workbook } from './sheet.ts';
import type { Out, Writer, Writing } from './writer.ts';
import { ZipWriter } from './zip.ts';

/** Office Open XML (ECMA-376), row by row: its texts stand in the cells, so that no table of them has to be kept. */
export function xlsxWriter(output: SheetOutput, writing: Writing): Writer {
  return sheetWriter(output, writing, new XlsxWorkbook(writing.out));
}

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packaging = 'http://schemas.openxmlformats.org/package/2006';
const office = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
/** A ZIP entry of 4 GiB would need the fields of ZIP64. */
const sheetBytesMax = 2 ** 31;
/** Points of a digit in the usual font: widths of columns count in these (18.3.1.13). */
const digitWidth = 5.25;
/** The widest column that there is, in digits. */
const widthMax = 255;
/** Formats below are those that every program has (18.8.30). */
const ownFormatsFrom = 164;
const builtInFormats = new Map([
  ['General', 0],
  ['0', 1],
  ['0.00', 2],
  ['#,##0', 3],
  ['#,##0.00', 4],
  ['0%', 9],
  ['0.00%', 10],
  ['@', 49],
]);

export class XlsxWorkbook implements Workbook {
  readonly limits = { rowsMax: 1_048_576, columnsMax: 16_384 };
  readonly styles = new Styles();
  readonly #zip: ZipWriter;
  readonly #names: string[] = [];
  #merged: string[] = [];

  constructor(out: Out) {
    this.#zip = new ZipWriter(out);
    this.#part(
      '_rels/.rels',
      `<Relationships xmlns="${packaging}/relationships"><Relationship Id="rId1" Type="${relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    );
  }

  get isFull(): boolean {
    return this.#zip.entrySize > sheetBytesMax;
  }

  begin(name: string, widths: readonly number[]): void {
    this.#endSheet();
    this.#names.push(name);
    const columns = widths.map(
      (width, index) =>
        `<col min="${index + 1}" max="${index + 1}" width="${Math.min(Math.max(width / digitWidth, 1), widthMax).toFixed(2)}" customWidth="1"/>`,
    );
    this.#part(
      `xl/worksheets/sheet${this.#names.length}.xml`,
      `<worksheet xmlns="${main}">${columns.length === 0 ? '' : `<cols>${columns.join('')}</cols>`}<sheetData>`,
    );
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
    const numbers = this.#names.map((_, index) => index + 1);
    const styles = numbers.length + 1;
    this.#part(
      'xl/workbook.xml',
      `<workbook xmlns="${main}" xmlns:r="${relations}"><sheets>${this.#names
        .map((name, index) => `<sheet name="${name}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`)
        .join('')}</sheets></workbook>`,
    );
    this.#part(
      'xl/_rels/workbook.xml.rels',
      `<Relationships xmlns="${packaging}/relationships">${numbers
        .map(
          (number) =>
            `<Relationship Id="rId${number}" Type="${relations}/worksheet" Target="worksheets/sheet${number}.xml"/>`,
        )
        .join(
          '',
        )}<Relationship Id="rId${styles}" Type="${relations}/styles" Target="styles.xml"/></Relationships>`,
    );
    this.#part('xl/styles.xml', stylesXml(this.styles));
    this.#part(
      '[Content_Types].xml',
      `<Types xmlns="${packaging}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${office}.sheet.main+xml"/>${numbers
        .map(
          (number) =>
            `<Override PartName="/xl/worksheets/sheet${number}.xml" ContentType="${office}.worksheet+xml"/>`,
        )
        .join('')}<Override PartName="/xl/styles.xml" ContentType="${office}.styles+xml"/></Types>`,
    );
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

function stylesXml({ fonts, formats, fills, entries }: Styles): string {
  const own = formats.list.flatMap((format, place) =>
    builtInFormats.has(format)
      ? []
      : [`<numFmt numFmtId="${ownFormatsFrom + place}" formatCode="${escaped(format, true)}"/>`],
  );
  const list = (name: string, items: readonly string[]) =>
    items.length === 0 ? '' : `<${name} count="${items.length}">${items.join('')}</${name}>`;
  // The first two fills are those that every program takes for none and for grey dots, whatever they say.
  const patterns = fills.list.slice(1).map((color) => {
    const rgb = argbOf(color);
    return `<fill><patternFill patternType="solid"><fgColor rgb="${rgb}"/></patternFill></fill>`;
  });
  const first = ['none', 'gray125'].map((type) => `<fill><patternFill patternType="${type}"/></fill>`);
  return `<styleSheet xmlns="${main}">${list('numFmts', own)}${list('fonts', fonts.list.map(fontXml))}${list('fills', [...first, ...patterns])}<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>${list(
    'cellXfs',
    entries.list.map((entry) => entryXml(entry, formats.list)),
  )}</styleSheet>`;
}

function fontXml({ family, size, isBold, isItalic, color }: CellFont): string {
  return `<font>${isBold ? '<b/>' : ''}${isItalic ? '<i/>' : ''}<sz val="${size}"/><color rgb="${argbOf(color)}"/><name val="${escaped(family, true)}"/></font>`;
}

function entryXml({ font, fill, format, wraps, isQuoted }: StyleEntry, formats: readonly string[]): string {
  const number = builtInFormats.get(formats[format] ?? '') ?? ownFormatsFrom + format;
  const uses = [
    `numFmtId="${number}" fontId="${font}" fillId="${fill === 0 ? 0 : fill + 1}" borderId="0" xfId="0"`,
    ...(number === 0 ? [] : ['applyNumberFormat="1"']),
    ...(font === 0 ? [] : ['applyFont="1"']),
    ...(fill === 0 ? [] : ['applyFill="1"']),
    ...(isQuoted ? ['quotePrefix="1"'] : []),
  ].join(' ');
  return wraps
    ? `<xf ${uses} applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>`
    : `<xf ${uses}/>`;
}

function argbOf(color: string): string {
  return `FF${color.slice(1).toUpperCase()}`;
}
