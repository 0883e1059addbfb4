import { hash, timingSafeEqual } from 'node:crypto';
import { aesCbcEncrypt } from './aes.ts';

/** The bytes one after the other. */
export function join(...parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}

/** MD5, 16 bytes. */
export function md5(bytes: Uint8Array): Uint8Array {
  return hash('md5', bytes, 'buffer');
}

/** Whether the bytes are the same, in a time that does not tell where they differ. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** A round number that algorithm 2.B can never pass: the last byte that ends it is at most 255. */
const roundsMax = 64 + 256;

/**
 * The hash of revision 5 (SHA-256) and revision 6 (ISO 32000-2, algorithm 2.B) over a password of at most 127 bytes,
 * a salt of 8, and for the owner's entries the 48 bytes of /U.
 */
export function passwordHash(
  r: number,
  password: Uint8Array,
  salt: Uint8Array,
  userEntry: Uint8Array,
): Uint8Array {
  let key: Uint8Array = hash('sha256', join(password, salt, userEntry), 'buffer');
  if (r === 5) return key;
  for (let round = 1; round <= roundsMax; round++) {
    const block = join(password, key, userEntry);
    const blocks = join(...Array.from<Uint8Array>({ length: 64 }).fill(block));
    const encrypted = aesCbcEncrypt(key.subarray(0, 16), key.subarray(16, 32), blocks);
    key = hash(digestFor(encrypted), encrypted, 'buffer');
    if (round >= 64 && encrypted.at(-1)! <= round - 32) break;
  }
  return key.subarray(0, 32);
}

/** By the first 16 bytes as one number modulo 3; 256 is 1 modulo 3, so their sum serves. */
function digestFor(encrypted: Uint8Array): string {
  let sum = 0;
  for (let index = 0; index < 16; index++) sum += encrypted[index]!;
  return ['sha256', 'sha384', 'sha512'][sum % 3]!;
}
