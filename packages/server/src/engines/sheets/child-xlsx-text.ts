import { elementsOf, unescaped } from './child-xml.ts';

/** The texts that cells of XLSX share (ECMA-376, 18.4.9). */
export function sharedTexts(pieces: Iterable<string>): string[] {
  const texts: string[] = [];
  for (const { content } of elementsOf(pieces, 'si')) texts.push(richText(content));
  return texts;
}

/** What `si` and `is` show: the text of all their runs, without how it is pronounced. */
export function richText(content: string): string {
  const spoken = /<(?:\w+:)?rPh\b[\s\S]*?<\/(?:\w+:)?rPh>/g;
  const runs = (content.includes('rPh') ? content.replaceAll(spoken, '') : content).matchAll(
    /<(?:\w+:)?t(?:\s[^<>]*)?>([^<]*)</g,
  );
  let text = '';
  for (const [, run = ''] of runs) text += run;
  return cellText(text);
}

/** Text of a cell, in which `_x000A_` stands for a character (22.9.2.19). */
export function cellText(text: string): string {
  const plain = unescaped(text);
  if (!plain.includes('_x')) return plain;
  return plain.replaceAll(/_x([\da-f]{4})_/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
