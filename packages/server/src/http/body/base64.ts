import { Failure } from '../../errors.ts';
import { base64Expected } from '../../operations/fields.ts';

/** `data:image/gif;base64,` */
export interface DataPrefix {
  /** In lower case, without parameters. */
  readonly type: string;
  /** Bytes up to and including the comma. */
  readonly length: number;
}

const prefixBytesMax = 500;
const prefixForm = /^(?:\xef\xbb\xbf)?\s*data:([^,;]*)(?:;[^,;]*)*;\s*base64\s*,/i;

/** The beginning of a data URI with base64 (RFC 2397); null where there is none. */
export function prefixOf(head: Buffer): DataPrefix | null {
  const [all, type] = prefixForm.exec(head.toString('latin1', 0, prefixBytesMax)) ?? [];
  if (all === undefined || type === undefined) return null;
  return { type: type.trim().toLowerCase(), length: all.length };
}

const invalid = 0;
const lineEnd = 1;
const blank = 2;
const padding = 3;
const plus = 0x2b;
/** What each byte means: a digit of the usual alphabet, or one of the above. The URL-safe alphabet (RFC 4648, 5) is taken too. */
const meanings = new Uint8Array(256).fill(invalid);
for (const digit of Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'))
  meanings[digit] = digit;
meanings[0x2d] = plus;
meanings[0x5f] = 0x2f;
meanings[0x3d] = padding;
meanings[0x20] = blank;
for (const space of [0x09, 0x0a, 0x0d]) meanings[space] = lineEnd;

/**
 * Decodes base64 as it comes, with line ends in it or without, padded or not. A blank within a line was a plus, which a form that
 * nobody escaped has changed; at the beginning of a line it is taken for a blank, and the number of digits has to agree with either.
 * Throws `fieldInvalid` for anything else, for what is cut off, and for nothing.
 */
export async function* decodeBase64(
  chunks: AsyncIterable<Uint8Array>,
  field: string,
): AsyncGenerator<Buffer, void, undefined> {
  let held: Buffer = Buffer.alloc(0);
  let bytes = 0;
  const digits = new DigitReader(field);
  for await (const chunk of chunks) {
    const all = digits.read(held, chunk);
    const whole = all.length - (all.length % 4);
    held = Buffer.from(all.subarray(whole));
    bytes += whole;
    if (whole > 0) yield Buffer.from(all.toString('latin1', 0, whole), 'base64');
  }
  const length = bytes + held.length;
  if (length === 0 || length % 4 === 1 || !digits.agree(length)) throw broken(field);
  if (held.length > 0) yield Buffer.from(held.toString('latin1'), 'base64');
}

/** Leaves the digits alone of what it reads, across chunks. */
class DigitReader {
  readonly #field: string;
  #atLineStart = true;
  #blanks = 0;
  #areBlanks = false;
  #paddings = 0;

  constructor(field: string) {
    this.#field = field;
  }

  /** Whether so many can be all: with padding they fill groups of four, and also where blanks leave a doubt. */
  agree(length: number): boolean {
    return (length + this.#paddings) % 4 === 0 || (this.#paddings === 0 && !this.#areBlanks);
  }

  /** These digits, and those of the chunk. */
  read(held: Buffer, chunk: Uint8Array): Buffer {
    // Most chunks are digits from end to end, which is found ten times as fast as byte by byte.
    if (this.#blanks + this.#paddings === 0 && isDigits(chunk)) {
      this.#atLineStart = false;
      return Buffer.concat([held, chunk]);
    }
    const out = Buffer.allocUnsafe(held.length + this.#blanks + chunk.length);
    let length = held.copy(out);
    for (const byte of chunk) {
      const meaning = meanings[byte] as number;
      if (meaning > padding) {
        if (this.#paddings > 0) throw broken(this.#field);
        for (; this.#blanks > 0; this.#blanks--) out[length++] = plus;
        this.#atLineStart = false;
        out[length++] = meaning;
      } else if (meaning === blank) {
        this.#areBlanks = true;
        if (!this.#atLineStart) this.#blanks++;
      } else if (meaning === lineEnd) {
        this.#atLineStart = true;
        this.#blanks = 0;
      } else if (meaning === invalid || ++this.#paddings > 2) {
        throw broken(this.#field);
      } else {
        for (; this.#blanks > 0; this.#blanks--) out[length++] = plus;
      }
    }
    return out.subarray(0, length);
  }
}

function isDigits(chunk: Uint8Array): boolean {
  const { buffer, byteOffset, byteLength } = chunk;
  return /^[\w+/-]+$/.test(Buffer.from(buffer, byteOffset, byteLength).toString('latin1'));
}

function broken(field: string): Failure {
  return new Failure('fieldInvalid', { field, expected: base64Expected });
}
