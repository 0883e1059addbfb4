import type { ByteBuffer } from './byte-buffer.ts';
import {
  MARK_CLEAR_STRING,
  MARK_CLOSE_ARRAY,
  MARK_CLOSE_DICTIONARY,
  MARK_CLOSE_HEX_STRING,
  MARK_CLOSE_STRING,
  MARK_DROP,
  MARK_NULL,
  MARK_STRIDE,
  MARK_STRING,
  type Scanner,
} from './scanner.ts';
import { readString } from './strings.ts';
import { writeString } from './write.ts';

/** How a value changes on its way from one file to another. */
export interface Rewriting {
  /** The number of the object in the new file (generation 0); 0 where the reference is to become `null`. */
  reference(number: number, generation: number): number;
  /** The bytes of a string; called only where the scanner marked strings, and not for a signature. */
  string(bytes: Uint8Array): Uint8Array;
}

/**
 * Writes the bytes between two positions, changed where the scanner's marks `markFrom` to `markTo` say so and
 * unchanged, comments and odd spellings included, between them.
 */
export function transcribe(
  out: ByteBuffer,
  bytes: Uint8Array,
  from: number,
  to: number,
  scanner: Scanner,
  markFrom: number,
  markTo: number,
  rewriting: Rewriting,
): void {
  const { marks } = scanner;
  let pos = from;
  for (let at = markFrom * MARK_STRIDE; at < markTo * MARK_STRIDE; at += MARK_STRIDE) {
    const markStart = marks[at]!;
    const kind = marks[at + 2]!;
    out.range(bytes, pos, markStart);
    pos = marks[at + 1]!;
    if (kind >= 0) {
      const number = rewriting.reference(kind, marks[at + 3]!);
      if (number === 0) out.ascii('null');
      else {
        out.integer(number);
        out.ascii(' 0 R');
      }
    } else if (kind === MARK_STRING) writeString(out, rewriting.string(readString(bytes, markStart, pos)));
    else if (kind === MARK_CLEAR_STRING) writeString(out, readString(bytes, markStart, pos));
    else out.ascii(PATCHES[~kind]!);
  }
  out.range(bytes, pos, to);
}

/** What is written at a mark, by the complement of its kind. */
const PATCHES: readonly string[] = patches();

function patches(): string[] {
  const texts: string[] = [];
  texts[~MARK_DROP] = ' ';
  texts[~MARK_NULL] = ' null ';
  texts[~MARK_CLOSE_ARRAY] = ']';
  texts[~MARK_CLOSE_DICTIONARY] = '>>';
  texts[~MARK_CLOSE_STRING] = ')';
  texts[~MARK_CLOSE_HEX_STRING] = '>';
  return texts;
}
