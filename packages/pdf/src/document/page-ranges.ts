import { PdfError } from '../errors.ts';
import { defaultLimits } from '../limits.ts';

/**
 * The pages that a text such as `1-3, 5, 8-, !1` names, as indexes from 0, in the order of the text: single pages, ranges
 * (downwards too), ranges without an end, and pages counted from the last by `!`. An empty text means all. `first` is
 * the number of the first page, 0 or 1, and likewise what `!` begins to count at. Throws PdfError `page-range` for a
 * text that says something else, `page-index` for a page that does not exist, `limit` for more than `pagesMax`.
 */
export function parsePageRanges(text: string, pageCount: number, first: 0 | 1, pagesMax: number): number[] {
  if (text.trim() === '') return Array.from({ length: pageCount }, (_, index) => index);
  const pages: number[] = [];
  for (const part of text.split(',')) {
    const match = /^\s*(!?\d+)\s*(?:(-)\s*(!?\d+)?\s*)?$/.exec(part);
    if (match === null) throw new PdfError('page-range', `The page range ${quoted(part)} is not understood.`);
    const from = pageIndex(match[1]!, pageCount, first);
    let to = from;
    if (match[2] !== undefined)
      to = match[3] === undefined ? pageCount - 1 : pageIndex(match[3], pageCount, first);
    if (pages.length + Math.abs(to - from) >= pagesMax)
      throw new PdfError('limit', 'The range names too many pages.');
    for (let page = from; page !== to; page += Math.sign(to - from)) pages.push(page);
    pages.push(to);
  }
  return pages;
}

/**
 * The parts that the text of a split such as `1-2, 3-` names, each as a list of page indexes from 0: pages count from 1,
 * every item between commas is one part, `*` makes a part of each page, an empty text one part of all. Throws as
 * `parsePageRanges` does; `pagesMax` is for all parts together.
 */
export function splitRanges(
  text: string,
  pageCount: number,
  pagesMax: number = defaultLimits.pagesMax,
): number[][] {
  const parts: number[][] = [];
  let left = pagesMax;
  const items = text.split(',');
  for (const item of items) {
    if (item.trim() === '' && items.length > 1)
      throw new PdfError('page-range', `The page ranges ${quoted(text)} have an empty item.`);
    const isEach = item.trim() === '*';
    const pages = parsePageRanges(isEach ? '' : item, pageCount, 1, left);
    left -= pages.length;
    if (left < 0) throw new PdfError('limit', 'The ranges name too many pages.');
    if (!isEach) parts.push(pages);
    else for (const page of pages) parts.push([page]);
  }
  return parts;
}

function pageIndex(text: string, pageCount: number, first: 0 | 1): number {
  const number = Number(text.replace('!', '')) - first;
  const index = text.startsWith('!') ? pageCount - 1 - number : number;
  if (number < 0 || index < 0 || index >= pageCount)
    throw new PdfError(
      'page-index',
      `There is no page ${quoted(text)}: pages go from ${first} to ${pageCount - 1 + first}.`,
    );
  return index;
}

function quoted(text: string): string {
  return JSON.stringify(text.trim().slice(0, 40));
}
