import { CLASS, HEX, SPACE } from './characters.ts';

/** The bytes that a string token (literal or hexadecimal, brackets included) stands for (ISO 32000-2, 7.3.4). */
export function readString(bytes: Uint8Array, from: number, to: number): Uint8Array {
  return bytes[from] === 0x3c ? readHex(bytes, from + 1, to) : readLiteral(bytes, from + 1, to);
}

function readHex(bytes: Uint8Array, from: number, to: number): Uint8Array {
  const result = new Uint8Array((to - from + 1) >> 1);
  let digits = 0;
  for (let pos = from; pos < to && bytes[pos] !== 0x3e; pos++) {
    const digit = HEX[bytes[pos]!]!;
    if (digit > 15) continue;
    result[digits >> 1]! |= digits & 1 ? digit : digit << 4;
    digits++;
  }
  return result.subarray(0, (digits + 1) >> 1);
}

function readLiteral(bytes: Uint8Array, from: number, to: number): Uint8Array {
  const result = new Uint8Array(to - from);
  let length = 0;
  let depth = 0;
  for (let pos = from; pos < to; pos++) {
    let c = bytes[pos]!;
    if (c === 0x28) depth++;
    else if (c === 0x29 && depth-- === 0) break;
    else if (c === 0x0d) {
      if (bytes[pos + 1] === 0x0a) pos++;
      c = 0x0a;
    } else if (c === 0x5c) {
      const digits = octalDigits(bytes, pos + 1, to);
      if (digits > 0) {
        c = Number.parseInt(String.fromCharCode(...bytes.subarray(pos + 1, pos + 1 + digits)), 8) & 255;
        pos += digits;
      } else {
        c = ESCAPES.get(bytes[++pos] ?? -1) ?? bytes[pos] ?? 0;
        // A backslash at the end of a line joins the lines.
        if (bytes[pos] === 0x0d && bytes[pos + 1] === 0x0a) pos++;
        if (bytes[pos] === 0x0a || bytes[pos] === 0x0d || pos >= to) continue;
      }
    }
    result[length++] = c;
  }
  return result.subarray(0, length);
}

/** Table 3 of ISO 32000-2: n, r, t, b, f. Any other character stands for itself. */
const ESCAPES = new Map([
  [0x6e, 0x0a],
  [0x72, 0x0d],
  [0x74, 0x09],
  [0x62, 0x08],
  [0x66, 0x0c],
]);

function octalDigits(bytes: Uint8Array, pos: number, to: number): number {
  let count = 0;
  while (count < 3 && pos + count < to && (bytes[pos + count]! & 0xf8) === 0x30) count++;
  return count;
}

/** Whether a byte may stand in a name as it is; the others are written as `#` and two digits. */
export function isPlainInName(code: number): boolean {
  return code > 32 && code < 127 && code !== 0x23 && CLASS[code]! < SPACE;
}
