import { blocksOf, textOf } from '../layout/layout.ts';
import { joined } from '../layout/cells.ts';
import type { Page } from '../page.ts';
import type { Writer, Writing } from './writer.ts';

/**
 * Lines with CRLF, and a form feed between pages. Blanks keep everything in its place, unless the settings say that text runs, or is read column by column: then one
 * block comes after the other, with an empty line between.
 */
export function textWriter(writing: Writing): Writer {
  const { keepsLayout, columnByColumn } = writing.settings;
  return keepsLayout && !columnByColumn ? placedWriter(writing) : runningWriter('\r\n', writing);
}

function placedWriter({ out, settings }: Writing): Writer {
  return eachPage(out, (page) => {
    for (const { parts, emptyLinesBefore } of textOf(page, settings)) {
      let line = '';
      for (const { column, text } of parts) line = line.padEnd(column) + text;
      out.write(`${'\r\n'.repeat(emptyLinesBefore)}${line.trimEnd()}\r\n`);
    }
  });
}

/** Blocks in the order in which they are read. */
export function runningWriter(lineEnding: string, { out, settings }: Writing): Writer {
  return eachPage(out, (page) => {
    const blocks = blocksOf(page, settings).map(({ lines }) => joined(lines, settings));
    if (blocks.length > 0) out.write(`${blocks.join('\n\n')}\n`.replaceAll('\n', lineEnding));
  });
}

function eachPage(out: Writing['out'], write: (page: Page) => void): Writer {
  let isFirst = true;
  return {
    page(page) {
      if (!isFirst) out.write('\f');
      isFirst = false;
      write(page);
    },
    end() {},
  };
}
