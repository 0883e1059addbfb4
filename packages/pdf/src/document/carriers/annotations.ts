import { PdfReference } from '../../objects/reference.ts';
import type { Carrier } from '../carriers.ts';
import type { DocumentCopy } from '../copy.ts';
import { once } from '../once.ts';
import { pageNumbers } from '../page.ts';
import { eachCopy } from './catalog-each.ts';

/**
 * Keeps annotations of missing pages out (ISO 32000-2, 12.5.2), to which those of the result may refer as answers do to
 * what they answer, and the parts of the document that pages name themselves, whose tree is not kept (14.12).
 */
export function annotations(): Carrier {
  return {
    prepare(copies) {
      eachCopy(copies, (copy) => {
        if (!copy.selection.isWhole) leaveOutForeign(copy);
      });
    },
    carry() {},
  };
}

function leaveOutForeign(copy: DocumentCopy): void {
  /** Annotations of pages of the result, whatever they say of their page. Pages come before all else. */
  const own = new Set<number>();
  copy.edits.onPages((page) => {
    const list = page.scan.has('Annots') ? page.resolve(page.get('Annots')) : null;
    for (const each of Array.isArray(list) ? list : [])
      if (each instanceof PdfReference) own.add(each.number);
    if (page.scan.has('DPart')) page.set('DPart', undefined);
  });
  copy.edits.onKeys(['P'], (object) => {
    const { scan } = object;
    if (object.isPage || own.has(object.number) || !scan.has('Rect') || !scan.has('Subtype')) return;
    const page = object.get('P');
    const isForeign =
      page instanceof PdfReference &&
      !copy.isPage(page.number) &&
      once(copy.document, pageNumbers).has(page.number);
    if (isForeign) object.whole = null;
  });
}
