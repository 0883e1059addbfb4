import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import { fileSource, info } from '@octavo/pdf';
import { Refused } from '../../sandbox/refusal.ts';
import type { PrintSettings } from '../capabilities.ts';
import { Declined } from './child-protocol.ts';
import type { Tab } from './child-tab.ts';

const inch = 72;
const chunkBytes = 1024 * 1024;
const nothing = '<span></span>';

/** Prints the page of a tab into a file. Gives the number of its pages. */
export async function print(
  tab: Tab,
  { paper, heedsPageSize, margins, background, header, footer }: PrintSettings,
  path: string,
  pagesMax: number,
): Promise<{ readonly pageCount: number; readonly warnings: readonly string[] }> {
  const printed = await tab
    .send('Page.printToPDF', {
      paperWidth: paper.width / inch,
      paperHeight: paper.height / inch,
      preferCSSPageSize: heedsPageSize,
      marginTop: margins.top / inch,
      marginRight: margins.right / inch,
      marginBottom: margins.bottom / inch,
      marginLeft: margins.left / inch,
      printBackground: background,
      displayHeaderFooter: header !== '' || footer !== '',
      headerTemplate: header === '' ? nothing : header,
      footerTemplate: footer === '' ? nothing : footer,
      pageRanges: `1-${pagesMax}`,
      transferMode: 'ReturnAsStream',
    })
    .catch((error: unknown) => {
      throw error instanceof Declined ? new Refused('limit', 'it cannot be printed') : error;
    });
  await save(tab, printed['stream'] as string, path);
  const pageCount = countPages(path);
  const warnings = pageCount < pagesMax ? [] : [`Of the page no more than ${pagesMax} sheets are printed.`];
  return { pageCount, warnings };
}

async function save(tab: Tab, handle: string, path: string): Promise<void> {
  const file = openSync(path, 'w');
  try {
    for (let isEnd = false; !isEnd;) {
      const piece = await tab.send('IO.read', { handle, size: chunkBytes });
      const { data, base64Encoded, eof } = piece as { data: string; base64Encoded?: boolean; eof: boolean };
      const bytes = Buffer.from(data, base64Encoded === true ? 'base64' : 'utf8');
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
      isEnd = eof;
    }
  } finally {
    closeSync(file);
  }
}

function countPages(path: string): number {
  if (statSync(path).size === 0) throw new Refused('limit', 'it cannot be printed');
  const source = fileSource(path);
  try {
    return info(source).pageCount;
  } finally {
    source.close();
  }
}
