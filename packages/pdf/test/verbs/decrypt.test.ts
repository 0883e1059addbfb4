import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { bytesSource, decrypt, memorySink, PdfError } from '../../src/index.ts';
import { buildPdf } from '../builder.ts';
import { Result } from '../carriers/result.ts';
import { contents, inspect } from '../inspect.ts';

const encrypted = (name: string): Buffer => readFileSync(new URL(`../fixtures/${name}`, import.meta.url));

function decrypted(file: Buffer, password = ''): Result & { readonly bytes: Buffer } {
  const sink = memorySink();
  const { warnings } = decrypt(bytesSource(file), sink, { password });
  const bytes = Buffer.from(sink.bytes());
  inspect(bytes);
  return Object.assign(new Result(bytes, warnings), { bytes });
}

// What a merge gives up or builds anew; object 20 is reached by nothing.
const whole = buildPdf(
  {
    1: `<< /Type /Catalog /Pages 2 0 R /Version /1.7 /StructTreeRoot 10 0 R /MarkInfo << /Marked true >> /Lang (de)
      /AcroForm << /Fields [12 0 R] /XFA 13 0 R /SigFlags 3 >> /PieceInfo << /A << /B 1 >> >> /Collection << /View /T >>
      /PageLabels << /Nums [0 << /S /r >>] >> /OpenAction [4 0 R /Fit] >>`,
    2: '<< /Type /Pages /Kids [3 0 R] /Count 2 /MediaBox [0 0 200 100] >>',
    3: '<< /Type /Pages /Parent 2 0 R /Kids [4 0 R 5 0 R] /Count 2 /Rotate 90 >>',
    4: '<< /Type /Page /Parent 3 0 R /StructParents 0 /Annots [12 0 R] /Contents 6 0 R >>',
    5: '<< /Type /Page /Parent 3 0 R /Contents 6 0 R >>',
    6: { dictionary: '', data: '/P <</MCID 0>> BDC (one) Tj EMC' },
    10: '<< /Type /StructTreeRoot /K 11 0 R /ParentTree << /Nums [0 [11 0 R]] >> >>',
    11: '<< /Type /StructElem /S /P /P 10 0 R /Pg 4 0 R /K 0 >>',
    12: `<< /Type /Annot /Subtype /Widget /FT /Sig /T (s) /Rect [0 0 9 9] /P 4 0 R
      /V << /Type /Sig /Filter /F /ByteRange [0 1 2 3] /Contents <00ff> >> >>`,
    13: { dictionary: '', data: '<xdp/>' },
    15: '<< /Title (Whole) /Producer (Other) /CreationDate (D:20200102) >>',
    20: '(reached by nothing)',
  },
  { version: '1.4', trailer: '/Info 15 0 R /ID [<0a0b> <0c0d>]' },
);

describe('decrypt', () => {
  for (const [name, password] of [
    ['encrypted-r2.pdf', 'user'],
    ['encrypted-r3.pdf', 'owner'],
    ['encrypted-r4-metadata.pdf', ''],
    ['encrypted-r6.pdf', 'user'],
    ['encrypted-r6-streams.pdf', 'owner'],
  ] as const)
    it(`writes strings, streams, metadata and information in the clear: ${name}`, () => {
      const result = decrypted(encrypted(name), password);
      assert.match(contents(inspect(result.bytes))[0]!, /^BT \(secret content\) Tj ET\n?$/);
      assert.equal(result.plain(result.in(result.page(0), 'Annots', 0, 'Contents')), '(a secret note)');
      assert.equal(result.plain(result.in(result.opened.file.trailer, 'Info', 'Title')), '(a secret title)');
      assert.match(result.text, /<x:xmpmeta\/>/);
      assert.doesNotMatch(result.text, /Encrypt/);
      assert.deepEqual(result.warnings, []);
    });

  it('keeps all that a document has, as it has it', () => {
    const result = decrypted(whole);
    assert.equal(result.opened.version, '1.7');
    assert.deepEqual(result.plain(result.at('AcroForm'), 0), { Fields: ['R'], XFA: 'R', SigFlags: 3 });
    assert.deepEqual(result.plain(result.at('AcroForm', 'Fields', 0, 'V', 'Contents')), '(\0\xff)');
    assert.deepEqual(result.plain(result.at('PieceInfo', 'A')), { B: 1 });
    assert.deepEqual(result.plain(result.at('PageLabels', 'Nums', 1)), { S: '/r' });
    assert.equal(result.plain(result.at('Collection', 'View')), '/T');
    assert.equal(result.plain(result.at('StructTreeRoot', 'K', 'S')), '/P');
    assert.deepEqual(result.at('StructTreeRoot', 'K', 'Pg'), result.page(0));
    assert.equal(result.plain(result.in(result.page(0), 'StructParents')), 0);
    assert.deepEqual(result.at('OpenAction', 0), result.page(0));
    assert.deepEqual(result.plain(result.in(result.opened.file.trailer, 'Info')), {
      Title: '(Whole)',
      Producer: '(Other)',
      CreationDate: '(D:20200102)',
    });
  });

  it('pushes down what pages inherit, and leaves out what nothing reaches', () => {
    const result = decrypted(whole);
    for (const index of [0, 1]) {
      assert.deepEqual(result.plain(result.in(result.page(index), 'MediaBox')), [0, 0, 200, 100]);
      assert.equal(result.plain(result.in(result.page(index), 'Rotate')), 90);
    }
    assert.doesNotMatch(result.text, /reached by nothing/);
  });

  it('keeps the first half of the identifier and changes the second', () => {
    const result = decrypted(whole);
    assert.match(result.text, /\/ID\[<0a0b><[0-9a-f]{32}>\]/);
  });

  it('keeps document information that stands in the trailer', () => {
    const file = buildPdf(
      {
        1: '<< /Type /Catalog /Pages 2 0 R >>',
        2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
        3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 1 1] >>',
      },
      { trailer: '/Info << /Title (direct) >>' },
    );
    const result = decrypted(file);
    assert.equal(result.plain(result.in(result.opened.file.trailer, 'Info', 'Title')), '(direct)');
  });

  it('says where there was nothing to decrypt, and where a signature is lost', () => {
    assert.deepEqual(decrypted(whole).warnings, [
      'The document was not encrypted.',
      'The document was signed; its signatures do not hold in the result.',
    ]);
  });

  it('refuses a wrong password, and leaves nothing behind', () => {
    const sink = memorySink();
    assert.throws(
      () => decrypt(bytesSource(encrypted('encrypted-r6.pdf')), sink, { password: 'wrong' }),
      (error) => error instanceof PdfError && error.code === 'password',
    );
    assert.equal(sink.bytes().length, 0);
  });
});
