import { aesUnwrap } from './aes.ts';
import type { EncryptionDictionary } from './dictionary.ts';
import { passwordHash, sameBytes } from './hash.ts';

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
