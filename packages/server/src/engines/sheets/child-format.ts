import { SSF } from '@e965/xlsx';

interface ShowOptions {
  readonly date1904: boolean;
  /** Formats by their numbers. */
  readonly table?: Readonly<Record<number, string>>;
}
const { format } = SSF as {
  format(code: string | number, value: number, options: ShowOptions & { readonly dateNF: string }): string;
};

/** Format 14, which each country shows in its own way, as in the United States. */
export const shortDate = 'm/d/yyyy';
/** Characters of a number in the format General. */
const generalLengthMax = 11;
/** What a code of ECMA-376, 18.8.31, is made of: quoted texts, escaped characters, conditions, what fills, and all else one by one. */
const parts = /"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|AM\/PM|A\/P|General|\.0+|E[+-]|[\s\S]/gi;
const letters = { date: /^(?:[ymdhs]|\.0+|[:/ -])$/i, number: /^(?:[0#?.,@/ ()+$-]|\.0+|E[+-])$/i };

/** How the numbers of a workbook are shown. */
export class NumberFormats {
  readonly #styles: readonly number[];
  readonly #table: Readonly<Record<number, string>>;
  readonly #date1904: boolean;

  /** `styles`: the number of the format of each style. */
  constructor(styles: readonly number[], table: Readonly<Record<number, string>>, date1904: boolean) {
    this.#styles = styles;
    this.#table = table;
    this.#date1904 = date1904;
  }

  /** A number in a style, without the blanks that keep it in line. */
  show(value: number, style: number): string {
    const id = this.#styles[style] ?? 0;
    const options = { date1904: this.#date1904, table: this.#table };
    if (id === 0) return generalText(value) ?? shown(value, 'General', options).trim();
    const code = this.#table[id];
    if (code !== undefined && isGeneral(code))
      return generalText(value) ?? shown(value, code, options).trim();
    // Format 14 is known by its number alone: who writes its code means that.
    return shown(value, id === 14 || code === undefined ? id : code, options).trim();
  }
}

/** A number by the code of its format. */
export function numberText(value: number, code: string, date1904: boolean): string {
  return shown(value, code, { date1904 });
}

export function isGeneral(code: string): boolean {
  return /^general$/i.test(code);
}

/**
 * A number in the format General. An integer has all its digits: of more than 11 Excel shows an exponent, which would lose what number it
 * is. Undefined where it has to be rounded.
 */
export function generalText(value: number): string | undefined {
  const text = String(value);
  if (Number.isSafeInteger(value)) return text;
  return text.length <= generalLengthMax && !text.includes('e') ? text : undefined;
}

function shown(value: number, code: string | number, options: ShowOptions): string {
  return (
    tried(value, code, options) ??
    (typeof code === 'string' ? repaired(value, code, options) : undefined) ??
    String(value)
  );
}

function tried(value: number, code: string | number, options: ShowOptions): string | undefined {
  try {
    return format(code, value, { ...options, dateNF: shortDate });
  } catch {
    return undefined;
  }
}

/** SSF refuses codes with characters that mean only themselves, as points of dates and signs of currencies: they are quoted. */
function repaired(value: number, code: string, options: ShowOptions): string | undefined {
  const all = code.match(parts) ?? [];
  const isDate = all.some((part) => /^[ydhs]$/i.test(part));
  /** Of each of its sections. */
  const percents = [0];
  const quoted = all.map((part) => {
    if (part === ';') percents.push(0);
    if (part === '%' && !isDate) percents[percents.length - 1]! += 1;
    if (part.length > 1 && !/^\.0+$/.test(part)) return part;
    const means = isDate ? letters.date.test(part) : letters.number.test(part);
    return means || part === ';' ? part : `"${part === '"' ? '' : part}"`;
  });
  const section = value < 0 ? 1 : value === 0 ? 2 : 0;
  return tried(value * 100 ** (percents[section] ?? percents[0] ?? 0), quoted.join(''), options);
}
