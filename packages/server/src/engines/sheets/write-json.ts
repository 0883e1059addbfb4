import type { Out } from '../writing/out.ts';
import { type Table, widthOf } from './table.ts';

/**
 * A list of rows, each an object with `Column0` and so on: texts as they are shown, null for an empty cell. Printed as by the original,
 * with two blanks for each level and CRLF.
 */
export function writeJson(table: Table, out: Out): void {
  let isFirst = true;
  out.write('[');
  for (const row of table.rows()) {
    out.write(`${isFirst ? '' : ','}\r\n  {`);
    isFirst = false;
    const width = widthOf(table, row);
    for (let column = 0; column < width; column++) {
      const text = row[column]?.text ?? '';
      const value = text === '' ? 'null' : JSON.stringify(text.toWellFormed());
      out.write(`${column === 0 ? '' : ','}\r\n    "Column${column}": ${value}`);
    }
    out.write(width === 0 ? '}' : '\r\n  }');
  }
  out.write(isFirst ? ']' : '\r\n]');
}
