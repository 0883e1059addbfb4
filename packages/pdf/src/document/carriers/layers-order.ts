import type { PdfArray, PdfObject } from '../../objects/object.ts';
import { PdfReference } from '../../objects/reference.ts';
import { PdfString } from '../../objects/string.ts';
import type { OfDocument } from '../document.ts';

/** Levels and elements of the list of layers that a reader shows. */
const DEPTH_MAX = 32;
const ELEMENTS_MAX = 100_000;

/** What is left to spend, and the arrays around the one that is being read. */
interface Reading {
  readonly copy: OfDocument;
  readonly within: number[];
  left: number;
}

/**
 * Reads the tree of layers that readers show (ISO 32000-2, table 99, /Order) with all its arrays direct, in terms of the
 * old file. Loops and what is too deep are left out with a warning.
 */
export function readOrder(copy: OfDocument, entry: PdfObject | undefined): PdfArray {
  const order = copy.document.file.resolve(entry);
  if (!Array.isArray(order)) return [];
  const number = entry instanceof PdfReference ? entry.number : 0;
  const read = elements({ copy, within: [number], left: ELEMENTS_MAX }, order);
  // At its start an array without a title would be the children of another document's last layer.
  const [first] = read;
  return Array.isArray(first) && !(first[0] instanceof PdfString) ? [...first, ...read.slice(1)] : read;
}

function elements(reading: Reading, order: PdfArray): PdfArray {
  return order.flatMap((element) => {
    if (reading.left-- <= 0) return leaveOut(reading);
    if (element instanceof PdfString) return [element];
    const object = reading.copy.document.file.resolve(element);
    if (object instanceof PdfString) return [object];
    if (Array.isArray(object)) return nested(reading, element, object);
    return element instanceof PdfReference && object instanceof Map ? [element] : [];
  });
}

function nested(reading: Reading, element: PdfObject, array: PdfArray): PdfArray {
  const number = element instanceof PdfReference ? element.number : 0;
  const { within } = reading;
  if (within.length >= DEPTH_MAX || (number !== 0 && within.includes(number))) return leaveOut(reading);
  within.push(number);
  const read = elements(reading, array);
  within.pop();
  return read.length > 0 ? [read] : [];
}

function leaveOut({ copy }: Reading): PdfArray {
  copy.document.file.reading.warnings.add(
    'The order of layers was a loop or too large; a part was left out.',
  );
  return [];
}
