import { escaped } from '../writing/markup.ts';
import type { Out } from '../writing/out.ts';
import { type Table, widthOf } from './table.ts';

/** `workbook`, `worksheet`, `row`, `column`, with two blanks for each level and CRLF, as UTF-8. */
export function writeXml(tables: Iterable<Table>, out: Out): void {
  out.write('<?xml version="1.0" encoding="utf-8"?>\r\n<workbook>\r\n');
  for (const table of tables) {
    out.write(`  <worksheet index="${table.number}" name="${escaped(table.name, true)}">\r\n`);
    for (const row of table.rows()) {
      const width = widthOf(table, row);
      out.write(width === 0 ? '    <row />\r\n' : '    <row>\r\n');
      for (let column = 0; column < width; column++) {
        const text = row[column]?.text ?? '';
        out.write(text === '' ? '      <column />\r\n' : `      <column>${escaped(text)}</column>\r\n`);
      }
      if (width > 0) out.write('    </row>\r\n');
    }
    out.write('  </worksheet>\r\n');
  }
  out.write('</workbook>\r\n');
}
