import { encryptionDictionary } from '../../file/encryption.ts';
import type { Facts } from './facts.ts';

/** How a document is encrypted (ISO 32000-2, 7.6). */
export interface EncryptionInfo {
  /** What its streams are encrypted with; `none` where the document says it is encrypted, and its streams are not. */
  readonly algorithm: 'RC4' | 'AES' | 'none';
  /** Length of the key; 0 without an algorithm. */
  readonly keyBits: number;
  /** Version and revision of the security handler (/V and /R). */
  readonly version: number;
  readonly revision: number;
  /** Whether it cannot be opened without a password. */
  readonly passwordNeeded: boolean;
  /**
   * Whose password opened it: the owner may do anything, whatever the permissions say. Nobody's where only attachments are
   * encrypted, which then cannot be read.
   */
  readonly openedBy: 'user' | 'owner' | 'nobody';
}

/** Answers undefined for a document that is not encrypted. */
export function encryption(facts: Facts): EncryptionInfo | undefined {
  const { security, trailer } = facts.file;
  if (security === undefined) return undefined;
  const { v, r } = encryptionDictionary(facts.dictionary(trailer, 'Encrypt'), (each) => facts.resolve(each));
  const { method, keyBits } = security.streams;
  return {
    algorithm: method === 'Identity' ? 'none' : method === 'V2' ? 'RC4' : 'AES',
    keyBits: method === 'Identity' ? 0 : keyBits,
    version: v,
    revision: r,
    passwordNeeded: security.isPasswordNeeded(),
    openedBy: security.openedBy,
  };
}
