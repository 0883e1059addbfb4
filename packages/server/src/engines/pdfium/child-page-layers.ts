import * as core from '@octavo/pdf';
import { type Pdfium, withText } from './child-pdfium.ts';

/** `OC` in UTF-16, as PDFium writes names: the mark of what belongs to a layer (ISO 32000-2, 8.11.3). */
const layerMark = 0x0043_004f;
const layerMarkBytes = 6;
const marksMax = 64;

/** Tells what belongs to a layer that is not shown when the document is opened. */
export class Layers {
  readonly #pdfium: Pdfium;
  readonly #hidden: () => ReadonlySet<string>;

  /** `hidden` has the names of layers; it is asked when something belongs to a layer. */
  constructor(pdfium: Pdfium, hidden: () => ReadonlySet<string>) {
    this.#pdfium = pdfium;
    this.#hidden = hidden;
  }

  isHidden(object: number): boolean {
    const { call, scratch } = this.#pdfium;
    const count = Math.min(call.FPDFPageObj_CountMarks(object), marksMax);
    for (let index = 0; index < count; index++) {
      const mark = call.FPDFPageObj_GetMark(object, index);
      if (call.FPDFPageObjMark_GetName(mark, scratch + 8, 8, scratch) === 0) continue;
      const words = this.#pdfium.integers();
      const isLayer = words[scratch >> 2] === layerMarkBytes && words[(scratch + 8) >> 2] === layerMark;
      if (isLayer && this.#hidden().has(this.#nameOf(mark))) return true;
    }
    return false;
  }

  /** Empty for one that is made of several layers by a rule. */
  #nameOf(mark: number): string {
    const { call, scratch } = this.#pdfium;
    const room = 2_048;
    const isRead = withText(this.#pdfium, 'Name', (key) =>
      call.FPDFPageObjMark_GetParamStringValue(mark, key, scratch + 8, room, scratch),
    );
    const length = isRead === 0 ? 0 : (this.#pdfium.integers()[scratch >> 2] ?? 0);
    if (length < 2 || length > room) return '';
    const bytes = this.#pdfium.bytes().subarray(scratch + 8, scratch + 8 + length - 2);
    return Buffer.from(bytes).toString('utf16le');
  }
}

/** Names of layers of which none is shown. None where our own core cannot read the document. */
export function readHiddenLayers(source: core.Source, password: string): ReadonlySet<string> {
  try {
    const { layers } = core.info(source, { password });
    const shown = new Set(layers.filter(({ isVisible }) => isVisible).map(({ name }) => name));
    return new Set(layers.map(({ name }) => name).filter((name) => !shown.has(name)));
  } catch (error) {
    if (error instanceof core.PdfError) return new Set();
    throw error;
  }
}
