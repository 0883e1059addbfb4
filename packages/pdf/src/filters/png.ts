import type { RowShape } from './predictor.ts';

/** One row: `count` bytes from `from` in `data`, to be written at `to` in `out`, where the row above ends. */
interface Row {
  readonly data: Uint8Array;
  readonly out: Uint8Array;
  from: number;
  to: number;
  count: number;
  readonly rowBytes: number;
  readonly pixelBytes: number;
}

/** Undoes PNG prediction: every row begins with a byte that names its filter (ISO/IEC 15948, clause 9). */
export function undoPng(data: Uint8Array, { colors, bitsPerComponent, rowBytes }: RowShape): Uint8Array {
  const out = new Uint8Array(data.length - Math.ceil(data.length / (rowBytes + 1)));
  const pixelBytes = Math.ceil((colors * bitsPerComponent) / 8);
  const row: Row = { data, out, from: 0, to: 0, count: 0, rowBytes, pixelBytes };
  while (row.from < data.length) {
    const filter = data[row.from++]!;
    row.count = Math.min(rowBytes, data.length - row.from);
    undoRow(filter, row);
    row.from += row.count;
    row.to += row.count;
  }
  return out;
}

function undoRow(filter: number, row: Row): void {
  if (filter === 1) undoSub(row);
  else if (filter === 2 && row.to > 0) undoUp(row);
  else if (filter === 3) undoAverage(row);
  else if (filter === 4) undoPaeth(row);
  // None, Up on the first row, and numbers that do not exist.
  else copyRow(row);
}

// Loops instead of `set`: most rows are the 4 to 7 bytes of a cross-reference stream.
function copyRow({ data, out, from, to, count }: Row): void {
  for (let index = 0; index < count; index++) out[to + index] = data[from + index]!;
}

function undoUp({ data, out, from, to, count, rowBytes }: Row): void {
  const above = to - rowBytes;
  for (let index = 0; index < count; index++) out[to + index] = data[from + index]! + out[above + index]!;
}

function undoSub({ data, out, from, to, count, pixelBytes }: Row): void {
  for (let index = 0; index < count; index++) {
    const left = index < pixelBytes ? 0 : out[to + index - pixelBytes]!;
    out[to + index] = data[from + index]! + left;
  }
}

function undoAverage({ data, out, from, to, count, rowBytes, pixelBytes }: Row): void {
  for (let index = 0; index < count; index++) {
    const left = index < pixelBytes ? 0 : out[to + index - pixelBytes]!;
    const above = to === 0 ? 0 : out[to + index - rowBytes]!;
    out[to + index] = data[from + index]! + ((left + above) >> 1);
  }
}

function undoPaeth({ data, out, from, to, count, rowBytes, pixelBytes }: Row): void {
  for (let index = 0; index < count; index++) {
    const at = to + index;
    const left = index < pixelBytes ? 0 : out[at - pixelBytes]!;
    const above = to === 0 ? 0 : out[at - rowBytes]!;
    const aboveLeft = to === 0 || index < pixelBytes ? 0 : out[at - rowBytes - pixelBytes]!;
    out[at] = data[from + index]! + paeth(left, above, aboveLeft);
  }
}

/** The neighbour that is nearest to left + above - aboveLeft; in a tie the order is that of the arguments. */
function paeth(left: number, above: number, aboveLeft: number): number {
  const toLeft = Math.abs(above - aboveLeft);
  const toAbove = Math.abs(left - aboveLeft);
  const toAboveLeft = Math.abs(left + above - 2 * aboveLeft);
  if (toLeft <= toAbove && toLeft <= toAboveLeft) return left;
  return toAbove <= toAboveLeft ? above : aboveLeft;
}
