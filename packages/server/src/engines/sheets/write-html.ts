import { escaped } from '../writing/markup.ts';
import type { Out } from '../writing/out.ts';
import { type Span, Spans } from './spans.ts';
import { type MergedCells, type Table, type TableCell, widthOf } from './table.ts';

const style =
  'body{font-family:Arial,sans-serif;font-size:10pt}table{border-collapse:collapse;margin-bottom:1em}td{border:1px solid #ccc;padding:1px 4px;vertical-align:bottom;white-space:pre-wrap}td.n{text-align:right}';
const schemes = ['http:', 'https:', 'mailto:'];

/** A table for each sheet, under its name where there are several. Nothing of it runs, and nothing is loaded. */
export function writeHtml(tables: readonly Table[], out: Out): void {
  const title = escaped(
    tables
      .map(({ name }) => name)
      .join(', ')
      .slice(0, 200),
  );
  out.write('<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n');
  out.write(`<title>${title}</title>\n<style>${style}</style>\n</head>\n<body>\n`);
  for (const table of tables) {
    if (tables.length > 1) out.write(`<h2>${escaped(table.name)}</h2>\n`);
    out.write('<table>\n');
    let number = 0;
    const spans = new Spans(table.merged);
    for (const row of table.rows()) writeRow(row, widthOf(table, row), spans.of(number++), out);
    out.write('</table>\n');
  }
  out.write('</body>\n</html>\n');
}

function writeRow(
  row: readonly (TableCell | undefined)[],
  width: number,
  spans: readonly Span[],
  out: Out,
): void {
  out.write('<tr>');
  let next = 0;
  for (let column = 0; column < width; column++) {
    while ((spans[next]?.last ?? Infinity) < column) next += 1;
    const span = spans[next];
    const isIn = span !== undefined && span.merged.column <= column;
    if (!isIn) out.write(cellOf(row[column], ''));
    else {
      const { merged, isFirstRow, last } = span;
      if (isFirstRow) out.write(cellOf(row[column], spansOf(merged)));
      column = last;
    }
  }
  out.write('</tr>\n');
}

function cellOf(cell: TableCell | undefined, attributes: string): string {
  if (cell === undefined) return `<td${attributes}></td>`;
  const text = escaped(cell.text);
  const href = hrefOf(cell.link);
  const content = href === undefined ? text : `<a href="${escaped(href, true)}">${text}</a>`;
  return `<td${attributes}${cell.isNumber ? ' class="n"' : ''}>${content}</td>`;
}

function spansOf({ rows, columns }: MergedCells): string {
  return `${columns > 1 ? ` colspan="${columns}"` : ''}${rows > 1 ? ` rowspan="${rows}"` : ''}`;
}

/** The web, or a mail: nothing that runs, and no file. */
function hrefOf(link: string | undefined): string | undefined {
  if (link === undefined || !URL.canParse(link)) return undefined;
  const { protocol, href } = new URL(link);
  return schemes.includes(protocol) ? href : undefined;
}
