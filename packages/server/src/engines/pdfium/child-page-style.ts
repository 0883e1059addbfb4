import { narrowText, type Pdfium } from './child-pdfium.ts';
import { type Matrix, matrixOf, multiply, type Shown } from './child-page-place.ts';
import type { Style } from './page.ts';

/** How the glyphs of one text object look. */
export interface TextLook {
  /** Index of its style. */
  readonly style: number;
  readonly isInvisible: boolean;
  /** Points, as shown. */
  readonly size: number;
  /** Degrees clockwise, from 0 to below 360. */
  readonly angle: number;
}

interface Font {
  readonly name: string;
  readonly isBold: boolean;
  readonly isItalic: boolean;
}

/** What PDFium says of a text object: numbers alone. */
interface Said {
  readonly matrix: Matrix;
  readonly size: number;
  readonly rendering: number;
  readonly red: number;
  readonly green: number;
  readonly blue: number;
  readonly alpha: number;
  readonly font: number;
}

/** Flags of a font descriptor (ISO 32000-2, table 121). */
const italicFlag = 1 << 6;
const forceBoldFlag = 1 << 18;
/** From /StemV, as far as PDFium can tell; fonts that are not bold come up to 600. */
const boldWeightMin = 700;
/** Slant of letters to their height from which upright ones count as italic: 8 degrees. */
const slantMin = 0.14;
/** Text rendering modes (ISO 32000-2, table 104). */
const mode = { stroke: 1, fillAndStroke: 2, invisible: 3, strokeAndClip: 5, fillStrokeAndClip: 6, clip: 7 };

/** Finds out how text looks; each style of a page once. */
export class Styles {
  readonly all: Style[] = [];
  readonly #pdfium: Pdfium;
  readonly #matrix: Matrix;
  readonly #fonts = new Map<number, Font>();
  readonly #indexes = new Map<string, number>();
  #last: { readonly said: Said; readonly look: TextLook } | undefined;

  constructor(pdfium: Pdfium, shown: Shown) {
    this.#pdfium = pdfium;
    this.#matrix = shown.matrix;
  }

  /** The look of a text object, of which the text page has a character at `index`. */
  look(textPage: number, index: number, object: number): TextLook {
    const said = this.#said(textPage, index, object);
    // Most objects look as the one before.
    if (this.#last === undefined || !isSame(said, this.#last.said))
      this.#last = { said, look: this.#lookOf(said) };
    return this.#last.look;
  }

  #said(textPage: number, index: number, object: number): Said {
    const { call, scratch } = this.#pdfium;
    const matrix = matrixOf(this.#pdfium, (at) => call.FPDFText_GetMatrix(textPage, index, at));
    const size = call.FPDFText_GetFontSize(textPage, index);
    const rendering = object === 0 ? 0 : call.FPDFTextObj_GetTextRenderMode(object);
    const isStroked = rendering === mode.stroke || rendering === mode.strokeAndClip;
    const read = isStroked ? call.FPDFText_GetStrokeColor : call.FPDFText_GetFillColor;
    const hasColor = read(textPage, index, scratch, scratch + 4, scratch + 8, scratch + 12) !== 0;
    const words = this.#pdfium.integers();
    const place = scratch >> 2;
    return {
      matrix,
      size,
      rendering,
      red: hasColor ? (words[place] as number) : 0,
      green: hasColor ? (words[place + 1] as number) : 0,
      blue: hasColor ? (words[place + 2] as number) : 0,
      alpha: hasColor ? (words[place + 3] as number) : 255,
      font: object === 0 ? 0 : call.FPDFTextObj_GetFont(object),
    };
  }

  #lookOf(said: Said): TextLook {
    const { rendering, alpha } = said;
    const [a, b, c, d] = multiply(said.matrix, this.#matrix);
    const size = round(Math.abs(said.size) * Math.hypot(c, d));
    const font = this.#font(said.font);
    const isInvisible = rendering === mode.invisible || rendering === mode.clip || alpha === 0;
    const isDoubled = rendering === mode.fillAndStroke || rendering === mode.fillStrokeAndClip;
    const style: Style = {
      font: font.name,
      size,
      isBold: font.isBold || isDoubled,
      isItalic: font.isItalic || isSlanted(a, b, c, d),
      color: hexColor(said.red, said.green, said.blue),
      isInvisible,
    };
    return { style: this.#index(style), isInvisible, size, angle: angleOf(a, b) };
  }

  /** Begins with another document: its fonts may have the handles of others. */
  forgetFonts(): void {
    this.#fonts.clear();
    this.#last = undefined;
  }

  #index(style: Style): number {
    const key = `${style.font}\n${style.size} ${style.color} ${+style.isBold}${+style.isItalic}${+style.isInvisible}`;
    let index = this.#indexes.get(key);
    if (index === undefined) {
      index = this.all.push(style) - 1;
      this.#indexes.set(key, index);
    }
    return index;
  }

  #font(handle: number): Font {
    let font = this.#fonts.get(handle);
    if (font === undefined) {
      font = this.#readFont(handle);
      this.#fonts.set(handle, font);
    }
    return font;
  }

  #readFont(handle: number): Font {
    if (handle === 0) return { name: '', isBold: false, isItalic: false };
    const { call, scratch } = this.#pdfium;
    const full = narrowText(this.#pdfium, (at, length) => call.FPDFFont_GetBaseFontName(handle, at, length));
    const name = full.replace(/^[A-Z]{6}\+/, '');
    const flags = call.FPDFFont_GetFlags(handle);
    const angle =
      call.FPDFFont_GetItalicAngle(handle, scratch) === 0 ? 0 : this.#pdfium.integers()[scratch >> 2];
    return {
      name,
      isBold:
        /bold|black|heavy/i.test(name) ||
        (flags & forceBoldFlag) !== 0 ||
        call.FPDFFont_GetWeight(handle) >= boldWeightMin,
      isItalic: /italic|oblique/i.test(name) || (flags & italicFlag) !== 0 || angle !== 0,
    };
  }
}

/** Whether two text objects look the same: wherever they are. */
function isSame(one: Said, other: Said): boolean {
  const [m, n] = [one.matrix, other.matrix];
  return (
    one.font === other.font &&
    one.size === other.size &&
    one.rendering === other.rendering &&
    one.red === other.red &&
    one.green === other.green &&
    one.blue === other.blue &&
    one.alpha === other.alpha &&
    m[0] === n[0] &&
    m[1] === n[1] &&
    m[2] === n[2] &&
    m[3] === n[3]
  );
}

/** `#rrggbb`. */
export function hexColor(red: number, green: number, blue: number): string {
  return `#${((1 << 24) | (red << 16) | (green << 8) | blue).toString(16).slice(1)}`;
}

/** Whether letters lean to the side of their baseline. */
function isSlanted(a: number, b: number, c: number, d: number): boolean {
  const sizes = Math.hypot(a, b) * Math.hypot(c, d);
  return sizes > 0 && Math.abs(a * c + b * d) / sizes > slantMin;
}

/** Of a baseline with this direction, with y down. */
function angleOf(x: number, y: number): number {
  if (y === 0 && x > 0) return 0;
  const degrees = round((Math.atan2(y, x) * 180) / Math.PI);
  return degrees < 0 ? degrees + 360 : degrees;
}

/** To a hundredth. */
function round(value: number): number {
  return Math.round(value * 100) / 100;
}
