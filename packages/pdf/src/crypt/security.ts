import { PdfError } from '../errors.ts';
import { checkDictionary, type EncryptionDictionary } from './dictionary.ts';
import { legacyOwnerKey, legacyUserKey } from './legacy.ts';
import { ciphersFor, methodOf, type Decryptor, type Method } from './methods.ts';
import { modernOwnerKey, modernUserKey, sealedPermissions } from './modern.ts';
import { passwordBytes } from './passwords.ts';

export type { CryptFilter, EncryptionDictionary } from './dictionary.ts';
export type { Decryptor } from './methods.ts';

/**
 * An encrypted document that was opened. What is not encrypted at all is the caller's to know: strings inside object
 * streams, cross-reference streams, the encryption dictionary, /Contents of a signature (ISO 32000-2, 7.6.2), and
 * metadata streams where `encryptMetadata` is false.
 */
export interface Security {
  /** Decrypts a string by /StrF. Damaged data gives what can be had. */
  decryptString(objectNumber: number, generation: number, bytes: Uint8Array): Uint8Array;
  /**
   * Decrypts the raw bytes of a stream by /StmF, or by the crypt filter of that name (its own Crypt filter, or /EFF).
   * Damaged data gives what can be had. Throws `unsupported-encryption` if the filter is not defined.
   */
  decryptStream(objectNumber: number, generation: number, bytes: Uint8Array, filterName?: string): Uint8Array;
  /** The same for a stream that is read in pieces. */
  streamDecryptor(objectNumber: number, generation: number, filterName?: string): Decryptor;
  /** The permission bits as a signed number of 32 bits (ISO 32000-2, table 22). They bind only the user. */
  readonly permissions: number;
  /**
   * Whose password opened it. A password that is both counts as the owner's, but the empty one as the user's. Nobody's where
   * only streams with a filter of their own are encrypted, attachments as a rule: all else can be read, and those cannot.
   */
  readonly openedBy: 'user' | 'owner' | 'nobody';
  /** Whether streams can be decrypted that go by the crypt filter of that name, or by /StmF. */
  opens(filterName?: string): boolean;
  /** How streams are encrypted that name no filter of their own. */
  readonly streams: { readonly method: Method; readonly keyBits: number };
  /** Whether the empty password does not open it. Takes as long as opening it. */
  isPasswordNeeded(): boolean;
}

/**
 * Opens a document of the standard security handler, revisions 2 to 6 (ISO 32000-2, 7.6.4), with the password as the
 * owner's and the user's, else with the empty one. `fileId` is the first string of /ID, empty if there is none. Throws
 * PdfError `password` if none opens it and there is nothing to be read without, `unsupported-encryption` if none could.
 */
export function openSecurity(encrypt: EncryptionDictionary, fileId: Uint8Array, password: string): Security {
  const dictionary = checkDictionary(encrypt);
  const streams = methodOf(dictionary, dictionary.v < 4 ? '' : dictionary.stmF);
  const strings = methodOf(dictionary, dictionary.v < 4 ? '' : dictionary.strF);
  const isOpenToAll = streams === 'Identity' && strings === 'Identity';
  const { fileKey, openedBy } = unlock(dictionary, fileId, password) ?? (isOpenToAll ? LOCKED : noPassword());
  const stringCiphers = ciphersFor(strings, fileKey);
  const streamCiphers = ciphersFor(streams, fileKey);
  const opens = (filterName?: string): boolean =>
    openedBy !== 'nobody' || filterName === undefined || methodOf(dictionary, filterName) === 'Identity';
  const ciphersOf = (filterName?: string): typeof streamCiphers => {
    if (!opens(filterName)) noPassword();
    return filterName === undefined ? streamCiphers : ciphersFor(methodOf(dictionary, filterName), fileKey);
  };
  return {
    decryptString: (objectNumber, generation, bytes) =>
      stringCiphers(objectNumber, generation).decrypt(bytes),
    decryptStream: (objectNumber, generation, bytes, filterName) =>
      ciphersOf(filterName)(objectNumber, generation).decrypt(bytes),
    streamDecryptor: (objectNumber, generation, filterName) =>
      ciphersOf(filterName)(objectNumber, generation).decryptor(),
    permissions:
      sealedPermissions(dictionary.r >= 5 && fileKey.length > 0 ? dictionary.perms : undefined, fileKey) ??
      dictionary.p | 0,
    openedBy,
    opens,
    streams: { method: streams, keyBits: fileKey.length * 8 },
    isPasswordNeeded: () => withoutPassword(dictionary, fileId) === undefined,
  };
}

interface Unlocked {
  readonly fileKey: Uint8Array;
  readonly openedBy: Security['openedBy'];
}

const LOCKED: Unlocked = { fileKey: new Uint8Array(0), openedBy: 'nobody' };

function noPassword(): never {
  throw new PdfError('password', 'The document is encrypted, and the password does not open it.');
}

function unlock(
  dictionary: EncryptionDictionary,
  fileId: Uint8Array,
  password: string,
): Unlocked | undefined {
  for (const bytes of passwordBytes(password, dictionary.r)) {
    const unlocked =
      bytes.length > 0 && (asOwner(dictionary, fileId, bytes) ?? asUser(dictionary, fileId, bytes));
    if (unlocked) return unlocked;
  }
  return withoutPassword(dictionary, fileId);
}

function withoutPassword(dictionary: EncryptionDictionary, fileId: Uint8Array): Unlocked | undefined {
  const empty = new Uint8Array(0);
  return asUser(dictionary, fileId, empty) ?? asOwner(dictionary, fileId, empty);
}

function asOwner(
  dictionary: EncryptionDictionary,
  fileId: Uint8Array,
  bytes: Uint8Array,
): Unlocked | undefined {
  const fileKey =
    dictionary.r >= 5 ? modernOwnerKey(dictionary, bytes) : legacyOwnerKey(dictionary, fileId, bytes);
  return fileKey && { fileKey, openedBy: 'owner' };
}

function asUser(
  dictionary: EncryptionDictionary,
  fileId: Uint8Array,
  bytes: Uint8Array,
): Unlocked | undefined {
  const fileKey =
    dictionary.r >= 5 ? modernUserKey(dictionary, bytes) : legacyUserKey(dictionary, fileId, bytes);
  return fileKey && { fileKey, openedBy: 'user' };
}
