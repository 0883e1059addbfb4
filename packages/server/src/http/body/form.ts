import { Failure } from '../../errors.ts';
import type { FieldList } from '../../operations/field-list.ts';
import { decodeText } from './text.ts';

const pairsMax = 5_000;

/** Reads `a=1&b=2` of a query or of a body. */
export function readPairs(text: string, into: FieldList): void {
  let count = 0;
  for (let start = 0; start <= text.length;) {
    if (++count > pairsMax)
      throw new Failure('bodyInvalid', { reason: `it has more than ${pairsMax} fields` });
    const ampersand = text.indexOf('&', start);
    const end = ampersand < 0 ? text.length : ampersand;
    readPair(text.slice(start, end), into);
    start = end + 1;
  }
}

function readPair(pair: string, into: FieldList): void {
  const equals = pair.indexOf('=');
  if (equals > 0) into.add(unescape(pair.slice(0, equals)), unescape(pair.slice(equals + 1)));
}

/** `+` is a blank, as form encoders write it; an escape that is none stays as it is. */
function unescape(text: string): string {
  const blanks = text.replaceAll('+', ' ');
  if (!blanks.includes('%')) return blanks;
  try {
    return decodeURIComponent(blanks);
  } catch {
    return decodeText(unescapeBytes(Buffer.from(blanks)));
  }
}

function unescapeBytes(bytes: Buffer): Buffer {
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    const escaped = bytes[at] === 0x25 ? hexByte(bytes, at + 1) : null;
    bytes[length++] = escaped ?? (bytes[at] as number);
    if (escaped !== null) at += 2;
  }
  return bytes.subarray(0, length);
}

function hexByte(bytes: Buffer, at: number): number | null {
  const digits = bytes.toString('latin1', at, at + 2);
  return /^[0-9a-f]{2}$/i.test(digits) ? Number.parseInt(digits, 16) : null;
}
