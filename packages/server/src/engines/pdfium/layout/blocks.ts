import type { ReadingSettings } from '../../capabilities.ts';
import type { Page } from '../page.ts';
import { allLines } from './lines.ts';
import type { Block, Line } from './model.ts';
import { boxOf } from './words.ts';

/** Of the height of a line: a gap of more between two lines parts paragraphs. */
const PARAGRAPH_GAP = 0.6;

export function blocksOfPage(page: Page, _settings: ReadingSettings): readonly Block[] {
  const blocks: Line[][] = [];
  for (const line of allLines(page)) {
    const last = blocks.at(-1)?.at(-1);
    const height = line.bottom - line.top;
    if (last !== undefined && line.top - last.bottom < PARAGRAPH_GAP * height && line.angle === last.angle)
      blocks.at(-1)?.push(line);
    else blocks.push([line]);
  }
  return blocks.map((lines) => ({ lines, ...boxOf(lines) }));
}
