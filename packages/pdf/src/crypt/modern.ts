import { aesUnwrap, aesWrap } from './aes.ts';
import type { EncryptionDictionary } from './dictionary.ts';
import { join, passwordHash, sameBytes } from './hash.ts';
import type { Random } from './random.ts';

const noUserEntry = new Uint8Array(0);

/** The file key if the bytes are the user password, else undefined (ISO 32000-2, algorithms 2.A and 11). */
export function modernUserKey(
  { r, u, ue }: EncryptionDictionary,
  password: Uint8Array,
): Uint8Array | undefined {
  return unlock(r, password, u, ue!, noUserEntry);
}

/** The file key if the bytes are the owner password, else undefined (ISO 32000-2, algorithms 2.A and 12). */
export function modernOwnerKey(
  { r, o, oe, u }: EncryptionDictionary,
  password: Uint8Array,
): Uint8Array | undefined {
  return unlock(r, password, o, oe!, u);
}

/** `entry` is a hash of 32 bytes, a salt of 8 to check the password and a salt of 8 to unwrap the key. */
function unlock(
  r: number,
  password: Uint8Array,
  entry: Uint8Array,
  wrappedKey: Uint8Array,
  userEntry: Uint8Array,
): Uint8Array | undefined {
  const check = passwordHash(r, password, entry.subarray(32, 40), userEntry);
  if (!sameBytes(check, entry.subarray(0, 32))) return undefined;
  return aesUnwrap(passwordHash(r, password, entry.subarray(40, 48), userEntry), wrappedKey);
}

/**
 * The permissions that /Perms holds under the file key, or undefined where it is missing or not sound (ISO 32000-2,
 * algorithm 13). Unlike /P nobody can change them without a password.
 */
export function sealedPermissions(perms: Uint8Array | undefined, fileKey: Uint8Array): number | undefined {
  if (!(perms instanceof Uint8Array) || perms.length < 16) return undefined;
  // The algorithm says ECB, which for one block is CBC with a vector of zeros.
  const plain = Buffer.from(aesUnwrap(fileKey, perms.subarray(0, 16)));
  return plain.toString('latin1', 9, 12) === 'adb' ? plain.readInt32LE(0) : undefined;
}

/** /U with /UE, or /O with /OE. */
export interface ModernEntry {
  /** A hash of 32 bytes and two salts of 8. */
  readonly entry: Uint8Array;
  /** The file key, wrapped: 32 bytes. */
  readonly wrappedKey: Uint8Array;
}

/**
 * The entries by which a password opens a file of revision 6 (ISO 32000-2, algorithms 8 and 9). `userEntry` is empty for
 * the user password, and the 48 bytes of /U for the owner's.
 */
export function modernEntry(
  password: Uint8Array,
  userEntry: Uint8Array,
  fileKey: Uint8Array,
  random: Random,
): ModernEntry {
  const salts = random(16);
  const check = passwordHash(6, password, salts.subarray(0, 8), userEntry);
  const key = passwordHash(6, password, salts.subarray(8), userEntry);
  return { entry: join(check, salts), wrappedKey: aesWrap(key, fileKey) };
}

/** The entry /Perms, 16 bytes (ISO 32000-2, algorithm 10). */
export function sealPermissions(
  permissions: number,
  encryptMetadata: boolean,
  fileKey: Uint8Array,
  random: Random,
): Uint8Array {
  const plain = Buffer.alloc(16, 0xff);
  plain.writeInt32LE(permissions, 0);
  plain.write(encryptMetadata ? 'Tadb' : 'Fadb', 8, 'latin1');
  plain.set(random(4), 12);
  return aesWrap(fileKey, plain);
}
