import { literal, type NumericCell } from './sheet-value.ts';

type Order = 'day-first' | 'month-first';

/** Names of months in a language, and the number of it that formats of ECMA-376, 18.8.31, name it by. */
interface Language {
  readonly locale: string;
  readonly full: readonly string[];
  readonly short: readonly string[];
}

const languages: readonly Language[] = [
  ['409', 'January February March April May June July August September October November December'],
  ['407', 'Januar Februar März April Mai Juni Juli August September Oktober November Dezember'],
  ['40C', 'janvier février mars avril mai juin juillet août septembre octobre novembre décembre'],
  ['C0A', 'enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre'],
  ['410', 'gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre'],
  ['413', 'januari februari maart april mei juni juli augustus september oktober november december'],
  ['816', 'janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro'],
].map(([locale = '', names = '']) => {
  const full = names.toLowerCase().split(' ');
  return { locale, full, short: full.map((name) => name.slice(0, 3)) };
});

const time = String.raw`(?:(?<gap>,? |T)(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2}))?(?: ?(?<half>[AaPp][Mm]))?)?`;
const yearFirst = new RegExp(
  String.raw`^(?<year>\d{4})(?<one>[-/.])(?<month>\d{1,2})\k<one>(?<day>\d{1,2})${time}$`,
);
/** A year of two digits stands only beside a day and a month of two: `1.2.24` may be a number of a chapter. */
const yearLast = new RegExp(
  String.raw`^(?<first>\d{1,2})(?<one>[-/.])(?<second_>\d{1,2})\k<one>(?<year>\d{4}|(?<=^\d\d[/.]\d\d[/.])\d\d)${time}$`,
);
const named = new RegExp(
  String.raw`^(?<day>\d{1,2})(?<one>(?:\.|st|nd|rd|th)?(?: |-| de | of )|\. ?)(?<name>\p{L}{3,10})(?<two>[.,]{0,2}(?: |-| de ))(?<year>\d{4}|(?<=-)\d\d)${time}$`,
  'u',
);
const nameFirst = new RegExp(
  String.raw`^(?<name>\p{L}{3,10})(?<one>\.? )(?<day>\d{1,2})(?<two>(?:st|nd|rd|th)?,? )(?<year>\d{4})${time}$`,
  'u',
);
/** No date is longer. */
const lengthMax = 40;
/** Years of two digits from there on are of the century before, as spreadsheets take them. */
const lastCenturyFrom = 30;
/** 1 March 1900: spreadsheets count a 29 February of that year, which there was not. */
const serialMin = 61;

/** Whether days stand before months, by dates that were read so far and have one meaning. */
export class DateHabit {
  #dayFirst = 0;
  #monthFirst = 0;

  learn(text: string): void {
    if (text.length > lengthMax) return;
    const { first, second_: second, one } = yearLast.exec(text)?.groups ?? {};
    if (first === undefined || one === '.') return;
    const [a, b] = [Number(first), Number(second)];
    if (a > 12 && b <= 12) this.#dayFirst++;
    if (b > 12 && a <= 12) this.#monthFirst++;
  }

  /** Undefined where nothing speaks for one, or something for both. */
  get order(): Order | undefined {
    if (this.#dayFirst > 0 === this.#monthFirst > 0) return undefined;
    return this.#dayFirst > 0 ? 'day-first' : 'month-first';
  }
}

/**
 * The date that a text is, with its time where it has one; undefined where it is none, or may mean two: `01/02/2024` needs `order`.
 * Dates with points have the day in front wherever that can be.
 */
export function dateOf(text: string, order: Order | undefined): NumericCell | undefined {
  if (text.length > lengthMax || !/^\S+.*\d/.test(text)) return undefined;
  return byNumbers(text, order) ?? byName(text);
}

function byNumbers(text: string, order: Order | undefined): NumericCell | undefined {
  const iso = yearFirst.exec(text)?.groups;
  if (iso !== undefined) {
    const { year = '', month = '', day = '', one = '' } = iso;
    return cellOf({ year, month, day }, ['yyyy', one, monthCode(month), one, dayCode(day)], iso);
  }
  const found = yearLast.exec(text)?.groups;
  if (found === undefined) return undefined;
  const { first = '', second_: second = '', year = '', one = '' } = found;
  const isDayFirst = dayComesFirst(Number(first), Number(second), one === '.' ? 'day-first' : order);
  if (isDayFirst === undefined) return undefined;
  const [day, month] = isDayFirst ? [first, second] : [second, first];
  const [left, right] = isDayFirst ? [dayCode(day), monthCode(month)] : [monthCode(month), dayCode(day)];
  return cellOf({ year, month, day }, [left, one, right, one, yearCode(year)], found);
}

function dayComesFirst(first: number, second: number, order: Order | undefined): boolean | undefined {
  if (first > 12) return true;
  if (second > 12) return false;
  return order === undefined && first !== second ? undefined : order !== 'month-first';
}

function byName(text: string): NumericCell | undefined {
  const groups = named.exec(text)?.groups ?? nameFirst.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const { name = '', day = '', year = '', one = '', two = '' } = groups;
  const month = monthOf(name.toLowerCase());
  if (month === undefined) return undefined;
  const code = month.isFull ? 'mmmm' : 'mmm';
  const isNameFirst = text.startsWith(name);
  const parts = isNameFirst
    ? [code, one, dayCode(day), two, yearCode(year)]
    : [dayCode(day), one, code, two, yearCode(year)];
  const cell = cellOf({ year, month: String(month.number), day }, parts, groups);
  return cell && { ...cell, format: `[$-${month.locale}]${cell.format}` };
}

function monthOf(name: string): { number: number; locale: string; isFull: boolean } | undefined {
  for (const { locale, full, short } of languages) {
    const index = full.indexOf(name) < 0 ? short.indexOf(name) : full.indexOf(name);
    if (index >= 0) return { number: index + 1, locale, isFull: full[index] === name };
  }
  return undefined;
}

const dayCode = (digits: string) => (digits.length === 1 ? 'd' : 'dd');
const monthCode = (digits: string) => (digits.length === 1 ? 'm' : 'mm');
const yearCode = (digits: string) => (digits.length === 2 ? 'yy' : 'yyyy');

/** `parts` are codes with what stands between them in every second place. */
function cellOf(
  { year, month, day }: { readonly year: string; readonly month: string; readonly day: string },
  parts: readonly string[],
  { gap, hour, minute = '', second, half }: Readonly<Record<string, string | undefined>>,
): NumericCell | undefined {
  const century = year.length === 4 ? 0 : Number(year) < lastCenturyFrom ? 2000 : 1900;
  const [y, m, d] = [century + Number(year), Number(month), Number(day)];
  const date = new Date(Date.UTC(y, m - 1, d));
  if (date.getUTCMonth() !== m - 1 || date.getUTCDate() !== d) return undefined;
  const serial = Math.round((date.getTime() - Date.UTC(1899, 11, 30)) / 86_400_000);
  if (serial < serialMin) return undefined;
  const format = parts.map((part, index) => (index % 2 === 0 ? part : literal(part))).join('');
  if (hour === undefined || gap === undefined) return { number: serial, format };
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (/^p/i.test(half) ? 12 : 0);
  const isOdd = half !== undefined && (Number(hour) < 1 || Number(hour) > 12);
  if (isOdd || hours > 23 || Number(minute) > 59 || Number(second ?? 0) > 59) return undefined;
  const seconds = hours * 3600 + Number(minute) * 60 + Number(second ?? 0);
  const code = `${hour.length === 1 ? 'h' : 'hh'}:mm${second === undefined ? '' : ':ss'}${half === undefined ? '' : ' AM/PM'}`;
  return { number: serial + seconds / 86_400, format: `${format}${literal(gap)}${code}` };
}
