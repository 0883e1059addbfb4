import type { ReadingOutput, ReadingSettings } from '../../capabilities.ts';
import { gridOf, linesOf } from '../layout/layout.ts';
import type { Cell } from '../layout/model.ts';
import type { Box, FieldValue, Link, Page, Ruling } from '../page.ts';
import { metaOf, sizesOf, type TextMeta } from './meta.ts';

/** An element of what is written as XML or JSON. */
export interface Element {
  readonly name: string;
  /** By name, in their order. */
  readonly attributes: Attributes;
  /** A text, or elements. */
  readonly content: string | readonly Element[];
  /** Of a text, where it was asked for. */
  readonly meta?: TextMeta;
}
type Attributes = Readonly<Record<string, string>>;

export type TreeOutput = Extract<ReadingOutput, { readonly as: 'json' | 'xml' }>;

export function documentAttributes(pageCount: number): Attributes {
  return { pageCount: String(pageCount), pageCountWithOCRPerformed: '0' };
}

/** What stands on a page: its rows and columns, then lines and fields; `more` goes behind them. */
export function pageTree(
  page: Page,
  settings: ReadingSettings,
  output: TreeOutput,
  more: readonly Element[],
): Element {
  const attributes = {
    index: String(page.index),
    // The original rounds up: A4 is 596 x 842.
    width: String(Math.ceil(page.width)),
    height: String(Math.ceil(page.height)),
    OCRWasPerformed: 'False',
  };
  if (output.onlyLinks) return { name: 'page', attributes, content: linksOf(page, settings) };
  const rows = rowsOf(page, settings, output.form === 'meta');
  const rulings = output.rulings ? page.rulings.map(lineOf) : [];
  const fields = page.fields.flatMap(controlOf);
  return { name: 'page', attributes, content: [...rows, ...more, ...rulings, ...fields] };
}

/** `x`, `y`, `width` and `height` in points from the upper left corner, with two decimals as the original. */
export function placeOf({ left, top, right, bottom }: Box): Attributes {
  return { x: points(left), y: points(top), width: points(right - left), height: points(bottom - top) };
}

function rowsOf(page: Page, settings: ReadingSettings, withMeta: boolean): Element[] {
  const sizes = sizesOf(page);
  const textOf = (cell: Cell | undefined): Element => {
    if (cell === undefined || cell.text === '') return { name: 'text', attributes: {}, content: '' };
    const style = page.styles[styleOf(cell)];
    const font = {
      fontName: style?.font ?? '',
      fontSize: (style?.size ?? 0).toFixed(1),
      ...fontStyle(style?.isBold ?? false, style?.isItalic ?? false),
      ...(style === undefined || style.color === '#000000' ? {} : { color: style.color.toUpperCase() }),
    };
    const attributes = { ...font, ...placeOf(cell) };
    const text = { name: 'text', attributes, content: cell.text };
    return withMeta ? { ...text, meta: metaOf(cell.text, style?.size ?? 0, sizes) } : text;
  };
  return gridOf(page, settings).rows.map(({ cells }) => ({
    name: 'row',
    attributes: {},
    content: cells.map((cell) => ({ name: 'column', attributes: {}, content: [textOf(cell)] })),
  }));
}

function fontStyle(isBold: boolean, isItalic: boolean): Attributes {
  if (!isBold && !isItalic) return {};
  return { fontStyle: isBold && isItalic ? 'Bold, Italic' : isBold ? 'Bold' : 'Italic' };
}

/** That of most of its characters. */
function styleOf({ lines }: Cell): number {
  const counts = new Map<number, number>();
  for (const { style, text } of lines.flatMap(({ words }) => words))
    counts.set(style, (counts.get(style) ?? 0) + text.length);
  const [[style] = [0]] = [...counts].toSorted(([, one], [, other]) => other - one);
  return style;
}

function lineOf({ isVertical, at, from, to, thickness, color }: Ruling): Element {
  const [x1, y1, x2, y2] = isVertical ? [at, from, at, to] : [from, at, to, at];
  return {
    name: 'line',
    attributes: {
      x1: points(x1),
      y1: points(y1),
      x2: points(x2),
      y2: points(y2),
      thickness: points(thickness),
      color: color.toUpperCase(),
    },
    content: [],
  };
}

/** Words of the wire for kinds of fields. Buttons and signatures hold no value. */
const controls: Readonly<Record<FieldValue['kind'], string | undefined>> = {
  text: 'editbox',
  'check-box': 'checkbox',
  'radio-button': 'radiobutton',
  'combo-box': 'combobox',
  'list-box': 'listbox',
  button: undefined,
  signature: undefined,
};

function controlOf(field: FieldValue): Element[] {
  const type = controls[field.kind];
  if (type === undefined) return [];
  const isSwitch = type === 'checkbox' || type === 'radiobutton';
  const state: Attributes = isSwitch ? { state: field.isOn ? '1' : '0' } : {};
  const attributes = { type, id: field.name, ...state, ...placeOf(field) };
  const hasList = type === 'combobox' || type === 'listbox';
  return [{ name: 'control', attributes, content: hasList ? valuesOf(field) : field.value }];
}

/** What was typed into a combo box, and is none of its options, is one more. */
function valuesOf({ options, value }: FieldValue): Element[] {
  const isOther = value !== '' && !options.some(({ isChosen }) => isChosen);
  const all = isOther ? [...options, { label: value, isChosen: true }] : options;
  const values = all.map(({ label, isChosen }): Element => ({
    name: 'value',
    attributes: isChosen ? { selected: 'true' } : {},
    content: label,
  }));
  return [{ name: 'values', attributes: {}, content: values }];
}

/** Links with the text that they lie on. */
function linksOf(page: Page, settings: ReadingSettings): Element[] {
  const words = linesOf(page, settings).flatMap((line) => line.words);
  return page.links.map((link) => ({
    name: 'link',
    attributes: { ...targetOf(link), ...placeOf(link) },
    content: words
      .map(({ text, glyphs }) => {
        const within = glyphs.filter((glyph) => isOn(glyph, link));
        return within.length === glyphs.length ? text : within.map((glyph) => glyph.text).join('');
      })
      .filter((text) => text !== '')
      .join(' '),
  }));
}

function targetOf({ uri, pageIndex }: Link): Attributes {
  if (uri !== '') return { url: uri };
  return pageIndex === undefined ? {} : { page: String(pageIndex) };
}

function isOn(glyph: Box, { left, top, right, bottom }: Box): boolean {
  const [x, y] = [(glyph.left + glyph.right) / 2, (glyph.top + glyph.bottom) / 2];
  return x >= left && x <= right && y >= top && y <= bottom;
}

function points(value: number): string {
  return value.toFixed(2);
}
