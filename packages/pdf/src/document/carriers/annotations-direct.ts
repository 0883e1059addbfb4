import type { PdfDictionary } from '../../objects/object.ts';
import type { ObjectScan } from '../../syntax/object-scan.ts';
import type { Edits } from '../edits.ts';

/**
 * Adds an edit of annotations that are no objects of their own but stand in their page, or in the array that it refers to,
 * and mention a key. They are rare; what is not an annotation may be seen too.
 */
export function onDirectAnnotations(
  edits: Edits,
  key: string,
  change: (annotation: PdfDictionary) => void,
): void {
  edits.onObjects(
    (scan) => {
      if (!scan.isDictionary)
        return scan.bytes[scan.start] === 0x5b && mentions(scan, scan.start, scan.end, key);
      const index = scan.find('Annots');
      return index !== -1 && mentions(scan, scan.valueFrom(index), scan.valueTo(index), key);
    },
    (object) => {
      const { isDictionary } = object.scan;
      const annotations = isDictionary ? object.get('Annots') : object.object();
      if (!Array.isArray(annotations)) return;
      for (const annotation of annotations) if (annotation instanceof Map) change(annotation);
      if (isDictionary) object.set('Annots', annotations);
      else object.whole = annotations;
    },
  );
}

function mentions({ bytes }: ObjectScan, from: number, to: number, key: string): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from);
  return text.includes('<<') && (text.includes(key) || text.includes('#'));
}
