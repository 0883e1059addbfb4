import type { FileWriter } from '../file/writer.ts';
import type { PdfDictionary } from '../objects/object.ts';
import { NewReference, PdfReference } from '../objects/reference.ts';
import { ObjectScan } from '../syntax/object-scan.ts';
import type { Document } from './document.ts';
import type { Edited } from './edits.ts';
import { annotationsOf, pageNumbers } from './page.ts';
import { once } from './once.ts';
import type { SelectedPage } from './selection.ts';

/** What one more annotation counts as, in bytes: a page of many may come many times. */
const ANNOTATION_WORK = 64;

/**
 * A page that has a place in the result for the second time or later. Its annotations are copied again, for no two pages
 * may share one (ISO 32000-2, 12.5.2); all else it shares. Tags and articles are those of the first.
 */
export class Repeat {
  readonly #page: SelectedPage;
  /** New numbers of its annotations and their pop-ups, by old number. */
  readonly annotations: ReadonlyMap<number, number>;

  constructor(document: Document, selected: SelectedPage, writer: FileWriter) {
    this.#page = selected;
    const { file } = document;
    const pages = once(document, pageNumbers);
    const scan = new ObjectScan(file.reading.limits.nestingMax);
    const found = new Map<number, number>();
    const add = (object: unknown): void => {
      if (!(object instanceof PdfReference) || found.has(object.number)) return;
      const isThere =
        file.table.has(object.number, object.generation) && !document.framework.has(object.number);
      if (!isThere || pages.has(object.number)) return;
      file.reading.work.spend(ANNOTATION_WORK);
      found.set(object.number, writer.allocate());
    };
    for (const each of annotationsOf(document, selected.page, scan)) add(each);
    // What is added is walked in turn.
    for (const number of found.keys()) {
      const annotation = file.object(number);
      if (annotation instanceof Map) add(annotation.get('Popup'));
    }
    this.annotations = found;
  }

  /** What is different in the page, or in one of its annotations. */
  change(object: Edited): void {
    for (const key of ['StructParent', 'StructParents', 'B'])
      if (object.scan.has(key)) object.set(key, undefined);
    if (!object.isPage) {
      if (object.scan.has('P')) object.set('P', new NewReference(this.#page.number));
      return;
    }
    // An array that is an object of its own is the first page's; so are annotations that stand in it.
    const list = object.scan.has('Annots') ? object.resolve(object.get('Annots')) : null;
    if (Array.isArray(list))
      object.set(
        'Annots',
        list.map((each) => (each instanceof Map ? this.#own(each) : each)),
      );
  }

  #own(annotation: PdfDictionary): PdfDictionary {
    const own = new Map(annotation);
    own.delete('StructParent');
    if (own.has('P')) own.set('P', new NewReference(this.#page.number));
    return own;
  }
}
