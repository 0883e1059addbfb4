import { createCipheriv, type Cipheriv } from 'node:crypto';
import { join } from './hash.ts';
import { eachObject, type Method } from './methods.ts';
import type { Random } from './random.ts';
import { Rc4, rc4 } from './rc4.ts';

/** Encrypts one stream that comes in pieces. */
export interface Encryptor {
  /** What is certain after the next piece. */
  update(chunk: Uint8Array): Uint8Array;
  /** The rest after the last piece. */
  final(): Uint8Array;
}

/** What encrypts one object. */
export interface ObjectEncryption {
  /** A string. */
  encrypt(bytes: Uint8Array): Uint8Array;
  /** A stream. */
  encryptor(): Encryptor;
}

/** Gives what encrypts an object, whose generation is 0. */
export function encryptionsFor(
  method: Exclude<Method, 'Identity'>,
  fileKey: Uint8Array,
  random: Random,
): (objectNumber: number) => ObjectEncryption {
  const make = method === 'V2' ? rc4Encryption : (key: Uint8Array) => aesEncryption(key, random);
  const encryptionOf = eachObject(method, fileKey, make);
  return (objectNumber) => encryptionOf(objectNumber, 0);
}

/** Bytes that so many bytes become: AES puts its vector before them and fills the last block up, always. */
export function encryptedLength(method: Method, length: number): number {
  return method === 'V2' || method === 'Identity' ? length : blockBytes + length + paddingBytes(length);
}

const blockBytes = 16;

function paddingBytes(length: number): number {
  return blockBytes - (length % blockBytes);
}

function rc4Encryption(key: Uint8Array): ObjectEncryption {
  return {
    encrypt: (bytes) => rc4(key, bytes),
    encryptor() {
      const cipher = new Rc4(key);
      return { update: (chunk) => cipher.update(chunk), final: () => new Uint8Array(0) };
    },
  };
}

function aesEncryption(key: Uint8Array, random: Random): ObjectEncryption {
  const name = `aes-${8 * key.length}-cbc`;
  let chained: Cipheriv | undefined;
  return {
    /**
     * Making a cipher takes 10 microseconds, so the strings share one. A random block before each of them comes out as
     * its vector, which nobody can foresee, since each block is mixed with the result of the one before.
     */
    encrypt(bytes) {
      chained ??= createCipheriv(name, key, random(blockBytes)).setAutoPadding(false);
      const count = paddingBytes(bytes.length);
      return chained.update(join(random(blockBytes), bytes, new Uint8Array(count).fill(count)));
    },
    encryptor() {
      const vector = random(blockBytes);
      const cipher = createCipheriv(name, key, vector);
      let isBegun = false;
      const begun = (bytes: Uint8Array): Uint8Array => {
        if (isBegun) return bytes;
        isBegun = true;
        return join(vector, bytes);
      };
      return { update: (chunk) => begun(cipher.update(chunk)), final: () => begun(cipher.final()) };
    },
  };
}
