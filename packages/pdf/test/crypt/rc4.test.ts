import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Rc4, rc4 } from '../../src/crypt/rc4.ts';

const encoder = new TextEncoder();

describe('RC4', () => {
  // The vectors that everybody uses, and two of RFC 6229 (keystream of 40 and 128 bits).
  const vectors: [key: Uint8Array, text: Uint8Array, cipher: string][] = [
    [encoder.encode('Key'), encoder.encode('Plaintext'), 'bbf316e8d940af0ad3'],
    [encoder.encode('Wiki'), encoder.encode('pedia'), '1021bf0420'],
    [encoder.encode('Secret'), encoder.encode('Attack at dawn'), '45a01f645fc35b383552544b9bf5'],
    [Buffer.from('0102030405', 'hex'), new Uint8Array(16), 'b2396305f03dc027ccc3524a0a1118a8'],
    [
      Buffer.from('0102030405060708090a0b0c0d0e0f10', 'hex'),
      new Uint8Array(16),
      '9ac7cc9a609d1ef7b2932899cde41b97',
    ],
  ];
  for (const [key, text, cipher] of vectors) {
    it(`gives ${cipher}`, () => assert.equal(Buffer.from(rc4(key, text)).toString('hex'), cipher));
  }

  it('goes on where the piece before ended', () => {
    const [key, text] = [encoder.encode('Secret'), encoder.encode('Attack at dawn')];
    const cipher = new Rc4(key);
    const pieces = [text.subarray(0, 1), text.subarray(1, 1), text.subarray(1)].map((piece) =>
      cipher.update(piece),
    );
    assert.deepEqual(Buffer.concat(pieces), Buffer.from(rc4(key, text)));
  });
});
