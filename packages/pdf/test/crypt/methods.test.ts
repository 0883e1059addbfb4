import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { ciphersFor, objectKey } from '../../src/crypt/methods.ts';

const fileKey = new Uint8Array(16).fill(3);

function md5(...parts: readonly Uint8Array[]): string {
  return createHash('md5').update(Buffer.concat(parts)).digest('hex');
}

function keyText(method: 'V2' | 'AESV2' | 'AESV3', key: Uint8Array): string {
  return Buffer.from(objectKey(method, key, 0x123456, 0x789a)).toString('hex');
}

describe('the key of an object', () => {
  const numbers = Uint8Array.of(0x56, 0x34, 0x12, 0x9a, 0x78);

  it('is made of three bytes of the object number and two of the generation', () => {
    assert.equal(keyText('V2', fileKey), md5(fileKey, numbers));
    assert.equal(keyText('AESV2', fileKey), md5(fileKey, numbers, Buffer.from('sAlT')));
  });

  it('has five bytes more than the file key, 16 at the most', () => {
    for (const [fileBytes, bytes] of [
      [5, 10],
      [10, 15],
      [11, 16],
      [16, 16],
    ] as const) {
      const shorter = fileKey.subarray(0, fileBytes);
      assert.equal(keyText('V2', shorter), md5(shorter, numbers).slice(0, 2 * bytes));
    }
  });

  it('is the file key for AESV3', () => {
    assert.equal(keyText('AESV3', fileKey), Buffer.from(fileKey).toString('hex'));
  });
});

describe('the ciphers of objects', () => {
  it('are one for the strings of an object, and another for each object and generation', () => {
    for (const method of ['V2', 'AESV2'] as const) {
      const cipherOf = ciphersFor(method, fileKey);
      const first = cipherOf(1, 0);
      assert.equal(cipherOf(1, 0), first);
      assert.notEqual(cipherOf(2, 0), first);
      const second = cipherOf(2, 0);
      assert.notEqual(cipherOf(2, 1), second);
    }
  });
});
