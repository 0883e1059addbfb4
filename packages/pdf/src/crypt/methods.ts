import { AesDecryptor, AesKey } from './aes.ts';
import { type EncryptionDictionary, unsupported } from './dictionary.ts';
import { join, md5 } from './hash.ts';
import { Rc4, rc4 } from './rc4.ts';

/** How the strings or streams of a document are encrypted: not at all, or by one of the methods of table 25. */
export type Method = 'Identity' | 'V2' | 'AESV2' | 'AESV3';

/** Decrypts one stream that comes in pieces. */
export interface Decryptor {
  /** The plain bytes that are certain after the next piece; may be fewer than the piece has. */
  update(chunk: Uint8Array): Uint8Array;
  /** The rest after the last piece. */
  final(): Uint8Array;
}

/**
 * The method that a crypt filter stands for (ISO 32000-2, 7.6.6). Before version 4 there are none, and everything is
 * RC4. Throws `unsupported-encryption` if the filter is not defined or its method does not go with the version.
 */
export function methodOf({ v, cryptFilters }: EncryptionDictionary, filterName: string): Method {
  if (v < 4) return filterName === 'Identity' ? 'Identity' : 'V2';
  if (filterName === 'Identity') return 'Identity';
  const cfm = cryptFilters.get(filterName)?.cfm;
  if (cfm === 'None') return 'Identity';
  const known = v === 5 ? ['AESV3'] : ['V2', 'AESV2'];
  if (cfm === undefined || !known.includes(cfm)) {
    throw unsupported(`crypt filter ${JSON.stringify(filterName.slice(0, 64))} has no known method`);
  }
  return cfm as Method;
}

const aesSalt = Buffer.from('sAlT', 'latin1');

/**
 * The key of one object (ISO 32000-2, algorithms 1 and 1.A): the file key for AESV3, else the MD5 of it with the
 * object and generation number, and with a fixed salt for AESV2.
 */
export function objectKey(
  method: Method,
  fileKey: Uint8Array,
  objectNumber: number,
  generation: number,
): Uint8Array {
  if (method === 'AESV3') return fileKey;
  const numbers = Uint8Array.of(
    objectNumber,
    objectNumber >> 8,
    objectNumber >> 16,
    generation,
    generation >> 8,
  );
  const digest = md5(method === 'AESV2' ? join(fileKey, numbers, aesSalt) : join(fileKey, numbers));
  return digest.subarray(0, Math.min(fileKey.length + 5, 16));
}

/** What decrypts one object. */
export interface ObjectCipher {
  /** For bytes that are all there; with Identity they are returned as they are. */
  decrypt(bytes: Uint8Array): Uint8Array;
  /** For bytes that come in pieces. */
  decryptor(): Decryptor;
}

const nothing = new Uint8Array(0);
const identity: ObjectCipher = {
  decrypt: (bytes) => bytes,
  decryptor: () => ({ update: (chunk) => chunk, final: () => nothing }),
};

function rc4Cipher(key: Uint8Array): ObjectCipher {
  return {
    decrypt: (bytes) => rc4(key, bytes),
    decryptor() {
      const cipher = new Rc4(key);
      return { update: (chunk) => cipher.update(chunk), final: () => nothing };
    },
  };
}

function aesCipher(key: Uint8Array): ObjectCipher {
  const aesKey = new AesKey(key);
  return {
    decrypt: (bytes) => aesKey.decrypt(bytes),
    decryptor() {
      const decryptor = new AesDecryptor(key);
      return { update: (chunk) => decryptor.update(chunk), final: () => decryptor.final() };
    },
  };
}

/**
 * Gives what `make` makes of the key of an object under one method. The last one is kept, since the strings of an object
 * come one after the other, and under AESV3, where all objects have one key, there is only one.
 */
export function eachObject<Cipher>(
  method: Exclude<Method, 'Identity'>,
  fileKey: Uint8Array,
  make: (key: Uint8Array) => Cipher,
): (objectNumber: number, generation: number) => Cipher {
  if (method === 'AESV3') {
    const cipher = make(fileKey);
    return () => cipher;
  }
  let last: { objectNumber: number; generation: number; cipher: Cipher } | undefined;
  return (objectNumber, generation) => {
    if (last?.objectNumber !== objectNumber || last.generation !== generation)
      last = { objectNumber, generation, cipher: make(objectKey(method, fileKey, objectNumber, generation)) };
    return last.cipher;
  };
}

/** Gives the cipher that decrypts an object under one method. */
export function ciphersFor(
  method: Method,
  fileKey: Uint8Array,
): (objectNumber: number, generation: number) => ObjectCipher {
  if (method === 'Identity') return () => identity;
  return eachObject(method, fileKey, method === 'V2' ? rc4Cipher : aesCipher);
}
