/** Where PDFDocEncoding differs from Latin-1 (ISO 32000-2, table D.2): 18-1F, 80-9E and A0. */
const ACCENTS = '\u02d8\u02c7\u02c6\u02d9\u02dd\u02db\u02da\u02dc';
const MARKS =
  '\u2022\u2020\u2021\u2026\u2014\u2013\u0192\u2044\u2039\u203a\u2212\u2030\u201e\u201c\u201d\u2018' +
  '\u2019\u201a\u2122\ufb01\ufb02\u0141\u0152\u0160\u0178\u017d\u0131\u0142\u0153\u0161\u017e';

const bytes = new Map<number, number>([
  [0x20ac, 0xa0],
  ...Array.from(ACCENTS, (character, index) => [character.charCodeAt(0), 0x18 + index] as const),
  ...Array.from(MARKS, (character, index) => [character.charCodeAt(0), 0x80 + index] as const),
]);
const characters = new Map([...bytes].map(([unit, byte]) => [byte, String.fromCharCode(unit)]));

/** The byte of a UTF-16 code unit in PDFDocEncoding (ISO 32000-2, annex D.3), or undefined if it has none. */
export function pdfDocByte(unit: number): number | undefined {
  return bytes.get(unit) ?? (isShared(unit) ? unit : undefined);
}

// oxlint-disable-next-line no-control-regex
const SPECIAL = /[\u0018-\u001f\u0080-\u00a0]/g;

/** What bytes in PDFDocEncoding say. A byte that stands for nothing there is read as Latin-1. */
export function pdfDocText(text: Uint8Array): string {
  const plain = Buffer.from(text.buffer, text.byteOffset, text.length).toString('latin1');
  return plain.replaceAll(SPECIAL, (each) => characters.get(each.charCodeAt(0)) ?? each);
}

/** The bytes of text that was read from PDFDocEncoding, with ASCII added at most. */
export function pdfDocBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => bytes.get(character.charCodeAt(0)) ?? character.charCodeAt(0));
}

/** Whether PDFDocEncoding has the character where Latin-1 has it. */
function isShared(unit: number): boolean {
  return unit < 0x18 || (unit >= 0x20 && unit < 0x7f) || (unit > 0xa0 && unit < 0x100 && unit !== 0xad);
}
