/** The RC4 stream cipher; node:crypto offers it only with OpenSSL's legacy provider. Encrypts as it decrypts. */
export class Rc4 {
  readonly #state = new Uint8Array(256);
  #i = 0;
  #j = 0;

  /** `key` has 1 to 256 bytes. */
  constructor(key: Uint8Array) {
    const state = this.#state;
    for (let i = 0; i < 256; i++) state[i] = i;
    for (let i = 0, j = 0; i < 256; i++) {
      const value = state[i]!;
      j = (j + value + key[i % key.length]!) & 0xff;
      state[i] = state[j]!;
      state[j] = value;
    }
  }

  /** The next bytes, encrypted or decrypted, as new bytes of the same length. */
  update(bytes: Uint8Array): Uint8Array {
    const state = this.#state;
    const out = new Uint8Array(bytes.length);
    let i = this.#i;
    let j = this.#j;
    for (let index = 0; index < bytes.length; index++) {
      i = (i + 1) & 0xff;
      const a = state[i]!;
      j = (j + a) & 0xff;
      const b = state[j]!;
      state[i] = b;
      state[j] = a;
      out[index] = bytes[index]! ^ state[(a + b) & 0xff]!;
    }
    this.#i = i;
    this.#j = j;
    return out;
  }
}

/** RC4 over bytes that are all there. */
export function rc4(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  return new Rc4(key).update(bytes);
}
