import type { RawObject } from '../file/reading.ts';
import { ObjectScan } from '../syntax/object-scan.ts';
import type { Document } from './document.ts';

/**
 * Looks once at each object that the pages and the catalog of a document reach, in no order: its scan, and what it refers to
 * as number and generation of each.
 */
export function eachReached(
  document: Document,
  look: (number: number, raw: RawObject | undefined, scan: ObjectScan, references: readonly number[]) => void,
): void {
  const { file, pages, root } = document;
  const scan = new ObjectScan(file.reading.limits.nestingMax);
  const seen = new Uint8Array(file.table.length);
  const unseen = [...pages.map(({ number }) => number), root];
  for (let number = unseen.pop(); number !== undefined; number = unseen.pop()) {
    if (seen[number] !== 0) continue;
    seen[number] = 1;
    const raw = file.scan(number, scan);
    const references = scan.references();
    for (let at = 0; at < references.length; at += 2)
      if (seen[references[at]!] === 0 && file.table.has(references[at]!, references[at + 1]!))
        unseen.push(references[at]!);
    look(number, raw, scan, references);
  }
}
