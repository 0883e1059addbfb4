import type { EncryptionDictionary } from './dictionary.ts';
import { encryptedLength, encryptionsFor, type Encryptor } from './encryptors.ts';
import { join } from './hash.ts';
import { legacyFileKey, legacyOwnerEntry, legacyOwnerEntryKey, legacyUserEntry } from './legacy.ts';
import { modernEntry, sealPermissions } from './modern.ts';
import { newPasswordBytes } from './passwords.ts';
import { permissionBits } from './permissions.ts';
import { standards, type Protection, type Standard } from './protection.ts';
import { systemRandom, type Random } from './random.ts';

export type { Encryptor } from './encryptors.ts';
export { everyPermission, type Permissions } from './permissions.ts';
export { protectionWarnings, type EncryptionMethod, type Protection } from './protection.ts';

/** Encrypts a document that is being written. All generations are 0. */
export interface Encryption {
  /** The encryption dictionary, which is not encrypted itself. */
  readonly dictionary: EncryptionDictionary;
  /** Encrypts a string of an object. */
  string(objectNumber: number, bytes: Uint8Array): Uint8Array;
  /** Encrypts the data of a stream. */
  stream(objectNumber: number): Encryptor;
  /** Bytes of a stream once it is encrypted. */
  streamLength(length: number): number;
}

/** The name of the only crypt filter, which readers of all ages know. */
const filterName = 'StdCF';
/** Bytes of an owner password that is drawn. */
const drawnBytes = 16;

/**
 * Makes the encryption of a new document (ISO 32000-2, 7.6.4). `fileId` is the first string of its /ID. Throws PdfError
 * `new-password` for a password that the method cannot use.
 */
export function makeEncryption(
  protection: Protection,
  fileId: Uint8Array,
  random: Random = systemRandom(),
): Encryption {
  const standard = standards[protection.method];
  const { r, method } = standard;
  const owner = protection.ownerPassword || Buffer.from(random(drawnBytes)).toString('hex');
  const passwords = {
    user: newPasswordBytes(protection.userPassword, r),
    owner: newPasswordBytes(owner, r),
  };
  const { dictionary, fileKey } =
    r === 6
      ? modernDictionary(protection, standard, passwords, random)
      : legacyDictionary(protection, standard, passwords, fileId);
  const encryptionOf = encryptionsFor(method, fileKey, random);
  return {
    dictionary,
    string: (objectNumber, bytes) => encryptionOf(objectNumber).encrypt(bytes),
    stream: (objectNumber) => encryptionOf(objectNumber).encryptor(),
    streamLength: (length) => encryptedLength(method, length),
  };
}

interface Made {
  readonly dictionary: EncryptionDictionary;
  readonly fileKey: Uint8Array;
}

interface PasswordBytes {
  readonly user: Uint8Array;
  readonly owner: Uint8Array;
}

function modernDictionary(
  { permissions, encryptMetadata }: Protection,
  standard: Standard,
  passwords: PasswordBytes,
  random: Random,
): Made {
  const p = permissionBits(permissions, standard.r);
  const fileKey = random(standard.keyBytes);
  const user = modernEntry(passwords.user, new Uint8Array(0), fileKey, random);
  const owner = modernEntry(passwords.owner, user.entry, fileKey, random);
  const dictionary = {
    ...common(standard),
    p,
    encryptMetadata,
    u: user.entry,
    ue: user.wrappedKey,
    o: owner.entry,
    oe: owner.wrappedKey,
    perms: sealPermissions(p, encryptMetadata, fileKey, random),
  };
  return { dictionary, fileKey };
}

function legacyDictionary(
  protection: Protection,
  standard: Standard,
  passwords: PasswordBytes,
  fileId: Uint8Array,
): Made {
  const { r, v, keyBytes } = standard;
  const p = permissionBits(protection.permissions, r);
  const encryptMetadata = protection.encryptMetadata || v < 4;
  const o = legacyOwnerEntry(r, legacyOwnerEntryKey(r, passwords.owner, keyBytes), passwords.user);
  const fileKey = legacyFileKey({ r, o, p, encryptMetadata }, fileId, passwords.user, keyBytes);
  const u = legacyUserEntry(r, fileId, fileKey);
  // From revision 3 the last 16 of its 32 bytes mean nothing.
  const padded = join(u, new Uint8Array(32 - u.length));
  return { dictionary: { ...common(standard), p, encryptMetadata, o, u: padded }, fileKey };
}

function common({
  v,
  r,
  keyBytes,
  method,
}: Standard): Omit<EncryptionDictionary, 'o' | 'u' | 'p' | 'encryptMetadata'> {
  const hasFilters = v >= 4;
  return {
    filter: 'Standard',
    v,
    r,
    lengthBits: 8 * keyBytes,
    cryptFilters: new Map(hasFilters ? [[filterName, { cfm: method, lengthBytes: keyBytes }]] : []),
    stmF: hasFilters ? filterName : 'Identity',
    strF: hasFilters ? filterName : 'Identity',
  };
}
