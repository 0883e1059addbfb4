import type { Out } from '../../writing/out.ts';
import { digitWidth, Styles } from '../../writing/sheet-styles.ts';
import type { PlacedCell, Workbook } from '../../writing/workbook.ts';
import { writeCompound } from '../../compound/writer.ts';
import { long, record, textOf, WaitingBytes, words } from './xls-records.ts';
import { SharedStrings } from './xls-strings.ts';
import { styleOfStylesCount, styleRecords } from './xls-styles.ts';

const workbookKind = 0x00_05;
const sheetKind = 0x00_10;
/** A compound file has at most 2 GiB, with what it needs itself. */
const bytesMax = 2_000_000_000;
/** Widths of columns count in 256ths of a digit (2.4.53). */
const widthMax = 255 * 256;
/** Merged cells of one record (2.4.168). */
const mergedMax = 1026;
const utf16 = 1200;

/** A sheet that is being written. */
interface OpenSheet {
  readonly name: string;
  readonly columns: readonly Buffer[];
  readonly cells: WaitingBytes;
  readonly merged: Buffer[];
  rowCount: number;
  columnCount: number;
}

/** One that is written: its records, and how many bytes these have together. */
interface ClosedSheet {
  readonly name: string;
  readonly size: number;
  readonly parts: readonly WaitingBytes[];
}

/**
 * The binary format of Excel 97 ([MS-XLS], BIFF8). What all sheets have in common stands in front of them, and is known when the last
 * is written: until then records wait in memory, packed.
 */
export class XlsWorkbook implements Workbook {
  readonly limits = { rowsMax: 65_536, columnsMax: 256 };
  readonly styles = new Styles();
  readonly isFull = false;
  readonly #out: Out;
  readonly #strings = new SharedStrings();
  readonly #sheets: ClosedSheet[] = [];
  #open: OpenSheet | undefined;

  constructor(out: Out) {
    this.#out = out;
  }

  begin(name: string, widths: readonly number[]): void {
    this.#close();
    const columns = widths.map((width, index) => {
      const digits = Math.round(Math.min(Math.max((width / digitWidth) * 256, 256), widthMax));
      return record('ColInfo', words(index, index, digits, styleOfStylesCount, 2, 0));
    });
    this.#open = { name, columns, cells: new WaitingBytes(), merged: [], rowCount: 0, columnCount: 0 };
  }

  row(row: number, cells: readonly PlacedCell[]): void {
    const sheet = this.#open;
    if (sheet === undefined || cells.length === 0) return;
    sheet.rowCount = row + 1;
    for (const { column, columns, rows, value, style } of cells) {
      const place = words(row, column, styleOfStylesCount + style);
      sheet.columnCount = Math.max(sheet.columnCount, column + 1);
      sheet.cells.write(
        typeof value === 'number'
          ? record('Number', place, double(value))
          : record('LabelSst', place, long(this.#strings.placeOf(value))),
      );
      if (columns > 1 || rows > 1)
        sheet.merged.push(words(row, row + rows - 1, column, column + columns - 1));
    }
  }

  end(): void {
    this.#close();
    const sheets = this.#sheets;
    const strings = this.#strings.end();
    const front = [
      beginning(workbookKind),
      record('CodePage', words(utf16)),
      record('Window1', words(0, 0, 0x3f_cf, 0x2a_4e, 0x38, 0, 0, 1, 0x02_58)),
      record('Date1904', words(0)),
      ...styleRecords(this.styles),
    ];
    const bounds = (at: number) =>
      sheets.map(({ name, size }) => {
        const bound = record('BoundSheet8', long(at), Buffer.of(0, 0), textOf(name, 8));
        at += size;
        return bound;
      });
    const last = record('EOF');
    const frontSize = sizeOf([...front, ...bounds(0), last]) + strings.size;
    const size = sheets.reduce((sum, one) => sum + one.size, frontSize);
    if (size > bytesMax) throw Object.assign(new Error('too large for XLS'), { code: 'EFBIG' });
    writeCompound(this.#out, 'Workbook', size, pieces());

    function* pieces(): Generator<Uint8Array> {
      yield* front;
      yield* bounds(frontSize);
      yield* strings.read();
      yield last;
      for (const { parts } of sheets) for (const part of parts) yield* part.read();
    }
  }

  #close(): void {
    if (this.#open === undefined) return;
    const { name, columns, cells, merged, rowCount, columnCount } = this.#open;
    const front = new WaitingBytes();
    const used = words(0, columnCount, 0);
    front.write(beginning(sheetKind), ...columns, record('Dimensions', long(0), long(rowCount), used));
    const isFirst = this.#sheets.length === 0;
    cells.write(record('Window2', words(isFirst ? 0x06_b6 : 0xb6, 0, 0, 0x40, 0, 0, 0, 0, 0)));
    for (let at = 0; at < merged.length; at += mergedMax) {
      const some = merged.slice(at, at + mergedMax);
      cells.write(record('MergeCells', words(some.length), ...some));
    }
    cells.write(record('EOF'));
    this.#sheets.push({ name, size: front.size + cells.size, parts: [front.end(), cells.end()] });
    this.#open = undefined;
  }
}

/** 2.4.21: of the workbook, or of a sheet. */
function beginning(kind: number): Buffer {
  return record('BOF', words(0x06_00, kind, 0x18_af, 0x07_cd), long(0xc1), long(0x06));
}

function sizeOf(records: readonly Buffer[]): number {
  return records.reduce((sum, one) => sum + one.length, 0);
}

function double(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes;
}
