import type { ReadingSettings } from '../../capabilities.ts';
import type { Cell, Line } from './model.ts';
import { boxOf } from './words.ts';

type TextSettings = Pick<ReadingSettings, 'unwrap' | 'removesHyphens' | 'trimSpaces' | 'shrinkSpaces'>;

/** Lines that stand in one cell, from top to bottom; their text is joined by line breaks, or by a blank where the settings say so. */
export function cellOf(lines: readonly Line[], settings: TextSettings, columns = 1, rows = 1): Cell {
  return { lines, text: joined(lines, settings), columns, rows, ...boxOf(lines) };
}

/** A word that is divided at the end of a line: a letter, and a hyphen (also one that shows only there). */
const divided = /\p{L}[-\u00ad\u2010]$/u;

export function joined(lines: readonly Line[], { unwrap, removesHyphens }: TextSettings): string {
  let text = '';
  for (const { text: next } of lines) {
    if (text === '') text = next;
    else if (unwrap && removesHyphens && divided.test(text) && /^\p{Ll}/u.test(next))
      text = text.slice(0, -1) + next;
    else text += (unwrap ? ' ' : '\n') + next;
  }
  return text;
}
