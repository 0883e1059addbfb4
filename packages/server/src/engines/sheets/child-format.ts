import { SSF } from '@e965/xlsx';

const { format: formatted } = SSF as {
  format(
    code: string,
    value: number,
    options: { readonly date1904: boolean; readonly dateNF: string },
  ): string;
};

/** Integers of more digits Excel shows with an exponent where nobody chose a format, which would lose what number it is. */
const integersFrom = 1e11;
/** What a code of ECMA-376, 18.8.31, is made of: quoted texts, escaped characters, conditions, what fills, and all else one by one. */
const parts = /"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|AM\/PM|A\/P|General|\.0+|E[+-]|[\s\S]/gi;
const letters = { date: /^(?:[ymdhs]|\.0+|[:/ -])$/i, number: /^(?:[0#?.,@/ ()+$-]|\.0+|E[+-])$/i };

/** Whether Excel shows a number as it cares to, and not as it is. */
export function isShortened(value: number, code: string): boolean {
  return /^general$/i.test(code) && Math.abs(value) >= integersFrom && Number.isSafeInteger(value);
}

/** A number by a format that SheetJS did not understand. */
export function numberText(value: number, code: string, date1904: boolean): string {
  return tried(value, code, date1904) ?? repaired(value, code, date1904) ?? String(value);
}

function tried(value: number, code: string, date1904: boolean): string | undefined {
  try {
    return formatted(code, value, { date1904, dateNF: 'm/d/yyyy' });
  } catch {
    return undefined;
  }
}

/** SSF refuses codes with characters that mean only themselves, as points of dates and signs of currencies: they are quoted. */
function repaired(value: number, code: string, date1904: boolean): string | undefined {
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
  return tried(value * 100 ** (percents[section] ?? percents[0] ?? 0), quoted.join(''), date1904);
}
