import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PdfErrorCode } from '../../src/errors.ts';
import { legacyFileKey, legacyOwnerEntryKey, legacyUserEntry } from '../../src/crypt/legacy.ts';
import { rc4 } from '../../src/crypt/rc4.ts';
import { objectKey } from '../../src/crypt/methods.ts';
import { openSecurity, type EncryptionDictionary, type Security } from '../../src/crypt/security.ts';
import { pdfError, randomBytes, randomNumbers } from '../filters/helpers.ts';
import { fixture, fixtures, plaintext, type Fixture } from './fixtures.ts';
import { PdfError } from '../../src/errors.ts';

const rc4Document = fixture('RC4 128 bits, revision 3');
const aesDocument = fixture('AES 128 bits, revision 4');
const modernDocument = fixture('AES 256 bits, revision 6');

/** Values as a hostile file may give them, of any type. */
type Change = Partial<Record<keyof EncryptionDictionary, unknown>>;

function openChanged({ dictionary, fileId }: Fixture, change: Change, password = 'user'): Security {
  return openSecurity({ ...dictionary, ...change } as EncryptionDictionary, fileId, password);
}

function title(security: Security, { string }: Fixture): string {
  return Buffer.from(security.decryptString(string.objectNumber, 0, string.bytes)).toString('latin1');
}

const padding = Buffer.from('28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a', 'hex');

function withZeros(bytes: Uint8Array, length: number): Uint8Array {
  const longer = new Uint8Array(length);
  longer.set(bytes);
  return longer;
}

describe('dictionaries that differ from the specification', () => {
  it('open with a /Length in bytes, of another version, or of nonsense', () => {
    for (const document of [fixture('RC4 40 bits, revision 2'), rc4Document, aesDocument, modernDocument]) {
      for (const lengthBits of [5, 16, 40, 128, 256, 0, -1, 127, 2 ** 31, Number.NaN]) {
        assert.equal(
          title(openChanged(document, { lengthBits }), document),
          plaintext.string,
          `${lengthBits}`,
        );
      }
    }
  });

  it('open with a key length in the crypt filter of bits, bytes, or nonsense', () => {
    for (const lengthBytes of [undefined, 16, 128, 5, 0, -1, 2 ** 31]) {
      const cryptFilters = new Map([['StdCF', { cfm: 'AESV2', lengthBytes }]]);
      assert.equal(
        title(openChanged(aesDocument, { cryptFilters, lengthBits: 40 }), aesDocument),
        plaintext.string,
      );
    }
  });

  it('open with keys between 40 and 128 bits', () => {
    const { dictionary, fileId } = rc4Document;
    for (let keyBytes = 5; keyBytes <= 16; keyBytes++) {
      const key = legacyFileKey(dictionary, fileId, Buffer.from('short'), keyBytes);
      const u = withZeros(legacyUserEntry(3, fileId, key), 32);
      const bytes = rc4(objectKey('V2', key, 7, 0), Buffer.from('secret'));
      for (const lengthBits of [keyBytes, 8 * keyBytes]) {
        const security = openChanged(rc4Document, { u, lengthBits }, 'short');
        assert.equal(Buffer.from(security.decryptString(7, 0, bytes)).toString(), 'secret');
      }
    }
  });

  it('open with the owner password for a short key, by either way to derive the key of /O', () => {
    const { dictionary, fileId } = rc4Document;
    for (const digestBytes of [16, 8]) {
      let o = Buffer.concat([Buffer.from('short'), padding]).subarray(0, 32) as Uint8Array;
      const ownerKey = legacyOwnerEntryKey(3, Buffer.from('boss'), 8, digestBytes);
      for (let round = 0; round < 20; round++)
        o = rc4(
          ownerKey.map((byte) => byte ^ round),
          o,
        );
      const key = legacyFileKey({ ...dictionary, o }, fileId, Buffer.from('short'), 8);
      const change = { o, u: withZeros(legacyUserEntry(3, fileId, key), 32), lengthBits: 64 };
      assert.equal(openChanged(rc4Document, change, 'boss').openedBy, 'owner');
      assert.equal(openChanged(rc4Document, change, 'short').openedBy, 'user');
    }
  });

  it('open in revision 3 whatever it says of metadata', () => {
    assert.equal(title(openChanged(rc4Document, { encryptMetadata: false }), rc4Document), plaintext.string);
  });

  it('open with /O and /U that are longer than specified', () => {
    for (const document of fixtures) {
      const { o, u } = document.dictionary;
      const change = { o: withZeros(o, 127), u: withZeros(u, 127) };
      assert.equal(title(openChanged(document, change, document.user), document), plaintext.string);
      assert.equal(title(openChanged(document, change, document.owner), document), plaintext.string);
    }
  });

  it('open with a /U of 16 bytes, and with any bytes after them, from revision 3', () => {
    const u = rc4Document.dictionary.u.slice(0, 16);
    assert.equal(title(openChanged(rc4Document, { u }), rc4Document), plaintext.string);
    assert.equal(
      title(openChanged(rc4Document, { u: withZeros(u, 32).fill(9, 16) }), rc4Document),
      plaintext.string,
    );
  });
});

describe('crypt filters', () => {
  it('leave strings or streams alone where Identity or None says so', () => {
    const { string, stream } = aesDocument;
    const cryptFilters = new Map([...aesDocument.dictionary.cryptFilters, ['Plain', { cfm: 'None' }]]);
    for (const filterName of ['Identity', 'Plain']) {
      const plainStrings = openChanged(aesDocument, { cryptFilters, strF: filterName });
      assert.deepEqual(plainStrings.decryptString(string.objectNumber, 0, string.bytes), string.bytes);
      assert.notDeepEqual(plainStrings.decryptStream(stream.objectNumber, 0, stream.bytes), stream.bytes);
      const plainStreams = openChanged(aesDocument, { cryptFilters, stmF: filterName });
      assert.deepEqual(plainStreams.decryptStream(stream.objectNumber, 0, stream.bytes), stream.bytes);
      assert.equal(title(plainStreams, aesDocument), plaintext.string);
      const { update, final } = plainStreams.streamDecryptor(stream.objectNumber, 0);
      assert.deepEqual(Buffer.concat([update(stream.bytes), final()]), Buffer.from(stream.bytes));
    }
  });

  it('of a stream go before that of the document', () => {
    const { stream } = aesDocument;
    const security = openChanged(aesDocument, { stmF: 'Identity' });
    const decrypted = security.decryptStream(stream.objectNumber, 0, stream.bytes, 'StdCF');
    assert.equal(Buffer.from(decrypted).toString(), plaintext.stream);
  });

  it('that are not defined are refused when a stream asks for them', () => {
    const security = openChanged(aesDocument, {});
    assert.throws(
      () => security.decryptStream(1, 0, new Uint8Array(32), 'Other'),
      pdfError('unsupported-encryption'),
    );
    assert.throws(() => security.streamDecryptor(1, 0, 'Other'), pdfError('unsupported-encryption'));
  });

  it('do not exist before version 4, whatever the dictionary says', () => {
    const change = { stmF: 'Other', strF: 'Other', cryptFilters: new Map([['Other', { cfm: 'AESV2' }]]) };
    assert.equal(title(openChanged(rc4Document, change), rc4Document), plaintext.string);
  });
});

describe('damaged and short data', () => {
  it('gives what can be had', () => {
    for (const document of fixtures) {
      const security = openChanged(document, {}, document.user);
      for (let length = 0; length < 20; length++) {
        const bytes = document.stream.bytes.subarray(0, length);
        const { update, final } = security.streamDecryptor(6, 0);
        const whole = security.decryptStream(6, 0, bytes);
        assert.deepEqual(Buffer.concat([update(bytes), final()]), Buffer.from(whole));
        assert.ok(whole.length <= length);
      }
      assert.equal(security.decryptString(1, 0, new Uint8Array(0)).length, 0);
    }
  });
});

describe('hostile dictionaries', () => {
  const refused: [what: string, document: Fixture, change: Change, code: PdfErrorCode][] = [
    ['another handler', rc4Document, { filter: 'Adobe.PubSec' }, 'unsupported-encryption'],
    ['no handler', rc4Document, { filter: undefined }, 'unsupported-encryption'],
    ['revision 99', rc4Document, { r: 99 }, 'unsupported-encryption'],
    ['revision -1', rc4Document, { r: -1 }, 'unsupported-encryption'],
    ['a revision that is no number', rc4Document, { r: undefined, v: Number.NaN }, 'unsupported-encryption'],
    ['version 3', rc4Document, { v: 3 }, 'unsupported-encryption'],
    ['version 6 and revision 7', modernDocument, { v: 6, r: 7 }, 'unsupported-encryption'],
    ['version 5 with revision 4', modernDocument, { r: 4 }, 'unsupported-encryption'],
    ['version 4 with revision 6', modernDocument, { v: 4 }, 'unsupported-encryption'],
    ['no /O', rc4Document, { o: undefined }, 'unsupported-encryption'],
    ['no /U', rc4Document, { u: undefined }, 'unsupported-encryption'],
    ['a short /O', rc4Document, { o: new Uint8Array(31) }, 'unsupported-encryption'],
    ['a short /U', rc4Document, { u: new Uint8Array(15) }, 'unsupported-encryption'],
    ['no /OE', modernDocument, { oe: undefined }, 'unsupported-encryption'],
    ['a short /UE', modernDocument, { ue: new Uint8Array(31) }, 'unsupported-encryption'],
    ['a crypt filter that is not defined', aesDocument, { stmF: 'Other' }, 'unsupported-encryption'],
    [
      'an unknown method',
      aesDocument,
      { cryptFilters: new Map([['StdCF', { cfm: 'AESV9' }]]) },
      'unsupported-encryption',
    ],
    [
      'a method of another version',
      modernDocument,
      { cryptFilters: new Map([['StdCF', { cfm: 'AESV2' }]]) },
      'unsupported-encryption',
    ],
    ['another /U', rc4Document, { u: new Uint8Array(32) }, 'password'],
    ['other /P', rc4Document, { p: 0 }, 'password'],
    ['a /P that is no number', rc4Document, { p: Number.NaN }, 'password'],
    ['zeros for /O and /U', modernDocument, { o: new Uint8Array(48), u: new Uint8Array(48) }, 'password'],
  ];
  for (const [what, document, change, code] of refused) {
    it(`are refused: ${what}`, () => assert.throws(() => openChanged(document, change), pdfError(code)));
  }

  it('end in a typed error or a reader of any bytes', () => {
    const seed = Number(process.env['OCTAVO_TEST_SEED'] ?? 20_26);
    const next = randomNumbers(seed);
    const pick = <T>(...values: readonly T[]): T => values[next() % values.length]!;
    for (let round = 0; round < 150; round++) {
      const document = pick(...fixtures);
      const change: Change = {
        [pick('v', 'r', 'lengthBits', 'p')]: pick(0, 1, 2, 3, 4, 5, 6, -1, 2 ** 31, 2 ** 53),
        [pick('o', 'u', 'oe', 'ue', 'perms')]: randomBytes(next, pick(0, 16, 32, 48, 1000)),
      };
      try {
        const bytes = randomBytes(next, next() % 100);
        assert.ok(
          openChanged(document, change, document.user).decryptString(1, 0, bytes).length <= bytes.length,
        );
      } catch (error) {
        assert.ok(error instanceof PdfError, `seed ${seed}: ${error}`);
      }
    }
  });
});
