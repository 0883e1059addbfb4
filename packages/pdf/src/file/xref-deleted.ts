import type { PdfDictionary } from '../objects/object.ts';

/** A line of a cross-reference table: an entry, or the first number and the count of the entries that follow. */
const LINE = /(\d{1,10})[ \t]+(\d{1,10})(?:[ \t]*([fn]))?\s*/y;

/**
 * The objects that an update deleted, by the table before its trailer (ISO 32000-2, 7.5.6): a file whose tables lead nowhere
 * still says so. The text is what stands before the word `trailer`. A first table deletes nothing, and that of a hybrid file
 * marks as free what only newer readers find.
 */
export function deletedObjects(text: Buffer, trailer: PdfDictionary): number[] {
  if (!trailer.has('Prev') || trailer.has('XRefStm')) return [];
  const start = text.lastIndexOf('xref', text.length, 'latin1');
  if (start === -1) return [];
  const lines = text.toString('latin1', start + 4).trimStart();
  const deleted: number[] = [];
  let number = 0;
  LINE.lastIndex = 0;
  for (let line = LINE.exec(lines); line !== null; line = LINE.exec(lines)) {
    if (line[3] === undefined) number = Number(line[1]);
    else {
      if (line[3] === 'f' && number > 0) deleted.push(number);
      number++;
    }
  }
  return deleted;
}
