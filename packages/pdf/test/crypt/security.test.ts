import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openSecurity, type Security } from '../../src/crypt/security.ts';
import { pdfError } from '../filters/helpers.ts';
import { fixture, fixtures, plaintext, type Encrypted, type Fixture } from './fixtures.ts';

function open({ dictionary, fileId }: Fixture, password: string): Security {
  return openSecurity(dictionary, fileId, password);
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

function stream(security: Security, { objectNumber, bytes }: Encrypted, filterName?: string): string {
  return text(security.decryptStream(objectNumber, 0, bytes, filterName));
}

function assertReads(security: Security, { string, stream: content }: Fixture): void {
  assert.equal(text(security.decryptString(string.objectNumber, 0, string.bytes)), plaintext.string);
  assert.equal(stream(security, content), plaintext.stream);
}

function piecewise(security: Security, { objectNumber, bytes }: Encrypted, filterName?: string): string {
  const decryptor = security.streamDecryptor(objectNumber, 0, filterName);
  const parts = Array.from(bytes, (_, index) => decryptor.update(bytes.subarray(index, index + 1)));
  return text(Buffer.concat([...parts, decryptor.final()]));
}

describe('documents of qpdf and mutool', () => {
  for (const document of fixtures) {
    describe(document.name, () => {
      it('opens with the user password', () => {
        const security = open(document, document.user);
        assert.equal(security.openedBy, 'user');
        assert.equal(security.permissions, document.dictionary.p);
        assertReads(security, document);
      });

      it('opens with the owner password', () => {
        const security = open(document, document.owner);
        assert.equal(security.openedBy, document.owner === '' ? 'user' : 'owner');
        assertReads(security, document);
      });

      it('reads streams in pieces', () => {
        assert.equal(piecewise(open(document, document.user), document.stream), plaintext.stream);
      });

      it('opens with another password only if the empty one opens it', () => {
        if (document.user !== '') assert.throws(() => open(document, 'other'), pdfError('password'));
        else assertReads(open(document, 'other'), document);
      });
    });
  }

  it('reads metadata that is encrypted, and leaves what is not to the caller', () => {
    const all = fixture('AES 256 bits, revision 6');
    assert.equal(stream(open(all, 'user'), all.metadata), plaintext.metadata);
    for (const name of [
      'AES 128 bits, revision 4, plain metadata',
      'AES 256 bits, revision 6, plain metadata',
    ]) {
      const some = fixture(name);
      assert.equal(stream(open(some, 'user'), some.metadata, 'Identity'), plaintext.metadata);
    }
  });

  it('reads an object of another number or generation to something else', () => {
    for (const name of ['RC4 128 bits, revision 3', 'AES 128 bits, revision 4']) {
      const { string, ...rest } = fixture(name);
      const security = open({ string, ...rest }, 'user');
      const read = (objectNumber: number, generation: number): string =>
        text(security.decryptString(objectNumber, generation, string.bytes));
      assert.equal(read(string.objectNumber, 0), plaintext.string);
      assert.notEqual(read(string.objectNumber, 1), plaintext.string);
      assert.notEqual(read(string.objectNumber + 1, 0), plaintext.string);
      assert.equal(read(string.objectNumber, 0), plaintext.string);
    }
  });
});

describe('passwords', () => {
  it('are tried in their SASLprep form', () => {
    const document = fixture('AES 256 bits, user password IX');
    for (const password of ['IX', 'I\u00adX', '\u2168']) assertReads(open(document, password), document);
  });

  it('count up to 127 bytes in revision 6', () => {
    const document = fixture('AES 256 bits, password of 140 bytes, cut at 127');
    assertReads(open(document, 'ä'.repeat(63) + 'ä and more'), document);
    assert.throws(() => open(document, 'ä'.repeat(63)), pdfError('password'));
  });

  it('count up to 32 bytes in revision 3', () => {
    const document = fixture('RC4 128 bits, password of 40 bytes');
    assertReads(open(document, '01234567890123456789012345678901 and more'), document);
    assert.throws(() => open(document, '0123456789012345678901234567890'), pdfError('password'));
  });

  it('leave the permissions bound when the empty one opens the document', () => {
    const document = fixture('AES 256 bits, empty user password');
    assert.equal(open(document, '').openedBy, 'user');
    assert.equal(open(document, 'other').openedBy, 'user');
    assert.equal(open(document, document.owner).openedBy, 'owner');
  });

  it('leave the permissions bound when the owner password is empty too', () => {
    for (const password of ['', 'other']) {
      assert.equal(open(fixture('RC4 128 bits, empty passwords'), password).openedBy, 'user');
    }
  });
});

describe('permissions', () => {
  const document = fixture('AES 256 bits, revision 6, no printing');
  const tampered = (change: object): Security =>
    openSecurity({ ...document.dictionary, ...change }, document.fileId, 'user');

  it('come from /Perms where it is sound, since /P can be changed by anybody', () => {
    assert.equal(tampered({ p: -4 }).permissions, document.dictionary.p);
  });

  it('come from /P where /Perms is not sound, as a signed number', () => {
    for (const perms of [undefined, new Uint8Array(3), new Uint8Array(16)]) {
      assert.equal(tampered({ perms }).permissions, document.dictionary.p);
      assert.equal(tampered({ perms, p: 2 ** 32 - 4 }).permissions, -4);
    }
  });

  it('may be written as an unsigned number', () => {
    const legacy = fixture('RC4 128 bits, revision 3');
    const security = openSecurity({ ...legacy.dictionary, p: 2 ** 32 - 4 }, legacy.fileId, 'user');
    assert.equal(security.permissions, -4);
    assertReads(security, legacy);
  });
});
