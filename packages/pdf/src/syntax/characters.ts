/** Classes of characters (ISO 32000-2, 7.2.3). Those below `SPACE` are the regular ones. */
export const REGULAR = 0;
export const NUMERIC = 1;
export const SPACE = 2;
export const SLASH = 3;
export const OPEN_PARENTHESIS = 4;
export const CLOSE_PARENTHESIS = 5;
export const LESS = 6;
export const GREATER = 7;
export const OPEN_BRACKET = 8;
export const CLOSE_BRACKET = 9;
export const PERCENT = 10;
export const BRACE = 11;

/** The class of each byte. */
export const CLASS: Uint8Array = classes();

/** The value of each byte as a hexadecimal digit; 255 for other bytes. */
export const HEX: Uint8Array = hexDigits();

function classes(): Uint8Array {
  const table = new Uint8Array(256);
  for (const character of '0123456789+-.') table[character.charCodeAt(0)] = NUMERIC;
  for (const code of [0, 9, 10, 12, 13, 32]) table[code] = SPACE;
  const delimiters = {
    '/': SLASH,
    '<': LESS,
    '>': GREATER,
    '[': OPEN_BRACKET,
    ']': CLOSE_BRACKET,
    '%': PERCENT,
  };
  for (const [character, kind] of Object.entries(delimiters)) table[character.charCodeAt(0)] = kind;
  table[0x28] = OPEN_PARENTHESIS;
  table[0x29] = CLOSE_PARENTHESIS;
  table[0x7b] = BRACE;
  table[0x7d] = BRACE;
  return table;
}

function hexDigits(): Uint8Array {
  const table = new Uint8Array(256).fill(255);
  for (let digit = 0; digit < 16; digit++) {
    const character = digit.toString(16);
    table[character.charCodeAt(0)] = digit;
    table[character.toUpperCase().charCodeAt(0)] = digit;
  }
  return table;
}
