import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { passwordBytes } from '../../src/crypt/passwords.ts';
import { saslPrep } from '../../src/crypt/saslprep.ts';

function candidates(password: string, r: number): string[] {
  return passwordBytes(password, r).map((bytes) => Buffer.from(bytes).toString('hex'));
}

describe('SASLprep', () => {
  // The examples of RFC 4013, 3, and a space that is none of ASCII.
  const examples: [text: string, prepared: string][] = [
    ['I\u00adX', 'IX'],
    ['user', 'user'],
    ['USER', 'USER'],
    ['\u00aa', 'a'],
    ['\u2168', 'IX'],
    ['a\u00a0b\u3000c', 'a b c'],
    ['e\u0301', '\u00e9'],
    ['a\ufeff\u200db\u180b', 'ab'],
  ];
  for (const [text, prepared] of examples) {
    it(`makes ${JSON.stringify(prepared)}`, () => assert.equal(saslPrep(text), prepared));
  }
});

describe('the bytes of a password', () => {
  it('are the same in every encoding for ASCII, and given once', () => {
    for (const r of [2, 3, 4, 5, 6]) assert.deepEqual(candidates('user', r), ['75736572']);
  });

  it('are PDFDocEncoding, Latin-1, UTF-8 up to revision 4', () => {
    assert.deepEqual(candidates('ä', 4), ['e4', 'c3a4']);
    assert.deepEqual(candidates('€', 4), ['a0', 'e282ac']);
    assert.deepEqual(candidates('\u00a0', 4), ['a0', 'c2a0']);
    assert.deepEqual(candidates('Ω', 4), ['cea9']);
  });

  it('have the places of PDFDocEncoding (ISO 32000-2, table D.2)', () => {
    const places: [character: string, byte: number][] = [
      ['˘', 0x18],
      ['˜', 0x1f],
      ['•', 0x80],
      ['ƒ', 0x86],
      ['−', 0x8a],
      ['’', 0x90],
      ['™', 0x92],
      ['ﬁ', 0x93],
      ['Ł', 0x95],
      ['Œ', 0x96],
      ['ı', 0x9a],
      ['ž', 0x9e],
      ['€', 0xa0],
      ['¡', 0xa1],
      ['ÿ', 0xff],
    ];
    for (const [character, byte] of places)
      assert.equal(candidates(character, 3)[0], byte.toString(16), character);
  });

  it('are the prepared and the typed UTF-8 from revision 5', () => {
    assert.deepEqual(candidates('\u2168', 6), ['4958', 'e285a8']);
  });

  it('are cut at 127 bytes from revision 5, and then whole', () => {
    assert.deepEqual(candidates('a'.repeat(127), 6), ['61'.repeat(127)]);
    assert.deepEqual(candidates('a'.repeat(128), 6), ['61'.repeat(127), '61'.repeat(128)]);
    assert.deepEqual(candidates('ä'.repeat(70), 5), ['c3a4'.repeat(63) + 'c3', 'c3a4'.repeat(70)]);
  });

  it('are few for a password of any length', () => {
    for (const [password, r] of [
      ['\u00ad'.repeat(1e7) + 'x', 6],
      ['x'.repeat(1e7), 3],
    ] as const) {
      const found = passwordBytes(password, r);
      assert.ok(found.length <= 4 && found.every((bytes) => bytes.length <= 4096));
    }
  });
});
