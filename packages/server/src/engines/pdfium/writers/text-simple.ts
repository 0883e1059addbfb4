import { blocksOf } from '../layout/layout.ts';
import type { Writer, Writing } from './writer.ts';

/** Text in the order in which it is read: blocks one after another with an empty line between, pages with a form feed. */
export function simpleTextWriter(
  { lineEnding }: { readonly lineEnding: string },
  { out, settings }: Writing,
): Writer {
  let isFirst = true;
  return {
    page(page) {
      if (!isFirst) out.write('\f');
      isFirst = false;
      const blocks = blocksOf(page, settings).map(({ lines }) => lines.map(({ text }) => text + lineEnding));
      out.write(blocks.map((lines) => lines.join('')).join(lineEnding));
    },
    end() {},
  };
}
