import type { PdfFile } from '../../file/file.ts';
import { numberOf, type PdfObject } from '../../objects/object.ts';
import { PdfReference } from '../../objects/reference.ts';
import { ObjectScan } from '../../syntax/object-scan.ts';
import { Parser } from '../../syntax/parser.ts';
import type { Document } from '../document.ts';

/** Levels of an outline that are read. */
const DEPTH_MAX = 128;

/** An outline item. The rest of it is read again when it is written, so that a large outline needs little memory. */
export interface OutlineItem {
  /** Old number. */
  readonly number: number;
  readonly generation: number;
  /** Whether its kids are shown. */
  readonly isOpen: boolean;
  readonly kids: OutlineItem[];
}

/** A list of items that is being read. */
interface Level {
  readonly items: OutlineItem[];
  next: PdfObject;
}

/**
 * The outline of a document (ISO 32000-2, 12.3.3), by /First and /Next alone. An item seen before ends its list, with a
 * warning.
 */
export function readOutline({ file, catalog }: Document): OutlineItem[] {
  if (!catalog.has('Outlines')) return [];
  const root = file.resolve(catalog.get('Outlines'));
  if (!(root instanceof Map)) return [];
  const { warnings, work } = file.reading;
  const items: OutlineItem[] = [];
  const seen = new Set<number>();
  const scan = new ObjectScan(file.reading.limits.nestingMax);
  const levels: Level[] = [{ items, next: root.get('First') ?? null }];
  while (levels.length > 0) {
    const level = levels.at(-1)!;
    const { next } = level;
    if (!(next instanceof PdfReference) || seen.has(next.number) || !isThere(file, next, scan)) {
      const isLoop = next instanceof PdfReference && seen.has(next.number);
      if (next !== null)
        warnings.add(isLoop ? 'The outline was a loop.' : 'The outline had items that do not exist.');
      levels.pop();
      continue;
    }
    work.spend(16);
    seen.add(next.number);
    const kids: OutlineItem[] = [];
    const count = entry(scan, 'Count');
    level.next = entry(scan, 'Next');
    const first = entry(scan, 'First');
    level.items.push({
      number: next.number,
      generation: next.generation,
      isOpen: (numberOf(file.resolve(count)) ?? 0) > 0,
      kids,
    });
    if (first === null) continue;
    if (levels.length < DEPTH_MAX) levels.push({ items: kids, next: first });
    else warnings.add('The outline was too deep.');
  }
  return items;
}

function isThere(file: PdfFile, { number, generation }: PdfReference, scan: ObjectScan): boolean {
  return file.has(number, generation) && file.scan(number, scan) !== undefined && scan.isDictionary;
}

/** The value of an entry, which is a reference or a number where it is right. */
function entry(scan: ObjectScan, key: string): PdfObject {
  const index = scan.find(key);
  if (index === -1) return null;
  return new Parser(scan.bytes, scan.valueFrom(index), scan.valueTo(index), 1).object();
}
