import { linesOf } from '../layout/layout.ts';
import type { Writer, Writing } from './writer.ts';

/** Lines with CRLF, and a form feed between pages. */
export function textWriter({ out, settings }: Writing): Writer {
  let isFirst = true;
  return {
    page(page) {
      if (!isFirst) out.write('\f');
      isFirst = false;
      for (const { text } of linesOf(page, settings)) out.write(`${text}\r\n`);
    },
    end() {},
  };
}
