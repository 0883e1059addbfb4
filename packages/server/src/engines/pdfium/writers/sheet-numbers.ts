import { literal, type NumericCell } from './sheet-value.ts';

/** Which separators numbers are written with; undefined where it is not known. */
export interface Separators {
  readonly decimal: string | undefined;
  readonly group: string | undefined;
}

/** More digits than that a spreadsheet does not keep: its numbers are IEEE 754 of 64 bits. */
const digitsMax = 15;
/** A longer text is no number, whatever it says; nor is one with a longer word than any currency has. */
const lengthMax = 60;
/** Without a format of its own, a number of more digits is shown with an exponent. */
const plainDigitsMax = 11;

const currency = [
  String.raw`(?:[A-Z]{1,2})?\p{Sc}`,
  'AED|ARS|AUD|BGN|BRL|CAD|CHF|CLP|CNY|COP|CZK|DKK|EUR|GBP|HKD|HUF|IDR|ILS|INR|JPY|KRW|MXN|MYR|NOK|NZD|PEN',
  'PHP|PLN|RON|RUB|SAR|SEK|SGD|THB|TRY|TWD|UAH|USD|VND|ZAR',
  String.raw`SFr\.|Fr\.|kr\.?|Kč|zł|Ft|lei|лв\.?|руб\.?|Rs\.?|TL`,
].join('|');
const minus = '[-\u2212\u2013]';
const before = new RegExp(String.raw`^(\()?(${minus})?(?:(?:${currency})\s?)?(\()?(${minus})?$`, 'u');
const after = new RegExp(String.raw`^(\s?%)?(?:\s?(?:${currency}))?(\))?(\s?%)?(\s?${minus})?$`, 'u');
const blank = /[\u0020\u00A0\u2007\u2009\u202F]/g;
const narrowBlank = /\d[\u00A0\u2007\u2009\u202F]\d/;

/** A number as it stands in a cell: what is around its digits, and these with their separators. */
interface Parts {
  readonly left: string;
  /** Digits and separators; every kind of blank is U+0020, every apostrophe is `'`. */
  readonly digits: string;
  readonly right: string;
  readonly isNegative: boolean;
  readonly isPercentage: boolean;
  /** Its groups are parted by a blank that nobody types between words. */
  readonly hasNarrowBlank: boolean;
}

/** Digits with one meaning of their separators. */
interface Reading {
  readonly decimal: string;
  /** Empty where it has none. */
  readonly group: string;
  readonly whole: string;
  readonly fraction: string;
}

const conventions = [
  { decimal: '.', groups: [',', ' ', "'"] },
  { decimal: ',', groups: ['.', ' ', "'"] },
] as const;

/**
 * How numbers are written, by what was read so far. Only what has one meaning counts: `1.234,56` more than `12,50`, and that more
 * than `12,5`, which may be something else than a number.
 */
export class NumberHabit {
  #votes = new Map([
    ['.', 0],
    [',', 0],
  ]);
  #groupsByBlanks = false;

  learn(text: string): void {
    const parts = partsOf(text);
    if (parts === undefined) return;
    const readings = readingsOf(parts.digits, conventions);
    const [first] = readings;
    if (first === undefined) return;
    if (first.group === ' ' && (first.fraction !== '' || parts.hasNarrowBlank)) this.#groupsByBlanks = true;
    if (readings.length > 1 || (first.fraction === '' && first.group === '')) return;
    const weight = first.group !== '' && first.fraction !== '' ? 4 : first.fraction.length === 2 ? 2 : 1;
    this.#votes.set(first.decimal, (this.#votes.get(first.decimal) ?? 0) + weight);
  }

  /** Undefined where nothing, or as much as for the other, speaks for one. */
  get decimal(): string | undefined {
    const [point = 0, comma = 0] = [this.#votes.get('.'), this.#votes.get(',')];
    return point === comma ? undefined : point > comma ? '.' : ',';
  }

  get groupsByBlanks(): boolean {
    return this.#groupsByBlanks;
  }
}

/**
 * The number that a text is; undefined where it is none, or may be something else: a code with zeros in front, a telephone number,
 * more digits than a spreadsheet keeps. What of `asked` is undefined is found by the text itself and by `habit`.
 */
export function numberOf(text: string, asked: Separators, habit: NumberHabit): NumericCell | undefined {
  const parts = partsOf(text);
  if (parts === undefined) return undefined;
  const reading = chosen(readingsOf(parts.digits, conventionsFor(asked)), parts, asked, habit);
  if (reading === undefined) return undefined;
  const { whole, fraction } = reading;
  if (/^0\d/.test(whole) || (whole + fraction).replace(/^0+/, '').length > digitsMax) return undefined;
  const number = Number(`${parts.isNegative ? '-' : ''}${whole}.${fraction}e${parts.isPercentage ? -2 : 0}`);
  return { number: number === 0 ? 0 : number, format: formatOf(parts, reading) };
}

function partsOf(text: string): Parts | undefined {
  if (text.length > lengthMax || !/\d/.test(text) || /\p{L}{5}/u.test(text)) return undefined;
  // The point of `Rs.50` is no decimal one.
  const [, left = '', raw, right = ''] =
    /^(\D*?)((?<!\p{L})[.,]\d(?:.*\d)?|\d(?:.*\d)?)(\D*)$/su.exec(text) ?? [];
  if (raw === undefined) return undefined;
  const [isBefore, open1, minus1, open2, minus2] = before.exec(left.replaceAll(blank, ' ')) ?? [];
  const [isAfter, percent1, close, percent2, minus3] = after.exec(right.replaceAll(blank, ' ')) ?? [];
  if (isBefore === undefined || isAfter === undefined) return undefined;
  const opened = [open1, open2].filter((one) => one !== undefined).length;
  const minuses = [minus1, minus2, minus3].filter((one) => one !== undefined).length;
  if (opened !== (close === undefined ? 0 : 1) || opened + minuses > 1) return undefined;
  const isPercentage = percent1 !== undefined || percent2 !== undefined;
  const hasCurrency = /[^-\u2212\u2013()%\s]/u.test(left + right);
  if (isPercentage && (hasCurrency || (percent1 !== undefined && percent2 !== undefined))) return undefined;
  return {
    left,
    digits: raw.replaceAll(blank, ' ').replaceAll('\u2019', "'"),
    right,
    isNegative: opened + minuses > 0,
    isPercentage,
    hasNarrowBlank: narrowBlank.test(raw),
  };
}

function conventionsFor({ decimal, group }: Separators) {
  if (decimal === undefined && group === undefined) return conventions;
  const others = (taken: string) => ['.', ',', ' ', "'"].filter((one) => one !== taken);
  const decimals = decimal === undefined ? ['.', ','].filter((one) => one !== group) : [decimal];
  return decimals.map((one) => ({ decimal: one, groups: group === undefined ? others(one) : [group] }));
}

function readingsOf(
  digits: string,
  some: readonly { readonly decimal: string; readonly groups: readonly string[] }[],
): Reading[] {
  return some.flatMap(({ decimal, groups }) => {
    const at = digits.lastIndexOf(decimal);
    const whole = at < 0 ? digits : digits.slice(0, at);
    const fraction = at < 0 ? '' : digits.slice(at + decimal.length);
    if (at >= 0 && !/^\d+$/.test(fraction)) return [];
    if (/^\d*$/.test(whole)) return [{ decimal, group: '', whole: whole === '' ? '0' : whole, fraction }];
    const group = groups.find((one) => one !== decimal && isGrouped(whole, one));
    return group === undefined ? [] : [{ decimal, group, whole: whole.replaceAll(group, ''), fraction }];
  });
}

/** Groups of three digits, or as in India two, and three at the end. `0,123` is not one of groups. */
function isGrouped(whole: string, group: string): boolean {
  const [first = '', ...rest] = whole.split(group);
  const last = rest.pop();
  if (last === undefined || !/^[1-9]\d{0,2}$/.test(first) || !/^\d{3}$/.test(last)) return false;
  const isIndian = group === ',' && first.length < 3 && rest.every((one) => /^\d{2}$/.test(one));
  return isIndian || rest.every((one) => /^\d{3}$/.test(one));
}

function chosen(
  readings: readonly Reading[],
  parts: Parts,
  asked: Separators,
  habit: NumberHabit,
): Reading | undefined {
  const usual = asked.decimal ?? habit.decimal;
  const [first] = readings;
  if (first === undefined) return undefined;
  const isSure = (one: Reading) =>
    one.group !== ' ' ||
    asked.group === ' ' ||
    one.fraction !== '' ||
    parts.hasNarrowBlank ||
    habit.groupsByBlanks;
  // Two kinds of separators, or none, say by themselves what they mean.
  const says = readings.length === 1 && first.group !== '' && first.fraction !== '';
  if (says || usual === undefined || !/[.,]/.test(parts.digits)) return isSure(first) ? first : undefined;
  const fitting = readings.find((one) => one.decimal === usual);
  return fitting !== undefined && isSure(fitting) ? fitting : undefined;
}

/** A format of ECMA-376, 18.8.31, that shows the number as it was printed. */
function formatOf({ left, right, isNegative }: Parts, { whole, fraction, group }: Reading): string {
  const digits = `${group === '' ? '0' : '#,##0'}${fraction === '' ? '' : `.${'0'.repeat(fraction.length)}`}`;
  const isBare = left.replace(/^-/, '') === '' && right === '';
  if (isBare) return digits === '0' && whole.length <= plainDigitsMax ? 'General' : digits;
  const shown = (one: string, other: string) => literal(one) + digits + literal(other);
  const plain = (one: string) => one.replaceAll(/[-\u2212\u2013()]/g, '');
  const positive = shown(plain(left), plain(right));
  const isUsual = left === `-${plain(left)}` && right === plain(right);
  return !isNegative || isUsual ? positive : `${positive};${shown(left, right)}`;
}
