import type { PdfArray, PdfObject } from '../../objects/object.ts';
import { PdfReference } from '../../objects/reference.ts';
import { PdfString } from '../../objects/string.ts';
import type { DocumentCopy } from '../copy.ts';
import { readLayers, type Layers } from './layers-read.ts';

/** The layers of a document of which pages are missing: the groups that something in the result uses by now. */
export function selectLayers(copy: DocumentCopy): Layers {
  const { document } = copy;
  const reference = (number: number, generation: number): number =>
    copy.holds(number) ? copy.reference(number, generation) : 0;
  const read = readLayers({ document, reference });
  const order = read.order.flatMap((each) => selectOrder(copy, each));
  const usage = read.usage.flatMap((each) => selectUsage(copy, each));
  return { ...read, order, usage };
}

/** A group that stays, a title, or an array with what of it stays: none if that is no more than its title. */
function selectOrder(copy: DocumentCopy, element: PdfObject): PdfArray {
  if (element instanceof PdfReference) return copy.holds(element.number) ? [element] : [];
  if (!Array.isArray(element)) return [element];
  const kept = element.flatMap((each) => selectOrder(copy, each));
  return kept.every((each) => each instanceof PdfString) ? [] : [kept];
}

/** When groups change by themselves (ISO 32000-2, table 101), of those that stay. */
function selectUsage(copy: DocumentCopy, usage: PdfObject): PdfArray {
  const { file } = copy.document;
  const dictionary = file.resolve(usage);
  if (!(dictionary instanceof Map)) return [];
  const list = file.resolve(dictionary.get('OCGs'));
  const groups = Array.isArray(list)
    ? list.filter((each) => each instanceof PdfReference && copy.holds(each.number))
    : [];
  return groups.length > 0 ? [new Map([...dictionary, ['OCGs', groups as PdfObject]])] : [];
}
