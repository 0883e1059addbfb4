import { record, textOf, words } from './xls-records.ts';
import { type CellFont, ownFormatsFrom, type StyleEntry, type Styles } from '../../writing/sheet-styles.ts';

/** Styles of styles that come before those of cells. */
export const styleOfStylesCount = 15;
/** Colours that a workbook may choose, and the number of the first. */
const colorsMax = 56;
const firstColor = 8;
const automaticColor = 0x7f_ff;
/** Fore and back of a cell without a fill. */
const noFillColors = 0x20_c0;
const twipsPerPoint = 20;
const usedParts = 0x04 | 0x08 | 0x10 | 0x40;

/** Records of fonts, formats, styles and colours, in the order of [MS-XLS] 2.1.7.20.3. */
export function styleRecords({ fonts, formats, fills, entries }: Styles): Buffer[] {
  const palette = new PaletteColors();
  const fontRecords = fonts.list.map((font) => fontRecord(font, palette));
  // Nothing may use the font of number 4: the list has it all the same (2.5.129).
  const all = Array.from({ length: Math.max(fontRecords.length, 5) }, (_, index) => fontRecords[index]);
  const colors = fills.list.map((color) => (color === '' ? undefined : palette.numberOf(color)));
  const ofStyles = Array.from({ length: styleOfStylesCount }, () =>
    record('XF', words(0, 0, 0xff_f5, 0x00_20, 0, 0, 0, 0, 0, noFillColors)),
  );
  return [
    ...all.map((font) => font ?? (fontRecords[0] as Buffer)),
    ...formats.list
      .slice(1)
      .map((format, index) => record('Format', words(ownFormatsFrom + 1 + index), textOf(format, 16))),
    ...ofStyles,
    ...entries.list.map((entry) => cellRecord(entry, colors)),
    record('Style', words(0x80_00), Buffer.of(0, 0xff)),
    palette.record(),
  ];
}

function fontRecord({ family, size, isBold, isItalic, color }: CellFont, palette: PaletteColors): Buffer {
  const number = color === '#000000' ? automaticColor : palette.numberOf(color);
  return record(
    'Font',
    words(Math.round(size * twipsPerPoint), isItalic ? 2 : 0, number, isBold ? 700 : 400, 0, 0, 0),
    textOf(family, 8),
  );
}

/** 2.4.353; the text is at the top where it has several lines, else at the bottom. */
function cellRecord(
  { font, format, fill, wraps, isQuoted }: StyleEntry,
  colors: readonly (number | undefined)[],
): Buffer {
  const color = colors[fill];
  return record(
    'XF',
    words(font < 4 ? font : font + 1, format === 0 ? 0 : ownFormatsFrom + format, isQuoted ? 9 : 1),
    Buffer.of(wraps ? 0x08 : 0x20, 0, 0, usedParts),
    words(0, 0, 0, color === undefined ? 0 : 0x04_00),
    words(color === undefined ? noFillColors : color | (0x41 << 7)),
  );
}

/** The colours of a workbook: each of its own until there is no room, then the nearest. */
class PaletteColors {
  readonly #colors: [number, number, number][] = [];

  numberOf(color: string): number {
    const value = Number.parseInt(color.slice(1), 16);
    const [red, green, blue] = [value >> 16, (value >> 8) & 255, value & 255];
    const distances = this.#colors.map(([r, g, b]) => (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2);
    const least = Math.min(...distances);
    if (least === 0 || this.#colors.length === colorsMax) return firstColor + distances.indexOf(least);
    return firstColor + this.#colors.push([red, green, blue]) - 1;
  }

  record(): Buffer {
    const colors = Buffer.alloc(colorsMax * 4);
    for (const [index, color] of this.#colors.entries()) colors.set(color, index * 4);
    return record('Palette', words(colorsMax), colors);
  }
}
