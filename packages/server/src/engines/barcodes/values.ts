/** What a value of a barcode means, as pure functions: check digits, the elements of GS1, and bytes for encoders that take nothing else. */

/** The check digit of GS1 (EAN, UPC, ITF): weights 3 and 1 from the right. `digits`: without it. */
export function gs1CheckDigit(digits: string): string {
  const sum = [...digits]
    .toReversed()
    .reduce((all, digit, index) => all + Number(digit) * (index % 2 === 0 ? 3 : 1), 0);
  return String((10 - (sum % 10)) % 10);
}

/** The check digit of the Universal Postal Union (S10) of 8 digits. */
export function postalCheckDigit(digits: string): string {
  const weights = [8, 6, 4, 2, 3, 5, 9, 7];
  const sum = weights.reduce((all, weight, index) => all + weight * Number(digits[index]), 0);
  const rest = 11 - (sum % 11);
  return String(rest === 10 ? 0 : rest === 11 ? 5 : rest);
}

/** A book number of 10 characters as one of 13 digits without its check digit. */
export function bookNumber(digits: string): string {
  return digits.length === 10 ? `978${digits.slice(0, 9)}` : digits;
}

/** The function character 1, as readers print it. */
const fnc1 = /<FNC1>/gi;

/** Text in which the control character that readers send for the function character 1 is written as they print it. */
function spelt(text: string): string {
  return text.replaceAll('\x1d', '<FNC1>');
}

/** Text for an encoder that knows `^FNC1`. */
export function withFunctions(text: string): string {
  return text.replaceAll('^', '^^').replaceAll(fnc1, '^FNC1');
}

/**
 * An element string of GS1 with its application identifiers in brackets: `0109501101530003<FNC1>10A` becomes `(01)09501101530003(10)A`.
 * One that has brackets already stays as it is. Undefined where an identifier is none.
 */
export function bracketed(value: string): string | undefined {
  let rest = spelt(value);
  if (rest.startsWith('(')) return rest.replaceAll(fnc1, '');
  let text = '';
  while (rest !== '') {
    rest = rest.replace(/^<FNC1>/i, '');
    const identifier = rest.slice(0, identifierLength(rest));
    const fixed = fixedLengths[identifier.slice(0, 2)];
    const element = fixed === undefined ? (rest.split(/<FNC1>/i, 1)[0] ?? '') : rest.slice(0, fixed);
    if (!/^\d{2,4}$/.test(identifier) || element.length <= identifier.length) return undefined;
    text += `(${identifier})${element.slice(identifier.length)}`;
    rest = rest.slice(element.length);
  }
  return text === '' ? undefined : text;
}

/** Characters of identifier and data together where GS1 predefines them (General Specifications, 7.8.5), by their first two digits. */
const fixedLengths: Readonly<Record<string, number>> = {
  '00': 20,
  '01': 16,
  '02': 16,
  '03': 16,
  '04': 18,
  '20': 4,
  '41': 16,
  ...lengths(['11', '12', '13', '14', '15', '16', '17', '18', '19'], 8),
  ...lengths(['31', '32', '33', '34', '35', '36'], 10),
};

function lengths(identifiers: readonly string[], length: number): Readonly<Record<string, number>> {
  return Object.fromEntries(identifiers.map((identifier) => [identifier, length]));
}

/** Digits of the identifier that a text begins with. */
function identifierLength(text: string): number {
  if (/^(?:2[3-5]|4[0-2]|71)/.test(text)) return 3;
  return /^(?:3[1-69]|43|[78])/.test(text) ? 4 : 2;
}

/** Text as bytes of ISO 8859-1, one character each; undefined where it has others. */
export function latin(text: string): string | undefined {
  return isBelow(0x100, text) ? text : undefined;
}

/** Text as bytes of UTF-8, one character each. */
export function utf8(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/** Whether all characters of a text come before one of Unicode. */
export function isBelow(limit: number, text: string): boolean {
  return [...text].every((character) => (character.codePointAt(0) ?? 0) < limit);
}
