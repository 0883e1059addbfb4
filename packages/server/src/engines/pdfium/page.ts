/**
 * A page as it was read, once, for all that is written of it. Lengths are points; x goes right and y down from the upper left corner
 * of what is shown of the page (its crop box, ISO 32000-2, 14.11.2), after it was turned by its /Rotate and by what the call asked for.
 */
export interface Page {
  /** From 0, in the whole document. */
  readonly index: number;
  readonly width: number;
  readonly height: number;
  /** In the order in which the page draws them; what the settings leave out is not among them. */
  readonly glyphs: readonly Glyph[];
  /** What glyphs look like; `Glyph.style` is an index of it. */
  readonly styles: readonly Style[];
  /** Straight lines that run along a side of the page: strokes, borders of rectangles, and filled rectangles that are as thin. */
  readonly rulings: readonly Ruling[];
  /** Filled rectangles that are more than a line. */
  readonly fills: readonly Fill[];
  readonly pictures: readonly Picture[];
  readonly fields: readonly FieldValue[];
  readonly links: readonly Link[];
}

/** A rectangle along the sides of the page. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A character, or several that one glyph stands for (a ligature). The box goes from ascent to descent of its font, and over its advance. */
export interface Glyph extends Box {
  /** Unicode text, as the document says it: blanks too. */
  readonly text: string;
  /** Where the glyph sits on its baseline. */
  readonly x: number;
  readonly y: number;
  /** Degrees clockwise, from 0 to below 360, by which its baseline is turned from left to right. */
  readonly angle: number;
  readonly style: number;
  /** Text of an annotation or of a field's appearance, and not of the page itself. */
  readonly isAnnotation?: boolean;
}

export interface Style {
  /** Name of the font without the prefix of a subset. */
  readonly font: string;
  /** Points, as shown. */
  readonly size: number;
  readonly isBold: boolean;
  readonly isItalic: boolean;
  /** `#rrggbb`. */
  readonly color: string;
  /** Text rendering mode 3, or fully transparent (ISO 32000-2, 9.3.6). */
  readonly isInvisible: boolean;
}

/** A line from `from` to `to` along its direction, at `at` across it. */
export interface Ruling {
  readonly isVertical: boolean;
  readonly at: number;
  readonly from: number;
  readonly to: number;
  readonly thickness: number;
  readonly color: string;
}

export interface Fill extends Box {
  readonly color: string;
}

/** An image as the page shows it. */
export interface Picture extends Box {
  /** Number by which the child that read the page finds it again while the page is open. */
  readonly id: number;
  readonly pixelWidth: number;
  readonly pixelHeight: number;
}

/** A widget of a form field. */
export interface FieldValue extends Box {
  /** Fully qualified. */
  readonly name: string;
  readonly kind: 'text' | 'check-box' | 'radio-button' | 'combo-box' | 'list-box' | 'button' | 'signature';
  /** Of text and choices; of a check box or radio button the value that it stands for. */
  readonly value: string;
  readonly isOn: boolean;
  readonly options: readonly { readonly label: string; readonly isChosen: boolean }[];
}

export interface Link extends Box {
  /** Empty where it leads to a page. */
  readonly uri: string;
  /** From 0. */
  readonly pageIndex: number | undefined;
}
