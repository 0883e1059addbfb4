import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { bytesSource, encrypt, fileSource, memorySink, merge } from '../../src/index.ts';
import { buildPdf } from '../builder.ts';
import { Result } from '../carriers/result.ts';
import { runEngine, withoutEngine } from '../engines.ts';
import { inspect } from '../inspect.ts';
import {
  classic,
  decrypted,
  encrypted,
  engineMissing,
  everything,
  hasPasswordError,
  methods,
  modern,
  objects,
  sameObjects,
  withoutExtensions,
} from './encrypted-documents.ts';

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

function save(path: string, file: Buffer): string {
  writeFileSync(path, file);
  return path;
}

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
