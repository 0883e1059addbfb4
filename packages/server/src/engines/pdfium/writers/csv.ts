import { gridOf } from '../layout/layout.ts';
import type { Writer, Writing } from './writer.ts';

/**
 * A row for each row of the grid of a page: every cell quoted, a separator after each, CRLF, UTF-8 without a byte order mark, as
 * clients of the original read it. Text stands as it was printed: one that begins with `=` would be taken for a formula by a
 * spreadsheet program, but programs compare what they get here with what they expect.
 */
export function csvWriter(
  { separator, quotation }: { readonly separator: string; readonly quotation: string },
  { out, settings }: Writing,
): Writer {
  const cellOf = (text: string) =>
    quotation + text.replaceAll(quotation, quotation + quotation) + quotation + separator;
  return {
    page(page) {
      for (const { cells } of gridOf(page, settings).rows) {
        const texts = cells.map((cell) => (cell?.text ?? '').replaceAll(/\r?\n/g, '\r\n'));
        if (texts.some((text) => text !== '')) out.write(`${texts.map(cellOf).join('')}\r\n`);
      }
    },
    end() {},
  };
}
