import type { EncryptionDictionary } from './dictionary.ts';
import { join, md5, sameBytes } from './hash.ts';
import { rc4 } from './rc4.ts';

/** What fills a password up to 32 bytes (ISO 32000-2, algorithm 2, step a). */
const padding = Buffer.from('28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a', 'hex');
const noMetadata = new Uint8Array(4).fill(0xff);

function padded(password: Uint8Array): Uint8Array {
  return join(password, padding).subarray(0, padding.length);
}

/** MD5 of the last MD5, 50 times, over so many bytes of it; none in revision 2. */
function strengthened(digest: Uint8Array, r: number, bytes: number): Uint8Array {
  const rounds = r === 2 ? 0 : 50;
  let result = digest;
  for (let round = 0; round < rounds; round++) result = md5(result.subarray(0, bytes));
  return result;
}

/** The file key of a user password in revisions 2 to 4 (ISO 32000-2, algorithm 2); `keyBytes` is 5 to 16. */
export function legacyFileKey(
  dictionary: Pick<EncryptionDictionary, 'r' | 'o' | 'p' | 'encryptMetadata'>,
  fileId: Uint8Array,
  password: Uint8Array,
  keyBytes: number,
): Uint8Array {
  const { r, o, p, encryptMetadata } = dictionary;
  const permissions = Buffer.alloc(4);
  permissions.writeInt32LE(p | 0);
  const metadata = r >= 4 && !encryptMetadata ? noMetadata : new Uint8Array(0);
  const digest = md5(join(padded(password), o, permissions, fileId, metadata));
  return strengthened(digest, r, keyBytes).subarray(0, keyBytes);
}

/** The entry /U that belongs to a file key (ISO 32000-2, algorithms 4 and 5): 32 bytes, 16 from revision 3. */
export function legacyUserEntry(r: number, fileId: Uint8Array, fileKey: Uint8Array): Uint8Array {
  if (r === 2) return rc4(fileKey, padding);
  let entry = rc4(fileKey, md5(join(padding, fileId)));
  for (let round = 1; round <= 19; round++) entry = rc4(xored(fileKey, round), entry);
  return entry;
}

/**
 * The key under which /O holds the user password (ISO 32000-2, algorithm 3, steps a to d). `digestBytes` of each MD5
 * go into the next: 16 as specified, or as many as the key has, as Adobe Reader and PDFBox do.
 */
export function legacyOwnerEntryKey(
  r: number,
  password: Uint8Array,
  keyBytes: number,
  digestBytes = 16,
): Uint8Array {
  return strengthened(md5(padded(password)), r, digestBytes).subarray(0, keyBytes);
}

/** The entry /O that holds the user password under that key, 32 bytes (ISO 32000-2, algorithm 3, steps e to g). */
export function legacyOwnerEntry(r: number, key: Uint8Array, userPassword: Uint8Array): Uint8Array {
  const rounds = r === 2 ? 0 : 19;
  let entry = padded(userPassword);
  for (let round = 0; round <= rounds; round++) entry = rc4(xored(key, round), entry);
  return entry;
}

/** The user password, padded, that /O holds under that key (ISO 32000-2, algorithm 7, step b). */
function userPasswordOf(o: Uint8Array, r: number, key: Uint8Array): Uint8Array {
  let password = o;
  for (let round = r === 2 ? 0 : 19; round >= 0; round--) password = rc4(xored(key, round), password);
  return password;
}

function xored(key: Uint8Array, round: number): Uint8Array {
  return key.map((byte) => byte ^ round);
}

/** The file key if the bytes are the user password, else undefined (ISO 32000-2, algorithm 6). */
export function legacyUserKey(
  dictionary: EncryptionDictionary,
  fileId: Uint8Array,
  password: Uint8Array,
): Uint8Array | undefined {
  for (const keyBytes of keyLengths(dictionary)) {
    const key = keyIfRight(dictionary, fileId, password, keyBytes);
    if (key !== undefined) return key;
  }
  return undefined;
}

/** The file key if the bytes are the owner password, else undefined (ISO 32000-2, algorithm 7). */
export function legacyOwnerKey(
  dictionary: EncryptionDictionary,
  fileId: Uint8Array,
  password: Uint8Array,
): Uint8Array | undefined {
  const { r, o } = dictionary;
  for (const keyBytes of keyLengths(dictionary)) {
    for (const digestBytes of new Set([16, keyBytes])) {
      const ownerKey = legacyOwnerEntryKey(r, password, keyBytes, digestBytes);
      const key = keyIfRight(dictionary, fileId, userPasswordOf(o, r, ownerKey), keyBytes);
      if (key !== undefined) return key;
    }
  }
  return undefined;
}

function keyIfRight(
  dictionary: EncryptionDictionary,
  fileId: Uint8Array,
  password: Uint8Array,
  keyBytes: number,
): Uint8Array | undefined {
  const key = legacyFileKey(dictionary, fileId, password, keyBytes);
  const entry = legacyUserEntry(dictionary.r, fileId, key);
  return sameBytes(entry, dictionary.u.subarray(0, entry.length)) ? key : undefined;
}

/**
 * The key lengths in bytes to try, the likeliest first. /Length is often wrong: bytes for bits, that of another
 * version, or missing; since /U tells whether a key is right, the two usual lengths are tried after the stated ones.
 */
function keyLengths({ v, lengthBits, cryptFilters, stmF }: EncryptionDictionary): ReadonlySet<number> {
  const stated = [lengthBits, cryptFilters.get(stmF)?.lengthBytes]
    .map(bytesOf)
    .filter((bytes) => bytes !== undefined);
  if (v === 1) return new Set([5, ...stated, 16]);
  return new Set(v === 4 ? [16, ...stated, 5] : [...stated, 16, 5]);
}

function bytesOf(length: number | undefined): number | undefined {
  if (length === undefined || !Number.isInteger(length)) return undefined;
  if (length >= 5 && length <= 16) return length;
  return length >= 40 && length <= 128 && length % 8 === 0 ? length / 8 : undefined;
}
