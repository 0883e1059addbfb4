import type { ReadingSettings } from '../capabilities.ts';
import type { Pdfium } from './child-pdfium.ts';
import type { Layers } from './child-page-layers.ts';
import type { Shown } from './child-page-place.ts';
import { Shadows } from './child-page-shadows.ts';
import type { Styles, TextLook } from './child-page-style.ts';
import type { Glyph } from './page.ts';

/** What of a page's text is read, and how. */
export interface TextReading {
  readonly shown: Shown;
  readonly styles: Styles;
  readonly layers: Layers;
  readonly settings: Pick<ReadingSettings, 'invisibleText' | 'shadowText'>;
  /** Characters that are looked at. */
  readonly glyphsMax: number;
  /** Text objects of annotations, if only these are read. */
  readonly annotations?: ReadonlySet<number>;
}

export interface Text {
  readonly glyphs: readonly Glyph[];
  /** Whether there was more than `glyphsMax`. */
  readonly isCut: boolean;
  /** Whether the document does not say of all glyphs what they stand for. */
  readonly hasUnknown: boolean;
}

/** A glyph while it is read: what it stands for may grow. */
type OpenGlyph = { -readonly [Key in keyof Glyph]: Glyph[Key] };

/** What PDFium makes of the hyphen of a word that is divided at the end of a line. */
const divisionHyphen = 2;
/** Stands for a character that is not known. */
const unknownText = '\ufffd';

/** Reads the text of a page that PDFium has open. Boxes and blanks that PDFium made up are left out: the layout makes its own. */
export function readText(pdfium: Pdfium, page: number, reading: TextReading): Text {
  const textPage = pdfium.call.FPDFText_LoadPage(page);
  if (textPage === 0) return { glyphs: [], isCut: false, hasUnknown: false };
  try {
    return readTextPage(pdfium, textPage, reading);
  } finally {
    pdfium.call.FPDFText_ClosePage(textPage);
  }
}

/** One loop with few calls and one object for each glyph: most of the time that reading takes goes by here. */
function readTextPage(
  pdfium: Pdfium,
  textPage: number,
  { shown, styles, layers, settings, glyphsMax, annotations }: TextReading,
): Text {
  const { call, scratch } = pdfium;
  const { area } = shown;
  const [a, b, c, d, e, f] = shown.matrix;
  const count = call.FPDFText_CountChars(textPage);
  const shadows = settings.shadowText ? undefined : new Shadows();
  const glyphs: OpenGlyph[] = [];
  let object = -1;
  let isRead = false;
  let look: TextLook = { style: 0, isInvisible: false, size: 0, angle: 0 };
  let last: OpenGlyph | undefined;
  let lastX = NaN;
  let lastY = NaN;
  let hasUnknown = false;
  const end = Math.min(count, glyphsMax);
  for (let index = 0; index < end; index++) {
    if (call.FPDFText_IsGenerated(textPage, index) !== 0) continue;
    const owner = call.FPDFText_GetTextObject(textPage, index);
    if (owner !== object) {
      object = owner;
      last = undefined;
      look = styles.look(textPage, index, owner);
      isRead =
        (settings.invisibleText || !look.isInvisible) &&
        (annotations === undefined || annotations.has(owner)) &&
        !layers.isHidden(owner);
      shadows?.begin(glyphs.length, look);
    }
    if (!isRead) continue;
    const code = call.FPDFText_GetUnicode(textPage, index);
    call.FPDFText_GetLooseCharBox(textPage, index, scratch);
    call.FPDFText_GetCharOrigin(textPage, index, scratch + 16, scratch + 24);
    const floats = pdfium.floats();
    const doubles = pdfium.doubles();
    const left = floats[scratch >> 2] as number;
    const top = floats[(scratch >> 2) + 1] as number;
    const right = floats[(scratch >> 2) + 2] as number;
    const bottom = floats[(scratch >> 2) + 3] as number;
    const originX = doubles[(scratch + 16) >> 3] as number;
    const originY = doubles[(scratch + 24) >> 3] as number;
    const x1 = a * left + c * top + e;
    const x2 = a * right + c * bottom + e;
    const y1 = b * left + d * top + f;
    const y2 = b * right + d * bottom + f;
    const isUnknown = call.FPDFText_HasUnicodeMapError(textPage, index) === 1;
    if (isUnknown) hasUnknown = true;
    const text = textOf(code, isUnknown);
    const isSamePlace = originX === lastX && originY === lastY && last !== undefined;
    const boxLeft = x1 < x2 ? x1 : x2;
    const boxTop = y1 < y2 ? y1 : y2;
    if (isSamePlace && last?.left === boxLeft && last.top === boxTop) {
      // One glyph that stands for several characters, or for one that takes two units of UTF-16.
      last.text += text;
      shadows?.grow(text);
      continue;
    }
    const boxRight = x1 < x2 ? x2 : x1;
    const boxBottom = y1 < y2 ? y2 : y1;
    lastX = originX;
    lastY = originY;
    if (area !== undefined && !isInside(area, boxLeft + boxRight, boxTop + boxBottom)) {
      last = undefined;
      continue;
    }
    last = {
      left: boxLeft,
      top: boxTop,
      right: boxRight,
      bottom: boxBottom,
      text,
      // Of text that is said by /ActualText, PDFium knows the origin of the whole alone.
      x: isSamePlace && look.angle === 0 ? boxLeft : a * originX + c * originY + e,
      y: b * originX + d * originY + f,
      angle: look.angle,
      style: look.style,
    };
    if (annotations !== undefined) last.isAnnotation = true;
    shadows?.add(last);
    glyphs.push(last);
  }
  const kept = shadows === undefined ? glyphs : shadows.without(glyphs);
  return { glyphs: kept, isCut: count > glyphsMax, hasUnknown };
}

/** Whether the middle of a glyph lies in an area; `x` and `y` are twice that middle. */
function isInside(area: NonNullable<Shown['area']>, x: number, y: number): boolean {
  return x >= 2 * area.left && x <= 2 * area.right && y >= 2 * area.top && y <= 2 * area.bottom;
}

/** What a character is in a text; units of surrogate pairs come one by one. */
function textOf(code: number, isUnknown: boolean): string {
  if (code > 0x9f && code < 0x10000 && !(isUnknown && code > 0xff)) return String.fromCharCode(code);
  if (code >= 0x20 && code < 0x7f) return String.fromCharCode(code);
  if (code === divisionHyphen && !isUnknown) return '-';
  if (code >= 0x09 && code <= 0x0d && !isUnknown) return ' ';
  return code >= 0x10000 && code <= 0x10ffff ? String.fromCodePoint(code) : unknownText;
}
