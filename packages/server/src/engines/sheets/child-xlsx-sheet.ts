import { Refused } from '../../sandbox/refusal.ts';
import { tableLimits } from './child-csv.ts';
import type { NumberFormats } from './child-format.ts';
import { attributesOf, elementsOf } from './child-xml.ts';
import { cellText, richText } from './child-xlsx-text.ts';
import { Spans } from './spans.ts';
import { isSparse, type MergedCells, type Table, type TableCell } from './table.ts';

/** A sheet of XLSX (18.3), and what of the workbook it speaks of. */
export interface XlsxSheet {
  readonly number: number;
  readonly name: string;
  /** Its XML, from the beginning each time. */
  pieces(): Iterable<string>;
  readonly texts: readonly string[];
  /** Where there are none, nobody wants to know how numbers are shown. */
  readonly formats: NumberFormats | undefined;
  /** Where its links lead, by their ids. */
  readonly links: ReadonlyMap<string, string>;
}

/** Thrown where rows do not come in their order, so that one cannot be written before the next is read. */
export class Unordered extends Error {}

/** Cells with a link that a link may have. */
const linkedMax = 1_000;
const cellPattern = /<(?:\w+:)?c(?:\s([^<>]*?))?(?:\/>|>([\s\S]*?)<\/(?:\w+:)?c>)/g;
const attributePattern = /(?:^|\s)([rst])\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const valuePattern = /<(?:\w+:)?v(?:\s[^<>]*)?>([^<]*)</;
const formulaPattern = /<(?:\w+:)?f[\s/>]/;
const mergePattern = /<(?:\w+:)?mergeCell\s([^<>]*)>/g;
const linkPattern = /<(?:\w+:)?hyperlink\s([^<>]*)>/g;

interface Row {
  /** From 0. */
  readonly index: number;
  /** By column. */
  readonly cells: readonly (TableCell | undefined)[];
}

/** Tells of formulas without results. */
type Lacks = () => void;

/**
 * What a sheet shows. It is read from its beginning each time that its rows are asked for, one at a time, so that its size does not
 * matter. Throws Refused, and Unordered.
 */
export function tableOfXlsx(sheet: XlsxSheet, lacksResult: Lacks): Table {
  let [rowCount, columnCount, cellCount] = [0, 0, 0];
  let rest = '';
  for (const { index, cells } of rowsOf(
    { ...sheet, formats: undefined },
    lacksResult,
    (text) => (rest += text),
  )) {
    if (cells.length === 0) continue;
    rowCount = index + 1;
    columnCount = Math.max(columnCount, cells.length);
    for (const cell of cells) if (cell !== undefined) cellCount += 1;
  }
  const merged = mergedOf(rest, rowCount, columnCount);
  const links = linksOf(rest, sheet.links);
  return {
    number: sheet.number,
    name: sheet.name,
    columnCount,
    isSparse: isSparse({ rowCount, columnCount, cellCount }),
    merged,
    *rows() {
      const spans = new Spans(merged);
      let next = 0;
      for (const { index, cells } of rowsOf(sheet)) {
        if (index >= rowCount) return;
        for (; next < index; next++) yield [];
        const shown = [...cells];
        for (const [column, cell] of cells.entries()) {
          const link = links.size === 0 ? undefined : links.get(`${index} ${column}`);
          if (cell !== undefined && link !== undefined) shown[column] = { ...cell, link };
        }
        spans.hide(index, shown);
        yield shown;
        next = index + 1;
      }
    },
  };
}

/** Rows that are there, from top to bottom; each ends with its last cell that shows something. */
function* rowsOf(sheet: XlsxSheet, lacks: Lacks = () => {}, rest?: (text: string) => void): Generator<Row> {
  let index = -1;
  for (const { attributes, content } of elementsOf(sheet.pieces(), 'row', rest)) {
    const asked = Number(attributesOf(attributes).get('r') ?? index + 2) - 1;
    if (!(asked > index)) throw new Unordered();
    if (!(asked < tableLimits.rowsMax))
      throw new Refused('limit', `a sheet has more than ${tableLimits.rowsMax} rows`);
    index = asked;
    yield { index, cells: cellsOf(content, sheet, lacks) };
  }
}

function cellsOf(content: string, sheet: XlsxSheet, lacks: Lacks): (TableCell | undefined)[] {
  const cells: (TableCell | undefined)[] = [];
  let column = -1;
  for (const [, attributes = '', inner] of content.matchAll(cellPattern)) {
    let [place, style, type] = ['', '', 'n'];
    for (const [, name, double, single] of attributes.matchAll(attributePattern)) {
      const value = double ?? single ?? '';
      if (name === 'r') place = value;
      else if (name === 's') style = value;
      else type = value;
    }
    column = place === '' ? column + 1 : columnOf(place);
    if (!(column >= 0 && column < tableLimits.columnsMax))
      throw new Refused('limit', `a sheet has more than ${tableLimits.columnsMax} columns`);
    if (inner === undefined) continue;
    const cell = cellOf(inner, type, Number(style), sheet);
    if (cell === undefined && type !== 'str' && formulaPattern.test(inner)) lacks();
    if (cell === undefined) continue;
    while (cells.length < column) cells.push(undefined);
    cells[column] = cell;
  }
  return cells;
}

function cellOf(
  inner: string,
  type: string,
  style: number,
  { texts, formats }: XlsxSheet,
): TableCell | undefined {
  if (type === 'inlineStr') return textCell(richText(inner));
  const value = valuePattern.exec(inner)?.[1]?.trim() ?? '';
  if (value === '') return undefined;
  switch (type) {
    case 's':
      return textCell(texts[Number(value)] ?? '');
    case 'str':
      return textCell(cellText(valuePattern.exec(inner)?.[1] ?? ''));
    case 'b':
      return textCell(value === '1' || value === 'true' ? 'TRUE' : 'FALSE');
    case 'e':
      return textCell(cellText(value));
    case 'd':
      return textCell(value);
    default: {
      const number = Number(value);
      if (formats === undefined) return measured;
      const text = Number.isNaN(number) ? '' : formats.show(number, style);
      return text === '' ? undefined : { text, isNumber: true };
    }
  }
}

/** Stands for a number. */
const measured: TableCell = { text: '0', isNumber: true };

function textCell(text: string): TableCell | undefined {
  return text === '' ? undefined : { text, isNumber: false };
}

/** From 0, of `B7`; below 0 where it is none. */
function columnOf(place: string): number {
  let column = 0;
  for (let at = 0; at < place.length; at++) {
    const letter = (place.charCodeAt(at) | 0x20) - 0x60;
    if (letter < 1 || letter > 26) break;
    column = column * 26 + letter;
  }
  return column - 1;
}

function mergedOf(rest: string, rowCount: number, columnCount: number): MergedCells[] {
  return [...rest.matchAll(mergePattern)].flatMap(([, attributes = '']) => {
    const range = rangeOf(attributesOf(attributes).get('ref'));
    if (range === undefined) return [];
    const rows = Math.min(range.row + range.rows, rowCount) - range.row;
    const columns = Math.min(range.column + range.columns, columnCount) - range.column;
    return rows < 1 || columns < 1 || rows * columns === 1 ? [] : [{ ...range, rows, columns }];
  });
}

/** Links by row and column. */
function linksOf(rest: string, targets: ReadonlyMap<string, string>): Map<string, string> {
  const links = new Map<string, string>();
  if (targets.size === 0) return links;
  for (const [, text = ''] of rest.matchAll(linkPattern)) {
    const attributes = attributesOf(text);
    const target = targets.get(attributes.get('id') ?? '');
    const range = rangeOf(attributes.get('ref'));
    if (target === undefined || range === undefined || range.rows * range.columns > linkedMax) continue;
    for (let row = range.row; row < range.row + range.rows; row++)
      for (let column = range.column; column < range.column + range.columns; column++)
        links.set(`${row} ${column}`, target);
  }
  return links;
}

/** Of `A1:B2`, or `A1`. */
function rangeOf(text: string | undefined): MergedCells | undefined {
  const [, from, top, to = from, bottom = top] =
    /^\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?$/i.exec(text ?? '') ?? [];
  if (from === undefined || to === undefined) return undefined;
  const [row, column] = [Number(top) - 1, columnOf(from)];
  const [rows, columns] = [Number(bottom) - row, columnOf(to) + 1 - column];
  return row < 0 || rows < 1 || columns < 1 ? undefined : { row, column, rows, columns };
}
