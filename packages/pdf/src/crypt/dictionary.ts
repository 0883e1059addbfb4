import { PdfError } from '../errors.ts';

/** An entry of /CF, the crypt filters (ISO 32000-2, table 25). */
export interface CryptFilter {
  /** The method without its slash: None, V2, AESV2, AESV3. */
  readonly cfm: string;
  /** /Length as it stands in the file, where bits and bytes are mixed up. */
  readonly lengthBytes?: number;
}

/** The encryption dictionary of the trailer as it was read (ISO 32000-2, tables 20 and 21), nothing checked. */
export interface EncryptionDictionary {
  /** /Filter without its slash. */
  readonly filter: string;
  readonly v: number;
  readonly r: number;
  /** /Length, 40 if absent. */
  readonly lengthBits: number;
  readonly o: Uint8Array;
  readonly u: Uint8Array;
  readonly oe?: Uint8Array | undefined;
  readonly ue?: Uint8Array | undefined;
  readonly perms?: Uint8Array | undefined;
  /** /P, signed or unsigned. */
  readonly p: number;
  /** True if absent. */
  readonly encryptMetadata: boolean;
  readonly cryptFilters: ReadonlyMap<string, CryptFilter>;
  /** /StmF, `Identity` if absent. */
  readonly stmF: string;
  /** /StrF, `Identity` if absent. */
  readonly strF: string;
  /** /EFF, for embedded files without a filter of their own; /StmF holds for them if it is absent. */
  readonly eff?: string | undefined;
}

/** Bytes of /O and /U up to revision 4. */
const entryBytes = 32;
/** Bytes of /O and /U from revision 5: a hash of 32, two salts of 8. */
const modernEntryBytes = 48;

/**
 * The dictionary with its strings brought to the length that its revision defines: longer ones, padded by some
 * writers, are cut. Throws `unsupported-encryption` for another handler, a version or revision that is not known, and
 * strings that are missing or too short.
 */
export function checkDictionary(dictionary: EncryptionDictionary): EncryptionDictionary {
  const { filter, v, r } = dictionary;
  if (filter !== 'Standard')
    throw unsupported(`the security handler is ${JSON.stringify(String(filter).slice(0, 64))}`);
  if (!isKnown(v, r)) throw unsupported(`it has version ${Number(v)} and revision ${Number(r)}`);
  return r >= 5 ? checkModern(dictionary) : checkLegacy(dictionary);
}

/** Versions 1, 2 and 4 go with revisions 2 to 4, in any pair since writers mix them up; version 5 with 5 and 6. */
function isKnown(v: number, r: number): boolean {
  return v === 5 ? r === 5 || r === 6 : [1, 2, 4].includes(v) && [2, 3, 4].includes(r);
}

function checkLegacy(dictionary: EncryptionDictionary): EncryptionDictionary {
  const o = entry(dictionary.o, '/O', entryBytes);
  // From revision 3 only the first 16 bytes of /U mean something.
  const u = entry(dictionary.u, '/U', dictionary.r === 2 ? entryBytes : 16);
  return { ...dictionary, o, u };
}

function checkModern(dictionary: EncryptionDictionary): EncryptionDictionary {
  const o = entry(dictionary.o, '/O', modernEntryBytes);
  const u = entry(dictionary.u, '/U', modernEntryBytes);
  return { ...dictionary, o, u, oe: entry(dictionary.oe, '/OE', 32), ue: entry(dictionary.ue, '/UE', 32) };
}

function entry(value: Uint8Array | undefined, name: string, length: number): Uint8Array {
  if (!(value instanceof Uint8Array) || value.length < length)
    throw unsupported(`${name} is missing or too short`);
  return value.subarray(0, length);
}

/** The error for encryption that cannot be undone whatever the password. */
export function unsupported(reason: string): PdfError {
  return new PdfError('unsupported-encryption', `The encryption is not supported: ${reason}.`);
}
