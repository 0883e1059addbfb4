import type { Out } from '../writing/out.ts';
import { type Table, widthOf } from './table.ts';

/**
 * Cells with separators between them, CRLF, UTF-8 without a byte order mark, as the original writes them: quoted only where a cell
 * holds a separator, a quotation mark or a line end. Text stays as it is shown, also where a program would take it for a formula.
 */
export function writeCsv(
  table: Table,
  { separator, quotation }: { readonly separator: string; readonly quotation: string },
  out: Out,
): void {
  const cellOf = (text: string) => {
    if (!text.includes(separator) && !text.includes(quotation) && !/[\r\n]/.test(text)) return text;
    const inner = text.replaceAll(quotation, quotation + quotation).replaceAll(/\r\n?|\n/g, '\r\n');
    return quotation + inner + quotation;
  };
  for (const row of table.rows()) {
    const width = widthOf(table, row);
    let line = '';
    for (let column = 0; column < width; column++) {
      if (column > 0) line += separator;
      line += cellOf(row[column]?.text ?? '');
    }
    out.write(`${line}\r\n`);
  }
}
