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

  constructor(pdfium: Pdfium, shown: Shown) {
    this.#pdfium = pdfium;
    this.#matrix = shown.matrix;
  }

  /** The look of a text object, of which the text page has a character at `index`. */
  look(textPage: number, index: number, object: number): TextLook {
    const { call, scratch } = this.#pdfium;
    const own = matrixOf(this.#pdfium, (at) => call.FPDFText_GetMatrix(textPage, index, at));
    const [a, b, c, d] = multiply(own, this.#matrix);
    const size = round(Math.abs(call.FPDFText_GetFontSize(textPage, index)) * Math.hypot(c, d));
    const rendering = object === 0 ? 0 : call.FPDFTextObj_GetTextRenderMode(object);
    const isStroked = rendering === mode.stroke || rendering === mode.strokeAndClip;
    const read = isStroked ? call.FPDFText_GetStrokeColor : call.FPDFText_GetFillColor;
    const hasColor = read(textPage, index, scratch, scratch + 4, scratch + 8, scratch + 12) !== 0;
    const words = this.#pdfium.integers();
    const place = scratch >> 2;
    const color = hasColor
      ? hexColor(words[place] as number, words[place + 1] as number, words[place + 2] as number)
      : '#000000';
    const alpha = hasColor ? words[place + 3] : 255;
    const font = this.#font(object === 0 ? 0 : call.FPDFTextObj_GetFont(object));
    const isInvisible = rendering === mode.invisible || rendering === mode.clip || alpha === 0;
    const isDoubled = rendering === mode.fillAndStroke || rendering === mode.fillStrokeAndClip;
    const style: Style = {
      font: font.name,
      size,
      isBold: font.isBold || isDoubled,
      isItalic: font.isItalic || isSlanted(a, b, c, d),
      color,
      isInvisible,
    };
    return { style: this.#index(style), isInvisible, size, angle: angleOf(a, b) };
  }

  /** Begins with another document: its fonts may have the handles of others. */
  forgetFonts(): void {
    this.#fonts.clear();
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
