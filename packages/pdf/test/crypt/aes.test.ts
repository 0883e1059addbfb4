import assert from 'node:assert/strict';
import { createCipheriv } from 'node:crypto';
import { describe, it } from 'node:test';
import { aesCbcEncrypt, AesDecryptor, AesKey, aesUnwrap } from '../../src/crypt/aes.ts';
import { assertBytes } from '../filters/helpers.ts';

const key = new Uint8Array(16).fill(1);
/** One for all tests, as many strings share one. */
const aesKey = new AesKey(key);
const vector = new Uint8Array(16).fill(2);

/** AES data of a PDF file: vector, blocks, padding of PKCS #7. */
function encrypt(text: Uint8Array): Uint8Array {
  const cipher = createCipheriv('aes-128-cbc', key, vector);
  return new Uint8Array(Buffer.concat([vector, cipher.update(text), cipher.final()]));
}

function inPieces(data: Uint8Array, pieceBytes: number): Uint8Array {
  const decryptor = new AesDecryptor(key);
  const parts: Uint8Array[] = [];
  for (let at = 0; at < data.length; at += pieceBytes)
    parts.push(decryptor.update(data.subarray(at, at + pieceBytes)));
  parts.push(decryptor.final());
  return new Uint8Array(Buffer.concat(parts));
}

/** Both ways to decrypt, which must agree. */
function decrypt(data: Uint8Array): Uint8Array {
  const whole = aesKey.decrypt(data);
  for (const pieceBytes of [1, 7, 16, 33, 1000]) assertBytes(inPieces(data, pieceBytes), whole);
  return whole;
}

const text = Uint8Array.from({ length: 100 }, (_, index) => index);

describe('AES data', () => {
  it('is decrypted whatever its length, at once and in pieces', () => {
    for (let length = 0; length <= 50; length++) {
      assert.deepEqual(decrypt(encrypt(text.subarray(0, length))), text.slice(0, length));
    }
  });

  it('is decrypted around the length from which a cipher is made for it', () => {
    for (const length of [2000, 2015, 2016, 2031, 2032, 2047, 2048, 5000]) {
      const long = Uint8Array.from({ length }, (_, index) => index * 31);
      assertBytes(decrypt(encrypt(long)), long);
    }
  });

  it('gives the whole blocks of what is cut short', () => {
    const data = encrypt(text);
    for (const [dropped, length] of [
      [1, 96],
      [15, 96],
      [16, 96],
      [17, 80],
      [data.length - 32, 16],
      [data.length - 31, 0],
    ] as const) {
      assert.deepEqual(decrypt(data.subarray(0, data.length - dropped)), text.slice(0, length));
    }
  });

  it('is empty where there is no block after the vector', () => {
    for (let length = 0; length < 32; length++)
      assert.equal(decrypt(new Uint8Array(length).fill(9)).length, 0);
  });

  it('loses its padding also where bytes follow the last block', () => {
    assert.deepEqual(decrypt(new Uint8Array([...encrypt(text), 13, 10])), text);
  });

  it('keeps a last block without padding', () => {
    for (const ending of [[0], [17], [2, 3], [16, 16]]) {
      const block = Uint8Array.from([...text.subarray(0, 16 - ending.length), ...ending]);
      const data = new Uint8Array([...vector, ...aesCbcEncrypt(key, vector, block)]);
      assert.deepEqual(decrypt(data), block);
    }
  });

  it('returns plain Uint8Arrays', () => {
    const decryptor = new AesDecryptor(key);
    for (const bytes of [aesKey.decrypt(encrypt(text)), decryptor.update(encrypt(text)), decryptor.final()]) {
      assert.equal(Object.getPrototypeOf(bytes), Uint8Array.prototype);
    }
  });
});

describe('AES without padding', () => {
  it('agrees with NIST SP 800-38A, F.2.1, and undoes itself', () => {
    const nistKey = Buffer.from('2b7e151628aed2a6abf7158809cf4f3c', 'hex');
    const nistVector = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
    const block = Buffer.from('6bc1bee22e409f96e93d7e117393172a', 'hex');
    const cipher = Buffer.from(aesCbcEncrypt(nistKey, nistVector, block));
    assert.equal(cipher.toString('hex'), '7649abac8119b246cee98e9b12e9197d');
    const wrapped = aesCbcEncrypt(nistKey, new Uint8Array(16), block);
    assert.deepEqual(Buffer.from(aesUnwrap(nistKey, wrapped)), block);
  });
});
