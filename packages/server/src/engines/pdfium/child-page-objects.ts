import { clipOf, type Clip, clipped } from './child-page-clip.ts';
import { joinRulings, readPath } from './child-page-paths.ts';
import type { Layers } from './child-page-layers.ts';
import { boxOf, isRead, type Matrix, matrixOf, multiply, type Shown } from './child-page-place.ts';
import type { Pdfium } from './child-pdfium.ts';
import type { Fill, Picture, Ruling } from './page.ts';

/** What is drawn on a page besides text. */
export interface Drawing {
  readonly rulings: readonly Ruling[];
  readonly fills: readonly Fill[];
  readonly pictures: readonly Picture[];
  /** What PDFium needs to read the pictures, by their ids. */
  readonly images: readonly Image[];
  /** Whether there was more than a page may have. */
  readonly isCut: boolean;
}

/** An image object, and the way from the unit square to where the page shows it, also what a clip hides. */
export interface Image {
  readonly object: number;
  readonly matrix: Matrix;
}

/** Kinds of objects as PDFium counts them. */
const kind = { path: 2, picture: 3, form: 5 };
/** Most of what one page may have: objects that are looked at, forms inside of each other, and what comes of paths. */
const objectsMax = 100_000;
const nestingMax = 16;
const shapesMax = 200_000;

/** Reads what an open page draws, also in form XObjects (ISO 32000-2, 8.10). */
export function readDrawing(pdfium: Pdfium, page: number, shown: Shown, layers: Layers): Drawing {
  const walk = new Walk(pdfium, shown, layers);
  const { call } = pdfium;
  const whole = { left: 0, top: 0, right: shown.width, bottom: shown.height };
  walk.objects(
    call.FPDFPage_CountObjects(page),
    (index) => call.FPDFPage_GetObject(page, index),
    shown.matrix,
    whole,
    0,
  );
  return walk.drawing();
}

class Walk {
  readonly #pdfium: Pdfium;
  readonly #shown: Shown;
  readonly #layers: Layers;
  readonly #rulings: Ruling[] = [];
  readonly #fills: Fill[] = [];
  readonly #pictures: Picture[] = [];
  readonly #images: Image[] = [];
  #left = objectsMax;
  #isCut = false;

  constructor(pdfium: Pdfium, shown: Shown, layers: Layers) {
    this.#pdfium = pdfium;
    this.#shown = shown;
    this.#layers = layers;
  }

  drawing(): Drawing {
    return {
      rulings: joinRulings(this.#rulings).filter((ruling) => isRead(this.#shown, boxOfRuling(ruling))),
      fills: this.#fills.filter((fill) => isRead(this.#shown, fill)),
      pictures: this.#pictures.filter((picture) => isRead(this.#shown, picture)),
      images: this.#images,
      isCut: this.#isCut,
    };
  }

  objects(
    count: number,
    objectAt: (index: number) => number,
    matrix: Matrix,
    within: Clip,
    nesting: number,
  ): void {
    for (let index = 0; index < count; index++) {
      if ((this.#left -= 1) < 0 || this.#rulings.length + this.#fills.length > shapesMax) {
        this.#isCut = true;
        return;
      }
      const object = objectAt(index);
      if (object !== 0) this.#object(object, matrix, within, nesting);
    }
  }

  #object(object: number, matrix: Matrix, within: Clip, nesting: number): void {
    const { call } = this.#pdfium;
    const type = call.FPDFPageObj_GetType(object);
    if (type !== kind.path && type !== kind.picture && type !== kind.form) return;
    if (this.#layers.isHidden(object)) return;
    const clip = clipOf(this.#pdfium, object, matrix, within);
    if (clip === undefined) return;
    if (type === kind.path) {
      const { rulings, fills } = readPath(this.#pdfium, object, matrix, clip);
      this.#rulings.push(...rulings);
      this.#fills.push(...fills);
      return;
    }
    const own = multiply(
      matrixOf(this.#pdfium, (at) => call.FPDFPageObj_GetMatrix(object, at)),
      matrix,
    );
    if (type === kind.picture) this.#picture(object, own, clip);
    else if (nesting >= nestingMax) this.#isCut = true;
    else
      this.objects(
        call.FPDFFormObj_CountObjects(object),
        (index) => call.FPDFFormObj_GetObject(object, index),
        own,
        clip,
        nesting + 1,
      );
  }

  #picture(object: number, matrix: Matrix, clip: Clip): void {
    const { call, scratch } = this.#pdfium;
    const box = clipped(boxOf(matrix, 0, 0, 1, 1), clip);
    if (box === undefined) return;
    const hasSize = call.FPDFImageObj_GetImagePixelSize(object, scratch, scratch + 4) !== 0;
    const [pixelWidth = 0, pixelHeight = 0] = hasSize ? this.#pdfium.integers().subarray(scratch >> 2) : [];
    const id = this.#images.push({ object, matrix }) - 1;
    this.#pictures.push({ ...box, id, pixelWidth, pixelHeight });
  }
}

function boxOfRuling({ isVertical, at, from, to }: Ruling) {
  return isVertical
    ? { left: at, top: from, right: at, bottom: to }
    : { left: from, top: at, right: to, bottom: at };
}
