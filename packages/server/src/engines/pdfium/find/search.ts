import type { Hit, ReadingSettings } from '../../capabilities.ts';
import { blocksOf, linesOf } from '../layout/layout.ts';
import { boxOf } from '../layout/words.ts';
import type { Box, Page } from '../page.ts';
import { pageText, type PageText } from './page-text.ts';
import type { Pattern } from './pattern.ts';

type Element = Hit['elements'][number];

/**
 * Where patterns stand on a page, from top to bottom: in its lines, each over the whole width of the page; and over line ends in what is
 * read one after the other.
 */
export function searchPage(
  page: Page,
  settings: ReadingSettings,
  patterns: readonly Pattern[],
  hitsMax: number,
): Hit[] {
  const lines = linesOf(page, settings).map((line) => pageText([line]));
  const blocks = pageText(blocksOf(page, settings).flatMap((block) => block.lines));
  const hits: Hit[] = [];
  for (const pattern of patterns) {
    const found = new Set<Box>();
    const add = (text: PageText, from: number, to: number) => {
      for (const box of text.boxes.slice(from, to)) if (box !== undefined) found.add(box);
      hits.push(hitOf(page.index, text, from, to));
    };
    for (const line of lines)
      for (const [from, to] of pattern.find(line.text)) {
        if (hits.length >= hitsMax) return inOrder(hits);
        add(line, from, to);
      }
    for (const [from, to] of pattern.find(blocks.text)) {
      if (blocks.lines[from] === blocks.lines[to - 1]) continue;
      if (blocks.boxes.slice(from, to).some((box) => box !== undefined && found.has(box))) continue;
      if (hits.length >= hitsMax) return inOrder(hits);
      add(blocks, from, to);
    }
  }
  return inOrder(hits);
}

function inOrder(hits: Hit[]): Hit[] {
  const start = ({ elements: [first], left, top }: Hit) => first ?? { left, top };
  return hits.sort((one, other) => start(one).top - start(other).top || start(one).left - start(other).left);
}

function hitOf(pageIndex: number, { text, boxes, lines }: PageText, from: number, to: number): Hit {
  const elements: Element[] = [];
  for (let start = from; start < to;) {
    let end = start + 1;
    while (end < to && lines[end] === lines[start] && text[end] !== '\n') end++;
    const some = boxes.slice(start, end).filter((box) => box !== undefined);
    if (some.length > 0) elements.push({ text: text.slice(start, end), ...areaOf(boxOf(some)) });
    start = end + (text[end] === '\n' ? 1 : 0);
  }
  const all = boxes.slice(from, to).filter((box) => box !== undefined);
  return {
    text: text.slice(from, to).replaceAll('\n', ' '),
    ...areaOf(boxOf(all)),
    pageIndex,
    elements,
  };
}

export function areaOf({ left, top, right, bottom }: Box) {
  return {
    left: rounded(left),
    top: rounded(top),
    width: rounded(right - left),
    height: rounded(bottom - top),
  };
}

/** To a thousandth of a point. */
function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
