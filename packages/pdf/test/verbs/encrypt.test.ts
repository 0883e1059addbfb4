import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { deflateSync } from 'node:zlib';
import {
  bytesSource,
  decrypt,
  encrypt,
  fileSource,
  memorySink,
  merge,
  PdfError,
  type EncryptionMethod,
  type EncryptOptions,
  type Permissions,
} from '../../src/index.ts';
import { buildPdf, pagesPdf, type Objects } from '../builder.ts';
import { Result } from '../carriers/result.ts';
import { runEngine, withoutEngine } from '../engines.ts';
import { inspect } from '../inspect.ts';

const methods: readonly EncryptionMethod[] = ['aes-256', 'aes-128', 'rc4-128', 'rc4-40'];
// Strings and streams of all kinds. Object 9 is a signature, whose value must come through as it is.
const objects: Objects = {
  1: `<< /Type /Catalog /Pages 2 0 R /Lang (de) /Metadata 7 0 R /Extensions << /ABCD << /BaseVersion /1.7
    /ExtensionLevel 2 >> >> /AcroForm << /Fields [8 0 R] /SigFlags 1 >> /PieceInfo << /A << /B [(in) [(deep)]] >> >> >>`,
  2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
  3: `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Contents [4 0 R 5 0 R] /Annots [8 0 R] /X 6 0 R
    /Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>
    /Strings [() (a) (a secret \\(string\\)) <00ff0d0a5c28> (\\
joined) (exactly 16 bytes)] >>`,
  4: { dictionary: '/Note (of a stream)', data: 'BT /F 9 Tf 9 9 Td (secret content) Tj ET' },
  5: { dictionary: '', data: '' },
  6: { dictionary: '/Filter /ASCIIHexDecode', data: '00ff>' },
  7: {
    dictionary: '/Type /Metadata /Subtype /XML /Note (of metadata)',
    data: '<x:xmpmeta>public?</x:xmpmeta>',
  },
  8: `<< /Type /Annot /Subtype /Widget /FT /Sig /T (signature) /Rect [0 0 9 9] /P 3 0 R /V 9 0 R
    /Contents (a note) >>`,
  9: `<< /Type /Sig /Filter /F /ByteRange [0 1 2 3] /Contents <${'5a'.repeat(48)}> /Reason (a reason) >>`,
  10: '<< /Title (Secret title) /Author <feff00e40062> >>',
};
const trailer = '/Info 10 0 R /ID [<0a0b> <0c0d>]';
const classic = buildPdf(objects, { version: '1.3', trailer });
const modern = buildPdf(objects, { version: '1.5', trailer, objectStreamSize: 3 });
const signed = 'The document was signed; its signatures do not hold in the result.';

interface Encrypted {
  readonly bytes: Buffer;
  readonly version: string;
  readonly warnings: readonly string[];
}

function encrypted(file: Uint8Array, options: EncryptOptions): Encrypted {
  const sink = memorySink();
  const { version, warnings } = encrypt(bytesSource(file), sink, options);
  return { bytes: Buffer.from(sink.bytes()), version, warnings };
}

function save(path: string, file: Buffer): string {
  writeFileSync(path, file);
  return path;
}

function decrypted(file: Uint8Array, password: string): Buffer {
  const sink = memorySink();
  decrypt(bytesSource(file), sink, { password });
  const result = Buffer.from(sink.bytes());
  inspect(result);
  return result;
}

const hasPasswordError = (error: unknown): boolean => error instanceof PdfError && error.code === 'password';

/** Every object of a file that is not encrypted, in plain terms, with the data of streams. */
function everything(file: Buffer): unknown[] {
  const result = new Result(file, []);
  return [...inspect(file).objects]
    .sort(([a], [b]) => a - b)
    .map(([number, { data }]) => {
      const plain = result.plain(result.opened.file.object(number), 0);
      return data === undefined
        ? plain
        : [{ ...(plain as object), Length: data.length }, data.toString('latin1')];
    });
}

/** The same of a file as it is written by a verb that changes nothing, so that the numbers are the same. */
const expected = (file: Buffer): unknown[] => everything(decrypted(decrypted(file, ''), ''));

/** Objects without what encrypting adds to the catalog. */
function withoutExtensions(list: unknown[]): unknown[] {
  return list.map((object) => {
    if (typeof object !== 'object' || object === null || !('Extensions' in object)) return object;
    return Object.fromEntries(Object.entries(object).filter(([key]) => key !== 'Extensions'));
  });
}

function sameObjects(actual: Buffer, original: Buffer): void {
  assert.deepEqual(withoutExtensions(everything(actual)), withoutExtensions(expected(original)));
}

for (const method of methods)
  describe(`encrypt by ${method}`, () => {
    const isModern = method === 'aes-256';
    const unicode = isModern ? 'пароль 日本 🔑' : 'Größe €';
    const longest = isModern ? `${'ä'.repeat(63)}x` : 'x'.repeat(32);
    const passwords: readonly (readonly [user: string, owner: string])[] = [
      ['user', 'owner'],
      ['user', ''],
      ['', 'owner'],
      ['', ''],
      [unicode, `${unicode}!`],
      [longest, 'owner'],
    ];
    for (const [userPassword, ownerPassword] of passwords)
      it(`gives all back to '${userPassword.slice(0, 20)}' and '${ownerPassword}'`, () => {
        for (const file of [classic, modern]) {
          const { bytes: result } = encrypted(file, { method, userPassword, ownerPassword });
          sameObjects(decrypted(result, userPassword), file);
          if (ownerPassword !== '') sameObjects(decrypted(result, ownerPassword), file);
          if (userPassword !== '') assert.throws(() => decrypted(result, 'wrong'), hasPasswordError);
        }
      });

    it('encrypts large streams in pieces, from file to file', (context) => {
      const data = Buffer.from(
        Array.from({ length: 1_300_001 }, (_, index) => (index * 7 + (index >> 9)) & 255),
      );
      const file = buildPdf({ ...objects, 6: { dictionary: '/Large true', data } });
      const directory = mkdtempSync(join(tmpdir(), 'octavo-encrypt-'));
      context.after(() => rmSync(directory, { recursive: true }));
      const source = fileSource(save(join(directory, 'file.pdf'), file));
      const sink = memorySink();
      encrypt(source, sink, { method, userPassword: 'user' });
      source.close();
      const first = Buffer.from(sink.bytes());
      assert.ok(!first.includes(data.subarray(500_000, 500_064)));
      // Of an encrypted stream the length is known at the end, and it is the encrypted one that is written.
      const again = encrypted(first, { method, password: 'user' }).bytes;
      for (const [result, password] of [
        [first, 'user'],
        [again, ''],
      ] as const) {
        const streams = [...inspect(decrypted(result, password)).objects.values()];
        assert.ok(streams.some((stream) => stream.data?.equals(data)));
        if (withoutEngine('qpdf')) continue;
        const checked = runEngine('qpdf', result, ['--check', `--password=${password}`, 'FILE']);
        assert.deepEqual([checked.status, checked.complaints], [0, '']);
      }
    });

    it('leaves nothing to be read in the file', () => {
      for (const file of [classic, modern]) {
        const text = encrypted(file, { method, userPassword: 'user' }).bytes.toString('latin1');
        for (const secret of ['secret', 'Secret', 'note', 'reason', 'deep', 'public?', 'of a stream', '(de)'])
          assert.ok(!text.includes(secret), secret);
      }
    });

    it('withholds what is asked, as qpdf sees it', { skip: withoutEngine('qpdf') }, () => {
      const file = pagesPdf(1);
      for (const name of [undefined, ...Object.keys(shown)] as (keyof Permissions | undefined)[]) {
        const permissions: Partial<Permissions> = name === undefined ? {} : { [name]: false };
        const { bytes: result } = encrypted(file, { method, permissions });
        assert.deepEqual(qpdfPermissions(result), expectedPermissions(permissions, method), name);
      }
    });

    it('is opened by qpdf, mutool and poppler', { skip: engineMissing() }, () => {
      for (const file of [classic, modern]) {
        const { bytes: result } = encrypted(file, { method, userPassword: 'user', ownerPassword: 'owner' });
        for (const password of ['user', 'owner']) {
          const checked = runEngine('qpdf', result, ['--check', `--password=${password}`, 'FILE']);
          assert.deepEqual([checked.status, checked.complaints], [0, '']);
        }
        const read = runEngine('pdftotext', result, ['-upw', 'user', 'FILE', '-']);
        assert.equal(read.complaints, '');
        assert.match(read.output, /^secret content/);
        const drawn = runEngine('mutool', result, ['draw', '-p', 'owner', '-F', 'txt', 'FILE']);
        assert.match(drawn.output, /secret content/);
        assert.doesNotMatch(drawn.complaints, /error|warning: (?!ICC)/);
        const wrong = runEngine('qpdf', result, ['--check', '--password=wrong', 'FILE']);
        assert.match(wrong.complaints, /invalid password/);
      }
    });
  });

function engineMissing(): string | false {
  return withoutEngine('qpdf') || withoutEngine('mutool') || withoutEngine('pdftotext');
}

/** What qpdf calls each permission. */
const shown: Readonly<Record<keyof Permissions, string>> = {
  print: 'print low resolution',
  printHighQuality: 'print high resolution',
  modify: 'modify other',
  extract: 'extract for any purpose',
  annotate: 'modify annotations',
  fillForms: 'modify forms',
  accessibility: 'extract for accessibility',
  assemble: 'modify document assembly',
};

/** The lines of `qpdf --show-encryption` that speak of permissions. */
function qpdfPermissions(file: Buffer): Record<string, boolean> {
  const { output } = runEngine('qpdf', file, ['--show-encryption', 'FILE']);
  const lines = [...output.matchAll(/^(.*): (not allowed|allowed)$/gm)];
  return Object.fromEntries(
    lines
      .filter(([, name]) => name !== 'modify anything')
      .map(([, name, value]) => [name, value === 'allowed']),
  );
}

/** What it must say; revision 2 knows four permissions, and the others go with them. */
function expectedPermissions(given: Partial<Permissions>, method: EncryptionMethod): Record<string, boolean> {
  const names = Object.keys(shown) as (keyof Permissions)[];
  const all = Object.fromEntries(names.map((name) => [name, given[name] ?? true])) as Record<
    keyof Permissions,
    boolean
  >;
  const { print, modify, extract, annotate } = all;
  if (method === 'rc4-40')
    Object.assign(all, {
      printHighQuality: print,
      assemble: modify,
      accessibility: extract,
      fillForms: annotate,
    });
  else all.printHighQuality &&= print;
  return Object.fromEntries(names.map((name) => [shown[name], all[name]]));
}

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

// A form, tags, an outline, an attachment, a layer.
const rich = buildPdf(
  {
    1: `<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [8 0 R] /DA (/Helv 0 Tf) >> /StructTreeRoot 10 0 R
      /MarkInfo << /Marked true >> /Outlines 12 0 R /Names << /EmbeddedFiles << /Names [(data.bin) 14 0 R] >>
      /Dests << /Names [(here) [3 0 R /Fit]] >> >> /OCProperties << /OCGs [16 0 R] /D << /ON [16 0 R] >> >> >>`,
    2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    3: `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Contents 4 0 R /StructParents 0 /Annots [8 0 R 9 0 R]
      /Resources << /Properties << /L 16 0 R >> >> >>`,
    4: { dictionary: '', data: '/P << /MCID 0 >> BDC (tagged) Tj EMC' },
    8: `<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (a value) /DA (/Helv 9 Tf) /Rect [0 0 9 9] /P 3 0 R >>`,
    9: '<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /GoTo /D (here) >> >>',
    10: '<< /Type /StructTreeRoot /K 11 0 R /ParentTree << /Nums [0 [11 0 R]] >> >>',
    11: '<< /Type /StructElem /S /P /P 10 0 R /Pg 3 0 R /K 0 /Alt (spoken) >>',
    12: '<< /Type /Outlines /First 13 0 R /Last 13 0 R /Count 1 >>',
    13: '<< /Title (A chapter) /Parent 12 0 R /Dest (here) >>',
    14: '<< /Type /Filespec /F (data.bin) /UF (data.bin) /EF << /F 15 0 R >> >>',
    15: { dictionary: '/Type /EmbeddedFile /Params << /Size 8 >>', data: 'attached' },
    16: '<< /Type /OCG /Name (Layer) >>',
  },
  { version: '1.7' },
);

describe('merge of documents that were encrypted', () => {
  const mergedOf = (files: readonly Buffer[]): Buffer => {
    const sink = memorySink();
    merge(
      files.map((file) => ({ source: bytesSource(file), password: 'user' })),
      sink,
    );
    return Buffer.from(sink.bytes());
  };

  for (const method of methods)
    it(`keeps forms, tags, outlines, attachments and layers as if they had not been: ${method}`, () => {
      const plain = decrypted(rich, '');
      const locked = encrypted(rich, { method, userPassword: 'user' }).bytes;
      const result = mergedOf([locked, locked]);
      assert.deepEqual(withoutExtensions(everything(result)), everything(mergedOf([plain, plain])));
      const seen = new Result(result, []);
      const [first, second] = [0, 1].map((index) => seen.plain(seen.at('AcroForm', 'Fields', index, 'T')));
      assert.deepEqual([first, second], ['(name)', '(name~2)']);
      assert.equal(seen.plain(seen.at('AcroForm', 'Fields', 1, 'V')), '(a value)');
      assert.equal(seen.text.split('(spoken)').length, 3);
      assert.equal(seen.plain(seen.at('Outlines', 'Last', 'Title')), '(A chapter)');
      assert.equal(seen.text.split('attached').length, 3);
    });
});
