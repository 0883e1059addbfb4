/** A cell that is a number: also a date, which a spreadsheet keeps as days. */
export interface NumericCell {
  readonly number: number;
  /** How it is shown, a code of ECMA-376, 18.8.31. */
  readonly format: string;
}

/** Text that a format shows as it is; a percent sign keeps its meaning. */
export function literal(text: string): string {
  return text
    .split('%')
    .map((part) => (/^[ ()$-]*$/.test(part) ? part : `"${part.replaceAll('"', '')}"`))
    .join('%');
}
