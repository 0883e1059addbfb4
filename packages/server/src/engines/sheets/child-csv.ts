import { Refused } from '../../sandbox/refusal.ts';
import { charactersOf, encodingOf } from './child-encoding.ts';

/** What stands between cells. Where several would do, the first: a comma is in texts and numbers too. */
const delimiters = ['\t', ';', '|', ','] as const;
type Delimiter = (typeof delimiters)[number];

/** Characters that are looked at to find the delimiter. */
const sampleLength = 64 * 1024;
const sampleRowsMax = 200;
/** What a sheet holds. */
export const tableLimits = { rowsMax: 1_048_576, columnsMax: 16_384 };
/** Characters of a cell, of which no more are kept: a quote that nobody closes takes all that follows. */
const cellLengthMax = 1024 * 1024;

/** A table of text (RFC 4180, and what people make of it), row by row. */
export class CsvTable {
  readonly #path: string;
  readonly #encoding: ReturnType<typeof encodingOf>;
  readonly #delimiter: Delimiter;
  /** A first line `sep=;`, which tells programs of the delimiter and is no row. */
  readonly #hasHint: boolean;

  constructor(path: string) {
    this.#path = path;
    this.#encoding = encodingOf(path);
    let sample = '';
    for (const piece of charactersOf(path, this.#encoding)) {
      sample += piece;
      if (sample.length >= sampleLength) break;
    }
    const hint = /^sep=([\t;|,])\r?(?:\n|$)/i.exec(sample)?.[1];
    this.#hasHint = hint !== undefined;
    this.#delimiter = delimiters.find((one) => one === hint) ?? delimiterOf(sample.slice(0, sampleLength));
  }

  /** Its rows, each of at least one cell. Throws Refused where there are more than a sheet has. */
  *rows(): Generator<string[]> {
    let count = this.#hasHint ? -1 : 0;
    for (const row of rowsOf(charactersOf(this.#path, this.#encoding), this.#delimiter)) {
      count += 1;
      if (count > tableLimits.rowsMax)
        throw new Refused('limit', `It has more than ${tableLimits.rowsMax} rows.`);
      if (row.length > tableLimits.columnsMax)
        throw new Refused('limit', `It has more than ${tableLimits.columnsMax} columns.`);
      if (count > 0) yield row;
    }
  }
}

/** The delimiter that most rows have as often as each other. */
function delimiterOf(sample: string): Delimiter {
  let best: { readonly one: Delimiter; readonly share: number; readonly columns: number } | undefined;
  for (const one of delimiters) {
    const counts = new Map<number, number>();
    let rows = 0;
    for (const row of rowsOf([sample], one)) {
      if (row.length === 1 && row[0] === '') continue;
      if (!row.some(hasStrayQuote)) counts.set(row.length, (counts.get(row.length) ?? 0) + 1);
      if (++rows === sampleRowsMax) break;
    }
    const [[columns, count] = [1, 0]] = [...counts].toSorted(([, some], [, others]) => others - some);
    if (columns === 1) continue;
    const share = count / rows;
    const isBetter = best === undefined || share > best.share || (rows === 1 && columns > best.columns);
    if (isBetter) best = { one, share, columns };
  }
  return best?.one ?? ',';
}

/** A quote that is alone in a cell stands for its beginning or its end: the delimiter is another one. */
function hasStrayQuote(cell: string): boolean {
  return cell.includes('"') && cell.split('"').length % 2 === 0;
}

/** Rows of a text that comes in pieces. A quote that does not begin a cell is a character; what follows a closed quote belongs to its cell. */
function* rowsOf(pieces: Iterable<string>, delimiter: Delimiter): Generator<string[]> {
  let row: string[] = [];
  let cell = '';
  /** Where it is: at the beginning of a cell, in one, within quotes, or behind a quote within quotes, which may close them. */
  let state: 'begin' | 'plain' | 'quoted' | 'quote' = 'begin';
  let wasReturn = false;
  const keep = (text: string) => {
    if (cell.length < cellLengthMax) cell += text.slice(0, cellLengthMax - cell.length);
  };
  const endCell = () => {
    if (row.length <= tableLimits.columnsMax) row.push(cell);
    cell = '';
    state = 'begin';
  };
  for (const text of pieces) {
    /** Where what is not yet in the cell begins. */
    let from = 0;
    for (let at = 0; at < text.length; at++) {
      const character = text[at];
      if (state === 'quoted') {
        if (character !== '"') continue;
        keep(text.slice(from, at));
        state = 'quote';
        from = at + 1;
        continue;
      }
      if (wasReturn && character === '\n') {
        wasReturn = false;
        from = at + 1;
        continue;
      }
      wasReturn = false;
      if (character === '"' && state === 'begin') {
        state = 'quoted';
        from = at + 1;
      } else if (character === '"' && state === 'quote') {
        // Doubled: it stands for one, which is the second.
        state = 'quoted';
        from = at;
      } else if (character === delimiter) {
        keep(text.slice(from, at));
        endCell();
        from = at + 1;
      } else if (character === '\n' || character === '\r') {
        keep(text.slice(from, at));
        endCell();
        yield row;
        row = [];
        wasReturn = character === '\r';
        from = at + 1;
      } else if (state !== 'plain') state = 'plain';
    }
    keep(text.slice(from));
  }
  if (row.length > 0 || cell !== '' || state !== 'begin') {
    endCell();
    yield row;
  }
}
