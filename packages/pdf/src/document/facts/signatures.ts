import { numberOf, type PdfDictionary } from '../../objects/object.ts';
import { HEX } from '../../syntax/characters.ts';
import { documentDate, type DocumentDate } from './dates.ts';
import type { Facts } from './facts.ts';

/** What a signature says of itself (ISO 32000-2, 12.8.1). Whether it is valid is not looked at. */
export interface SignatureInfo {
  /** Full name of its field. */
  readonly fieldName: string;
  /** How it is encoded, such as `adbe.pkcs7.detached`. */
  readonly format: string | undefined;
  readonly signer: string | undefined;
  readonly reason: string | undefined;
  readonly location: string | undefined;
  /** When it was signed, by the clock of the signer. */
  readonly date: DocumentDate | undefined;
  /**
   * Whether it speaks of the whole file, all but itself. If not, the file went on after it was signed, or never was
   * covered.
   */
  readonly coversWholeFile: boolean;
}

/** Bytes that a signature may take. */
const SIGNATURE_BYTES_MAX = 4 * 1024 * 1024;

/** Reads the value of a signature field. */
export function signature(facts: Facts, fieldName: string, value: PdfDictionary): SignatureInfo {
  const date = facts.textOf(value, 'M');
  return {
    fieldName,
    format: facts.nameOf(value, 'SubFilter'),
    signer: facts.textOf(value, 'Name'),
    reason: facts.textOf(value, 'Reason'),
    location: facts.textOf(value, 'Location'),
    date: date === undefined ? undefined : documentDate(date),
    coversWholeFile: coversWholeFile(facts, value),
  };
}

/** The range is all of the file but one hexadecimal string. */
function coversWholeFile(facts: Facts, value: PdfDictionary): boolean {
  const range = facts.array(value, 'ByteRange');
  if (range.length !== 4) return false;
  const [start, gap, rest, length] = range.map((each) => numberOf(facts.resolve(each)) ?? -1) as [
    number,
    number,
    number,
    number,
  ];
  const { window, work } = facts.file.reading;
  const size = rest - gap;
  if (start !== 0 || gap <= 0 || rest + length !== window.size) return false;
  if (!(size >= 2 && size <= SIGNATURE_BYTES_MAX) || !Number.isInteger(gap) || !Number.isInteger(rest))
    return false;
  work.spend(size);
  window.need(gap, size);
  const string = window.bytes.subarray(gap - window.origin, rest - window.origin);
  return (
    string.length === size &&
    string[0] === 0x3c &&
    string.at(-1) === 0x3e &&
    string.subarray(1, -1).every((byte) => HEX[byte]! < 16)
  );
}
