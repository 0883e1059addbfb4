import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import { fileSource, info } from '@octavo/pdf';
import { Refused } from '../../sandbox/refusal.ts';
import type { PrintSettings } from '../capabilities.ts';
import { Declined, type Params } from './child-protocol.ts';
import type { Tab } from './child-tab.ts';
import type { BrowseLimits } from './messages.ts';

const inch = 72;
const chunkBytes = 1024 * 1024;
const pixelsPerInch = 96;
const nothing = '<span></span>';
/** A page that would have so many times the sheets that are printed is refused: to lay it out takes minutes. */
const sheetsOverMax = 2;

/** Prints the page of a tab into a file. Gives the number of its pages. Throws Refused. */
export async function print(
  tab: Tab,
  settings: PrintSettings,
  path: string,
  { pagesMax, scriptMs }: BrowseLimits,
): Promise<{ readonly pageCount: number; readonly warnings: readonly string[] }> {
  const warnings: string[] = [];
  await assertLength(tab, settings, pagesMax);
  const parameters = parametersOf(settings, pagesMax);
  const printed = await attempt(tab, parameters, scriptMs).catch(async (error: unknown) => {
    if (!(error instanceof Declined)) throw error;
    warnings.push(
      'The page went elsewhere when it was printed: what stood there is printed, without its scripts.',
    );
    await tab.still();
    return attempt(tab, parameters, scriptMs).catch(refuse);
  });
  await save(tab, printed['stream'] as string, path);
  const pageCount = countPages(path);
  if (pageCount === pagesMax) warnings.push(`Of the page no more than ${pagesMax} sheets are printed.`);
  return { pageCount, warnings };
}

/** By what it takes on the screen, which is near enough. */
async function assertLength(tab: Tab, { paper }: PrintSettings, pagesMax: number): Promise<void> {
  const { cssContentSize } = await tab.send('Page.getLayoutMetrics');
  const { height } = cssContentSize as { height: number };
  const sheets = height / ((paper.height / inch) * pixelsPerInch);
  if (sheets > pagesMax * sheetsOverMax)
    throw new Refused('limit', `it would have more than ${pagesMax * sheetsOverMax} sheets`);
}

/** Ends what scripts do for longer than they may: pages hear that they are printed. */
async function attempt(tab: Tab, parameters: Params, scriptMs: number): Promise<Params> {
  const late = setTimeout(() => void tab.endScript(), scriptMs);
  try {
    return await tab.send('Page.printToPDF', parameters);
  } finally {
    clearTimeout(late);
  }
}

function refuse(error: unknown): never {
  throw error instanceof Declined ? new Refused('limit', 'it cannot be printed') : error;
}

function parametersOf(
  { paper, heedsPageSize, margins, background, header, footer }: PrintSettings,
  pagesMax: number,
): Params {
  return {
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
  };
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
