/** How text of a cell looks. */
export interface CellFont {
  readonly family: string;
  /** Points. */
  readonly size: number;
  readonly isBold: boolean;
  readonly isItalic: boolean;
  /** `#rrggbb`. */
  readonly color: string;
}

/** How a cell looks; undefined is as a new sheet has it. */
export interface CellStyle {
  readonly font: CellFont | undefined;
  /** `#rrggbb` behind the text. */
  readonly fill: string | undefined;
  /** A code of ECMA-376, 18.8.31. */
  readonly format: string;
  /** Its text has several lines. */
  readonly wraps: boolean;
  /** Its text stays text where somebody edits it, whatever it begins with. */
  readonly isQuoted: boolean;
  /** How it is printed, in formats that know of that. */
  readonly print?: PrintStyle;
}

/** A cell of a table that is made for paper: it has thin lines around it, and its text wraps. */
export interface PrintStyle {
  readonly isRightAligned: boolean;
}

/** A style with its parts as places in the lists of a workbook. */
export interface StyleEntry {
  readonly font: number;
  readonly fill: number;
  readonly format: number;
  readonly wraps: boolean;
  readonly isQuoted: boolean;
  readonly print?: PrintStyle;
}

export const generalFormat = 'General';
/** Text, whatever it looks like. */
export const textFormat = '@';
export const usualFont: CellFont = {
  family: 'Calibri',
  size: 11,
  isBold: false,
  isItalic: false,
  color: '#000000',
};

/** Numbers of formats below are taken by those that every program has (18.8.30). */
export const ownFormatsFrom = 164;
/** Points of a digit in the usual font: widths of columns count in these (18.3.1.13). */
export const digitWidth = 5.25;

/** What every spreadsheet program takes: a workbook may have 512 fonts, about 200 formats and 4,000 styles. */
const fontsMax = 500;
const formatsMax = 200;
const fillsMax = 500;
const stylesMax = 4_000;
/** The last places are kept for the formats of what looks as usual. */
const fullStylesMax = 3_000;

/** The fonts, formats, fills and styles of a workbook, each once. Place 0 is what a cell has of which nothing is said. */
export class Styles {
  readonly fonts = new Places<CellFont>(fontsMax, fontKey);
  readonly formats = new Places<string>(formatsMax, String);
  /** Empty: none. */
  readonly fills = new Places<string>(fillsMax, String);
  readonly entries = new Places<StyleEntry>(stylesMax, entryKey);
  readonly #places = new Map<string, number>();

  constructor() {
    this.fonts.placeOf(usualFont);
    this.fills.placeOf('');
    this.placeOf({ font: undefined, fill: undefined, format: generalFormat, wraps: false, isQuoted: false });
  }

  /** Whether there is room for a format; a number without it would lose what it is. */
  takes(format: string): boolean {
    return this.formats.placeOf(format) !== undefined;
  }

  /** Place of a style; of its font and fill what there is no room for is left out. */
  placeOf({ font = usualFont, fill = '', format, wraps, isQuoted, print }: CellStyle): number {
    const key = `${fontKey(font)}/${fill}/${wraps}/${isQuoted}/${print?.isRightAligned}/${format}`;
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const entry = {
      font: this.fonts.placeOf(font) ?? 0,
      fill: this.fills.placeOf(fill) ?? 0,
      format: this.formats.placeOf(format) ?? 0,
      wraps,
      isQuoted,
      ...(print && { print }),
    };
    const place =
      this.entries.placeOf(entry, fullStylesMax) ?? this.entries.placeOf({ ...entry, font: 0, fill: 0 }) ?? 0;
    if (this.#places.size < stylesMax) this.#places.set(key, place);
    return place;
  }
}

function fontKey({ family, size, isBold, isItalic, color }: CellFont): string {
  return `${family},${size},${isBold},${isItalic},${color}`;
}

function entryKey({ font, fill, format, wraps, isQuoted, print }: StyleEntry): string {
  return `${font},${fill},${format},${wraps},${isQuoted},${print?.isRightAligned}`;
}

/** A list without doubles, of at most so many. */
class Places<T> {
  readonly list: T[] = [];
  readonly #places = new Map<string, number>();
  readonly #max: number;
  readonly #keyOf: (value: T) => string;

  constructor(max: number, keyOf: (value: T) => string) {
    this.#max = max;
    this.#keyOf = keyOf;
  }

  /** Undefined where it is new and there is no room. */
  placeOf(value: T, max = this.#max): number | undefined {
    const key = this.#keyOf(value);
    const known = this.#places.get(key);
    if (known !== undefined || this.list.length >= max) return known;
    this.#places.set(key, this.list.length);
    return this.list.push(value) - 1;
  }
}
