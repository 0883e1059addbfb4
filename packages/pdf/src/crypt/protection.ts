import type { Method } from './methods.ts';
import { permissionBits, permissionsOf, type Permissions } from './permissions.ts';
import { saslPrep } from './saslprep.ts';

/**
 * How a document is encrypted: AES with a key of 256 bits (revision 6) or 128 (revision 4), or RC4 with 128 (revision 3)
 * or 40 (revision 2) for old readers. Both RC4 methods are broken, and keep out nobody who wants in.
 */
export type EncryptionMethod = 'aes-256' | 'aes-128' | 'rc4-128' | 'rc4-40';

/** What a document is to be protected by. */
export interface Protection {
  readonly method: EncryptionMethod;
  /** Opens the document, bound by the permissions; empty where anybody may. */
  readonly userPassword: string;
  /** Opens the document without bounds. Where it is empty, nobody has it: it is drawn at random. */
  readonly ownerPassword: string;
  readonly permissions: Permissions;
  /** Whether the metadata streams are encrypted too; RC4 always does. */
  readonly encryptMetadata: boolean;
}

/** What a method is in the terms of tables 20, 21 and 25. */
export interface Standard {
  readonly v: number;
  readonly r: number;
  readonly keyBytes: number;
  readonly method: Exclude<Method, 'Identity'>;
}

/** The terms of each method. */
export const standards: Readonly<Record<EncryptionMethod, Standard>> = {
  'aes-256': { v: 5, r: 6, keyBytes: 32, method: 'AESV3' },
  'aes-128': { v: 4, r: 4, keyBytes: 16, method: 'AESV2' },
  'rc4-128': { v: 2, r: 3, keyBytes: 16, method: 'V2' },
  'rc4-40': { v: 1, r: 2, keyBytes: 5, method: 'V2' },
};

/** Characters of a password that count up to revision 4. */
const legacyCharactersMax = 32;

/** What will be otherwise than it was asked for, in short sentences. */
export function protectionWarnings(protection: Protection): string[] {
  const { userPassword, ownerPassword, permissions } = protection;
  const { v, r } = standards[protection.method];
  const warnings: string[] = [];
  if (r < 5 && Math.max(userPassword.length, ownerPassword.length) > legacyCharactersMax)
    warnings.push(`Of a password only the first ${legacyCharactersMax} characters count.`);
  if (r >= 5 && [userPassword, ownerPassword].some((password) => saslPrep(password) !== password))
    warnings.push(
      'A password was normalised by SASLprep (RFC 4013); some readers know it only in that form.',
    );
  if (v < 4 && !protection.encryptMetadata)
    warnings.push('This method encrypts metadata too, whatever is asked for.');
  const granted = permissionsOf(permissionBits(permissions, r), r);
  const differs = Object.entries(granted).filter(
    ([name, value]) => permissions[name as keyof Permissions] !== value,
  );
  if (differs.length > 0)
    warnings.push(
      `This method cannot tell these permissions from others: ${differs.map(([name]) => name).join(', ')}.`,
    );
  if (ownerPassword !== '' && ownerPassword === userPassword)
    warnings.push('The passwords are the same, so that the permissions bind nobody.');
  return warnings;
}
