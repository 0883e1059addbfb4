import { PdfError } from '../errors.ts';
import type { PdfFile } from '../file/file.ts';
import { streamKeywordEnd, type RawObject } from '../file/reading.ts';
import type { PdfArray, PdfObject } from '../objects/object.ts';
import { PdfReference } from '../objects/reference.ts';
import { ByteBuffer } from '../syntax/byte-buffer.ts';
import type { ObjectScan } from '../syntax/object-scan.ts';
import { Parser } from '../syntax/parser.ts';
import { writeObject } from '../syntax/write.ts';

/** Attributes of a page that it may have from a node above it (ISO 32000-2, 7.7.3.4). */
export const INHERITABLE = ['Resources', 'MediaBox', 'CropBox', 'Rotate'] as const;

/** One of those attributes, as it stands in the node. */
export interface InheritedValue {
  readonly key: string;
  /** The object it was found in, `start` and `end` around the value itself. */
  readonly raw: RawObject;
}

/** A page of a document. */
export interface Page {
  /** Object number; 0 for a page that stands in its parent instead of being referred to. */
  readonly number: number;
  /** The text of such a page. */
  readonly direct: RawObject | undefined;
  /** What it has from above; its own attributes go first. */
  readonly inherited: readonly InheritedValue[];
}

/** The pages found, and what else the walk saw. */
export interface PageWalk {
  readonly pages: Page[];
  /** Object numbers of the nodes above the pages. */
  readonly nodes: Set<number>;
  /** /Count of the root. */
  readonly count: number;
}

/** A node whose kids are being visited. */
interface Level {
  readonly kids: PdfArray;
  next: number;
  readonly inherited: readonly InheritedValue[];
}

/**
 * Walks a page tree (ISO 32000-2, 7.7.3.2) without recursion. Nodes seen before, and kids that lead nowhere, are left out
 * with a warning; a page that is referred to twice is two pages. Throws PdfError `limit`.
 */
export function walkPages(file: PdfFile, root: PdfObject, scan: ObjectScan): PageWalk {
  const { limits, warnings, work } = file.reading;
  const walk: PageWalk & { count: number } = { pages: [], nodes: new Set(), count: 0 };
  const levels: Level[] = [{ kids: [root], next: 0, inherited: [] }];
  while (levels.length > 0) {
    const level = levels.at(-1)!;
    if (level.next === level.kids.length) {
      levels.pop();
      continue;
    }
    const kid = level.kids[level.next++]!;
    work.spend(8);
    const raw = kidObject(file, kid, scan);
    const number = raw?.number ?? 0;
    const isDictionary = scan.isDictionary && raw !== undefined && streamKeywordEnd(raw, scan) === -1;
    if (raw === undefined || !isDictionary || walk.nodes.has(number)) {
      warnings.add(
        walk.nodes.has(number) ? 'The page tree was a loop.' : 'The page tree had kids that do not exist.',
      );
    } else if (isNode(scan)) {
      const kids = valueOf(file, raw, scan, 'Kids');
      if (number !== 0) walk.nodes.add(number);
      if (levels.length === 1) walk.count = countValue(file, raw, scan);
      if (levels.length > limits.treeDepthMax) throw new PdfError('limit', 'The page tree is too deep.');
      const inherited = inherit(level.inherited, raw, scan);
      if (Array.isArray(kids)) levels.push({ kids, next: 0, inherited });
    } else if (levels.length > 1 || scan.isName('Type', 'Page')) {
      if (walk.pages.length >= limits.pagesMax)
        throw new PdfError('limit', 'The document has too many pages.');
      walk.pages.push({ number, direct: number === 0 ? raw : undefined, inherited: level.inherited });
    }
  }
  return walk;
}

/** The kid scanned; one that stands in its parent is written out first, so that both are read alike. */
function kidObject(file: PdfFile, kid: PdfObject, scan: ObjectScan): RawObject | undefined {
  if (kid instanceof PdfReference)
    return file.has(kid.number, kid.generation) ? file.scan(kid.number, scan) : undefined;
  if (!(kid instanceof Map)) return undefined;
  const out = new ByteBuffer(1024);
  writeObject(out, kid, { reference: (number) => number });
  const bytes = out.view();
  scan.read(bytes, 0, bytes.length, false);
  return { number: 0, generation: 0, bytes, start: 0, end: bytes.length, origin: -1 };
}

/** A node has kids, whatever its /Type says, unless it has the contents of a page. One that lost its kids has their count. */
function isNode(scan: ObjectScan): boolean {
  if (!scan.has('Kids')) return scan.isName('Type', 'Pages') && scan.has('Count');
  return !scan.has('Contents') || !scan.isName('Type', 'Page');
}

function inherit(
  above: readonly InheritedValue[],
  raw: RawObject,
  scan: ObjectScan,
): readonly InheritedValue[] {
  const own: InheritedValue[] = [];
  for (const key of INHERITABLE) {
    if (!scan.has(key)) continue;
    const index = scan.find(key);
    // A copy, so that the bytes of the file around it need not stay in memory.
    const bytes = raw.bytes.slice(scan.valueFrom(index), scan.valueTo(index));
    own.push({ key, raw: { ...raw, bytes, start: 0, end: bytes.length } });
  }
  if (own.length === 0) return above;
  return [...own, ...above.filter(({ key }) => !own.some((each) => each.key === key))];
}

/** Builds the value of an entry of the dictionary that was scanned, references followed; `null` if there is none. */
export function valueOf(file: PdfFile, raw: RawObject, scan: ObjectScan, key: string): PdfObject {
  const index = scan.find(key);
  if (index === -1) return null;
  const { limits } = file.reading;
  const from = scan.valueFrom(index);
  const parser = new Parser(
    raw.bytes,
    from,
    scan.valueTo(index),
    limits.nestingMax,
    file.stringDecryption(raw),
  );
  return file.resolve(parser.object());
}

function countValue(file: PdfFile, raw: RawObject, scan: ObjectScan): number {
  const count = valueOf(file, raw, scan, 'Count');
  return count !== null && typeof count === 'object' && 'value' in count ? Number(count.value) || 0 : 0;
}
