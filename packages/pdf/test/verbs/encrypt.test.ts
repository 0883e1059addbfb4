import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deflateSync } from 'node:zlib';
import {
  bytesSource,
  encrypt,
  memorySink,
  merge,
  PdfError,
  type EncryptionMethod,
  type EncryptOptions,
} from '../../src/index.ts';
import { buildPdf, pagesPdf } from '../builder.ts';
import { Result } from '../carriers/result.ts';
import { runEngine, withoutEngine } from '../engines.ts';
import {
  classic,
  decrypted,
  encrypted,
  engineMissing,
  hasPasswordError,
  methods,
  modern,
  objects,
  sameObjects,
  signed,
} from './encrypted-documents.ts';

describe('encrypt', () => {
  it('uses AES with 256 bits and allows everything where nothing is said', () => {
    const { bytes: result, version, warnings } = encrypted(pagesPdf(1), {});
    assert.match(result.toString('latin1'), /\/V 5\/R 6\/Length 256\/P -4\//);
    assert.equal(version, '1.7');
    assert.deepEqual(warnings, []);
  });

  it('asks for the version that brought the method, and keeps a later one', () => {
    for (const [method, version] of [
      ['rc4-40', '1.3'],
      ['rc4-128', '1.4'],
      ['aes-128', '1.6'],
      ['aes-256', '1.7'],
    ] as const) {
      const old = encrypted(pagesPdf(1, { version: '1.3' }), { method });
      assert.equal(old.version, version);
      assert.equal(old.bytes.toString('latin1', 0, 8), `%PDF-${version}`);
      assert.equal(encrypted(pagesPdf(1, { version: '2.0' }), { method }).version, '2.0');
    }
  });

  it('names the extension of 1.7 that has AES with 256 bits, beside others, and no older one', () => {
    const extensionsOf = (file: Buffer, method: EncryptionMethod): unknown => {
      const result = new Result(decrypted(encrypted(file, { method }).bytes, ''), []);
      return result.plain(result.at('Extensions'));
    };
    const own = { BaseVersion: '/1.7', ExtensionLevel: 8 };
    assert.deepEqual(extensionsOf(classic, 'aes-256'), {
      ABCD: { BaseVersion: '/1.7', ExtensionLevel: 2 },
      ADBE: own,
    });
    const withAdobe = (level: number, version: string): Buffer =>
      buildPdf(
        {
          ...objects,
          1: `<< /Type /Catalog /Pages 2 0 R /Extensions << /ADBE << /BaseVersion /1.7
          /ExtensionLevel ${level} >> >> >>`,
        },
        { version },
      );
    assert.deepEqual(extensionsOf(withAdobe(3, '1.7'), 'aes-256'), { ADBE: own });
    assert.deepEqual(extensionsOf(withAdobe(11, '1.7'), 'aes-256'), { ADBE: { ...own, ExtensionLevel: 11 } });
    assert.deepEqual(extensionsOf(withAdobe(3, '2.0'), 'aes-256'), { ADBE: { ...own, ExtensionLevel: 3 } });
    assert.equal(extensionsOf(pagesPdf(1), 'aes-128'), null);
    assert.deepEqual(extensionsOf(pagesPdf(1), 'aes-256'), { ADBE: own });
  });

  it('keeps object streams with AES, and writes none for readers that are older', () => {
    for (const method of methods) {
      const text = encrypted(modern, { method }).bytes.toString('latin1');
      assert.equal(text.includes('/ObjStm'), method.startsWith('aes'), method);
      assert.equal(text.includes('\nxref\n'), method.startsWith('rc4'), method);
    }
  });

  it('leaves metadata in the clear where it is asked to, strings not', () => {
    for (const method of ['aes-256', 'aes-128'] as const)
      for (const file of [classic, modern]) {
        const options = { method, userPassword: 'user', encryptMetadata: false };
        const { bytes: result } = encrypted(file, options);
        const text = result.toString('latin1');
        assert.ok(text.includes('<x:xmpmeta>public?</x:xmpmeta>'));
        assert.ok(!text.includes('of metadata'));
        assert.ok(text.includes('/EncryptMetadata false'));
        // Our reader and qpdf heed that entry; mutool and poppler heed the filter.
        assert.ok(/\/Filter ?\[\/Crypt\]/.test(text));
        if (!engineMissing()) {
          const args = ['show', '-p', 'user', '-b', 'FILE', 'trailer/Root/Metadata'];
          assert.match(runEngine('mutool', result, args).output, /^<x:xmpmeta>public/);
          const { complaints } = runEngine('qpdf', result, ['--check', '--password=user', 'FILE']);
          assert.equal(complaints, '');
        }
        sameObjects(decrypted(result, 'user'), file);
      }
  });

  it('keeps the filters of metadata in the clear', () => {
    const packed = deflateSync('<x:xmpmeta>packed</x:xmpmeta>');
    for (const [filter, parameters] of [
      ['/Filter /FlateDecode', null],
      ['/Filter [/FlateDecode] /DecodeParms [<< /Predictor 1 >>]', { Predictor: 1 }],
      ['/Filter [/Crypt 11 0 R] /DecodeParms << /Name /Other >>', null],
    ] as const) {
      const dictionary = `/Type /Metadata ${filter}`;
      const file = buildPdf({ ...objects, 7: { dictionary, data: packed }, 11: '/FlateDecode' });
      const { bytes: result } = encrypted(file, { encryptMetadata: false });
      const seen = new Result(result, []);
      const identity = { Type: '/CryptFilterDecodeParms', Name: '/Identity' };
      assert.deepEqual(seen.plain(seen.at('Metadata', 'Filter')), ['/Crypt', '/FlateDecode']);
      assert.deepEqual(seen.plain(seen.at('Metadata', 'DecodeParms')), [identity, parameters]);
      const plain = decrypted(result, '');
      const back = new Result(plain, []);
      assert.deepEqual(back.plain(back.at('Metadata', 'Filter')), ['/FlateDecode']);
      assert.ok(plain.includes(packed));
    }
  });

  it('encrypts an encrypted document anew, for the new passwords only', () => {
    for (const from of methods)
      for (const method of methods) {
        const { bytes: first } = encrypted(classic, {
          method: from,
          userPassword: 'old',
          ownerPassword: 'older',
        });
        const { bytes: second } = encrypted(first, { method, password: 'old', userPassword: 'new' });
        sameObjects(decrypted(second, 'new'), classic);
        for (const password of ['old', 'older', ''])
          assert.throws(() => decrypted(second, password), hasPasswordError);
      }
  });

  it('does not leave a stream in the clear because of a crypt filter that it had', () => {
    const filters = [
      '/Filter /Crypt',
      '/Filter [/Crypt] /DecodeParms [<< /Name /Identity >>]',
      '/Filter 5 0 R /DecodeParms << /Name /Other >>',
    ];
    for (const filter of filters) {
      const file = buildPdf({
        1: '<< /Type /Catalog /Pages 2 0 R >>',
        2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
        3: '<< /Type /Page /MediaBox [0 0 9 9] /Parent 2 0 R /Contents 4 0 R >>',
        4: { dictionary: filter, data: '(clear) Tj' },
        5: '[/Crypt]',
      });
      const { bytes: result } = encrypted(file, { userPassword: 'user' });
      assert.ok(!result.includes('(clear) Tj'));
      const plain = decrypted(result, 'user').toString('latin1');
      assert.ok(plain.includes('(clear) Tj'));
      assert.ok(!plain.includes('Crypt'));
    }
  });

  it('draws an owner password where none is given: the user password does not lift the permissions', () => {
    for (const method of methods) {
      const { bytes: result } = encrypted(pagesPdf(1), { method, userPassword: 'user' });
      const opened = merge([{ source: bytesSource(result), password: 'user' }], memorySink());
      assert.equal(opened.pageCount, 1);
      if (withoutEngine('qpdf')) continue;
      const { output } = runEngine('qpdf', result, ['--show-encryption', '--password=user', 'FILE']);
      assert.match(output, /Supplied password is user password/);
      assert.doesNotMatch(output, /Supplied password is owner password/);
    }
  });

  it('says what a method cannot do, and that signatures are lost', () => {
    const warnings = (options: EncryptOptions, file = pagesPdf(1)): readonly string[] =>
      encrypted(file, options).warnings;
    assert.deepEqual(warnings({}, classic), [signed]);
    assert.match(warnings({ method: 'aes-128', userPassword: 'x'.repeat(33) })[0]!, /first 32 characters/);
    assert.match(warnings({ userPassword: '\u2168' })[0]!, /SASLprep/);
    assert.match(warnings({ method: 'rc4-128', encryptMetadata: false })[0]!, /metadata/);
    assert.match(warnings({ method: 'rc4-40', permissions: { assemble: false } })[0]!, /: assemble\.$/);
    assert.match(warnings({ userPassword: 'same', ownerPassword: 'same' })[0]!, /bind nobody/);
  });

  it('refuses passwords that cannot be written, and leaves nothing behind', () => {
    for (const options of [
      { userPassword: 'ä'.repeat(64) },
      { ownerPassword: 'x'.repeat(128) },
      { userPassword: 'a\u0000b' },
      { userPassword: '\u00ad' },
      { method: 'aes-128', userPassword: 'пароль' },
    ] as const) {
      const sink = memorySink();
      assert.throws(
        () => encrypt(bytesSource(classic), sink, options),
        (error) => error instanceof PdfError && error.code === 'new-password',
      );
      assert.equal(sink.bytes().length, 0);
    }
  });

  it('refuses a document that the password does not open', () => {
    const { bytes: locked } = encrypted(classic, { userPassword: 'user' });
    assert.throws(() => encrypted(locked, { password: 'wrong' }), hasPasswordError);
  });
});
