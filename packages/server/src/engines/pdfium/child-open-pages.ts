import type { OpenDocument } from './child-document.ts';
import type { Pdfium } from './child-pdfium.ts';

/**
 * Pages after which PDFium begins anew with a document: it keeps some 8 KB of each, and all that a page is made of where it is encrypted.
 * Fewer where its memory has to grow for them, but not too few: to come back to a page, it looks at all before it.
 */
const keptMax = 1_000;
const keptMin = 100;

/** Opens one page after the other, so that memory does not grow with their number. */
export class OpenPages {
  readonly #pdfium: Pdfium;
  readonly #document: OpenDocument;
  readonly #asForms: boolean;
  #page = 0;
  /** Pages since it began anew, and after which it does. */
  #count = 0;
  #every = keptMax;
  #memory: number;

  /** `asForms`: fields of a page will be drawn, which PDFium has to be told. */
  constructor(pdfium: Pdfium, document: OpenDocument, { asForms }: { readonly asForms: boolean }) {
    this.#pdfium = pdfium;
    this.#document = document;
    this.#asForms = asForms;
    this.#memory = pdfium.bytes().length;
  }

  /** PDFium's handle of a page; 0 for one that it cannot read. The page before is closed only then, as both may have fonts in common. */
  open(index: number): number {
    const { call } = this.#pdfium;
    if (this.#hasMuch()) this.#renew();
    const page = call.FPDF_LoadPage(this.#document.handle, index);
    this.close();
    this.#page = page;
    this.#count += 1;
    if (page !== 0 && this.#asForms) call.FORM_OnAfterLoadPage(page, this.#document.form);
    return page;
  }

  close(): void {
    const { call } = this.#pdfium;
    if (this.#page === 0) return;
    if (this.#asForms) call.FORM_OnBeforeClosePage(this.#page, this.#document.form);
    call.FPDF_ClosePage(this.#page);
    this.#page = 0;
  }

  #hasMuch(): boolean {
    const memory = this.#pdfium.bytes().length;
    if (memory > this.#memory) this.#every = Math.max(keptMin, Math.min(this.#count, this.#every));
    this.#memory = memory;
    return this.#count >= this.#every;
  }

  #renew(): void {
    this.close();
    this.#document.renew();
    this.#count = 0;
  }
}
