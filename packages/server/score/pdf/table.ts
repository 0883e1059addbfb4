import type { LineStyle, Sheet, TextStyle } from './drawing.ts';

/** A table to draw. Cells may have several lines, parted by `\n`; `<` is a place that the cell to its left reaches over, `^` one of the cell above. */
export interface TablePlan {
  readonly x: number;
  /** Upper side. */
  readonly y: number;
  readonly widths: readonly number[];
  readonly rows: readonly (readonly string[])[];
  /** For each column, left where none is given; of a list that is too short the last. */
  readonly aligns?: readonly ('left' | 'right' | 'center' | 'decimal')[];
  /** Which lines are drawn: all, between rows, between columns, around it, below the head and above and below all, or none. */
  readonly rules?: 'all' | 'rows' | 'columns' | 'outside' | 'head' | 'none';
  readonly line?: LineStyle;
  /** Points between the lines of a text, and between a side of a cell and its text. */
  readonly leading?: number;
  readonly padding?: number;
  /** Where texts of fewer lines than others of their row stand: at the top where nothing is said. */
  readonly stands?: 'top' | 'middle' | 'foot';
  readonly text?: TextStyle;
  readonly head?: TextStyle;
  /** Rows of the head, 1 where nothing is said. */
  readonly heads?: number;
  /** Colours of rows, in turn; empty for none. */
  readonly fills?: readonly string[];
}

/** A table as it was drawn. */
export interface DrawnTable {
  /** A text for each place; those that a cell reaches over are empty. */
  readonly cells: readonly (readonly string[])[];
  /** The same with a row for each line of text. */
  readonly lines: readonly (readonly string[])[];
  readonly bottom: number;
}

/** Draws a table; its first rows are its head. */
export function drawTable(sheet: Sheet, plan: TablePlan): DrawnTable {
  const { x, y, widths, rows, rules = 'none', leading = 12, padding = 4, fills = [] } = plan;
  const edges = widths.reduce<number[]>((all, width) => [...all, all.at(-1)! + width], [x]);
  const tops = [y];
  for (const row of rows)
    tops.push(tops.at(-1)! + Math.max(...row.map((cell) => cell.split('\n').length)) * leading + padding);
  for (const [row, color] of rows.map((_, index) => [index, fills[index % fills.length] ?? ''] as const))
    if (color !== '') sheet.box(x, tops[row]!, edges.at(-1)! - x, tops[row + 1]! - tops[row]!, color);
  const lines: string[][] = [];
  for (const [row, cells] of rows.entries()) {
    const texts = linesOf(cells, plan.stands ?? 'top');
    for (const at of [...new Set(texts.map(({ line }) => line))].sort((one, other) => one - other)) {
      const written = cells.map(
        (_, place) => texts.find(({ column, line }) => column === place && line === at)?.text ?? '',
      );
      for (const [column, text] of written.entries()) {
        const end = spanEnd(cells, column);
        const style = { ...plan.text, ...(row < (plan.heads ?? 1) ? plan.head : {}) };
        placeText(
          sheet,
          text,
          edges[column]!,
          edges[end]!,
          tops[row]! + leading * (at + 1) - 2,
          {
            ...style,
            align: end - column > 1 ? 'center' : alignOf(plan, column, row),
          },
          padding,
        );
      }
      lines.push(written);
    }
  }
  drawRules(sheet, plan, rules, edges, tops);
  return {
    cells: rows.map((row) => row.map((cell) => (isReached(cell) ? '' : cell.replaceAll('\n', ' ')))),
    lines,
    bottom: tops.at(-1)!,
  };
}

/** The lines of all cells of a row, and how many lines below its top each stands; in the middle that may be half of one. */
function linesOf(
  cells: readonly string[],
  stands: 'top' | 'middle' | 'foot',
): readonly { readonly column: number; readonly line: number; readonly text: string }[] {
  const height = Math.max(...cells.map((cell) => cell.split('\n').length));
  return cells.flatMap((cell, column) => {
    if (isReached(cell) || cell === '') return [];
    const texts = cell.split('\n');
    const above = { top: 0, middle: 0.5, foot: 1 }[stands] * (height - texts.length);
    return texts.map((text, index) => ({ column, line: above + index, text }));
  });
}

function isReached(cell: string): boolean {
  return cell === '<' || cell === '^';
}

function spanEnd(cells: readonly string[], column: number): number {
  let end = column + 1;
  while (cells[end] === '<') end++;
  return end;
}

/** The head of a column of numbers ends where they end. */
function alignOf(plan: TablePlan, column: number, row: number): 'left' | 'right' | 'center' | 'decimal' {
  const align = plan.aligns?.[column] ?? plan.aligns?.at(-1) ?? 'left';
  return align === 'decimal' && row === 0 ? 'right' : align;
}

/** Decimals have 20 points after their point. */
function placeText(
  sheet: Sheet,
  text: string,
  left: number,
  right: number,
  y: number,
  style: TextStyle,
  padding: number,
): void {
  const { align } = style;
  const x =
    align === 'right'
      ? right - padding
      : align === 'center'
        ? (left + right) / 2
        : align === 'decimal'
          ? right - padding - 20
          : left + padding;
  sheet.write(x, y, text, style);
}

function drawRules(
  sheet: Sheet,
  plan: TablePlan,
  rules: string,
  edges: readonly number[],
  tops: readonly number[],
): void {
  const [left, right, top, bottom] = [edges[0]!, edges.at(-1)!, tops[0]!, tops.at(-1)!];
  const last = plan.rows.length;
  const across =
    rules === 'all' || rules === 'rows'
      ? tops.map((_, index) => index)
      : rules === 'outside'
        ? [0, last]
        : rules === 'head'
          ? [0, 1, last]
          : [];
  for (const index of across)
    for (const [column, edge] of edges.slice(0, -1).entries())
      if (plan.rows[index]?.[column] !== '^')
        sheet.line(edge, tops[index]!, edges[column + 1]!, tops[index]!, plan.line);
  const down = rules === 'all' || rules === 'columns' ? edges.map((_, index) => index) : [];
  for (const index of down)
    for (const [row, edge] of tops.slice(0, -1).entries())
      if (plan.rows[row]?.[index] !== '<')
        sheet.line(edges[index]!, edge, edges[index]!, tops[row + 1]!, plan.line);
  if (rules === 'outside') {
    sheet.line(left, top, left, bottom, plan.line);
    sheet.line(right, top, right, bottom, plan.line);
  }
}
