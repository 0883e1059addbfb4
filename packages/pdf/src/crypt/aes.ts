import { createCipheriv, createDecipheriv, type Decipheriv } from 'node:crypto';

const blockBytes = 16;
const zeroVector = new Uint8Array(blockBytes);

/** AES in CBC mode without padding; key of 16 or 32 bytes, whole blocks in and out. */
export function aesCbcEncrypt(key: Uint8Array, vector: Uint8Array, blocks: Uint8Array): Uint8Array {
  return plainView(createCipheriv(cbc(key), key, vector).setAutoPadding(false).update(blocks));
}

/** Decrypts with a vector of zeros and without padding, as keys are wrapped (ISO 32000-2, algorithms 2.A and 8). */
export function aesUnwrap(key: Uint8Array, blocks: Uint8Array): Uint8Array {
  return plainView(openCbc(key, zeroVector).update(blocks));
}

/** Encrypts with a vector of zeros and without padding, which `aesUnwrap` undoes. */
export function aesWrap(key: Uint8Array, blocks: Uint8Array): Uint8Array {
  return aesCbcEncrypt(key, zeroVector, blocks);
}

function openCbc(key: Uint8Array, vector: Uint8Array): Decipheriv {
  return createDecipheriv(cbc(key), key, vector).setAutoPadding(false);
}

function cbc(key: Uint8Array): string {
  return `aes-${8 * key.length}-cbc`;
}

/** Node's buffers differ from Uint8Array in `slice` and in equality; callers shall not meet one. */
function plainView(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}

/**
 * Decrypts AES data of a PDF file: a vector of 16 bytes, then blocks in CBC mode, the last one padded (ISO 32000-2,
 * 7.6.3.2). Never fails: a last block that is not whole is dropped, a padding that is none stays as data.
 */
export class AesDecryptor {
  readonly #key: Uint8Array;
  readonly #vector = new Uint8Array(blockBytes);
  #vectorBytes = 0;
  #decipher: Decipheriv | undefined;
  /** The last block, kept back because it may end in padding. */
  #held: Uint8Array = new Uint8Array(0);

  constructor(key: Uint8Array) {
    this.#key = key;
  }

  /** The plain bytes that are certain after the next piece. */
  update(chunk: Uint8Array): Uint8Array {
    const blocks = chunk.subarray(this.#takeVector(chunk));
    if (this.#decipher === undefined || blocks.length === 0) return new Uint8Array(0);
    const plain = plainView(this.#decipher.update(blocks));
    if (plain.length === 0) return new Uint8Array(0);
    const ready = new Uint8Array(this.#held.length + plain.length - blockBytes);
    ready.set(this.#held);
    ready.set(plain.subarray(0, plain.length - blockBytes), this.#held.length);
    this.#held = plain.subarray(plain.length - blockBytes);
    return ready;
  }

  /** The rest, without its padding. */
  final(): Uint8Array {
    const rest = withoutPadding(this.#held);
    this.#held = new Uint8Array(0);
    return rest;
  }

  /** Takes what is missing of the vector from the piece and returns how much that was. */
  #takeVector(chunk: Uint8Array): number {
    const taken = Math.min(blockBytes - this.#vectorBytes, chunk.length);
    this.#vector.set(chunk.subarray(0, taken), this.#vectorBytes);
    this.#vectorBytes += taken;
    if (this.#vectorBytes === blockBytes) this.#decipher ??= openCbc(this.#key, this.#vector);
    return taken;
  }
}

/** Up to here, reusing a cipher is faster than making one, which takes 10 microseconds. */
const shortBytesMax = 2048;

/** Decrypts, as AesDecryptor does, data that is all there: many strings under one key, or a stream. */
export class AesKey {
  readonly #key: Uint8Array;
  #blockDecipher: Decipheriv | undefined;

  constructor(key: Uint8Array) {
    this.#key = key;
  }

  decrypt(bytes: Uint8Array): Uint8Array {
    if (bytes.length < 2 * blockBytes) return new Uint8Array(0);
    if (bytes.length <= shortBytesMax) return withoutPadding(this.#decryptShort(bytes));
    const plain = openCbc(this.#key, bytes.subarray(0, blockBytes)).update(bytes.subarray(blockBytes));
    return withoutPadding(plainView(plain));
  }

  /** CBC by hand: each block decrypted for itself, then combined with the bytes 16 before it. */
  #decryptShort(bytes: Uint8Array): Uint8Array {
    this.#blockDecipher ??= createDecipheriv(
      `aes-${8 * this.#key.length}-ecb`,
      this.#key,
      null,
    ).setAutoPadding(false);
    const end = bytes.length - (bytes.length % blockBytes);
    const plain = plainView(this.#blockDecipher.update(bytes.subarray(blockBytes, end)));
    for (let index = 0; index < plain.length; index++) plain[index]! ^= bytes[index]!;
    return plain;
  }
}

function withoutPadding(bytes: Uint8Array): Uint8Array {
  const padding = bytes.at(-1) ?? 0;
  if (padding < 1 || padding > blockBytes) return bytes;
  const data = bytes.subarray(0, bytes.length - padding);
  return bytes.subarray(data.length).every((byte) => byte === padding) ? data : bytes;
}
