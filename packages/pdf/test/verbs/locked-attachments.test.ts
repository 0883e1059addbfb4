import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { attachments, bytesSource, decrypt, info, memorySink, PdfError } from '../../src/index.ts';
import { buildPdf } from '../builder.ts';
import { Result } from '../carriers/result.ts';
import { contents, mergeAndInspect } from '../inspect.ts';

const key = (bytes: number): string => `<${'5a'.repeat(bytes)}>`;
const SCRAMBLED = 'scrambled'.repeat(8);

/** A document of which only the attachment is encrypted (ISO 32000-2, 7.6.6), with a password that nobody knows. */
function locked(filter: string): Buffer {
  return buildPdf(
    {
      1: '<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [(a.txt) 5 0 R] >> >> /Lang (de) >>',
      2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
      3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Contents 4 0 R >>',
      4: { dictionary: '', data: 'BT (plain) Tj ET' },
      5: '<< /Type /Filespec /F (a.txt) /EF << /F 6 0 R >> >>',
      6: { dictionary: filter, data: SCRAMBLED },
      9: `<< /Filter /Standard /V 5 /R 6 /Length 256 /P -4 /O ${key(48)} /U ${key(48)} /OE ${key(32)} /UE ${key(32)}
        /Perms ${key(16)} /CF << /StdCF << /CFM /AESV3 /AuthEvent /EFOpen /Length 32 >> >>
        /StmF /Identity /StrF /Identity /EFF /StdCF >>`,
    },
    { trailer: '/Encrypt 9 0 R /ID [<00> <00>]' },
  );
}

const needsPassword = (error: unknown): boolean => error instanceof PdfError && error.code === 'password';

describe('a document of which only attachments are encrypted', () => {
  for (const [note, filter] of [
    ['by the filter for embedded files', '/Type /EmbeddedFile'],
    [
      'by a filter of their own',
      '/Filter /Crypt /DecodeParms << /Type /CryptFilterDecodeParms /Name /StdCF >>',
    ],
  ] as const)
    it(`is merged without its password, and without them: ${note}`, () => {
      const merged = mergeAndInspect([locked(filter)]);
      assert.equal(contents(merged)[0], 'BT (plain) Tj ET');
      const result = new Result(merged.bytes, merged.result.warnings);
      assert.equal(result.plain(result.at('Lang')), '(de)');
      assert.deepEqual(result.warnings, ['An attachment needs a password; it was left out.']);
      assert.ok(!result.text.includes(SCRAMBLED));
    });

  it('tells what it is', () => {
    const { encryption, pageCount } = info(bytesSource(locked('/Type /EmbeddedFile')));
    assert.equal(pageCount, 1);
    assert.equal(encryption?.openedBy, 'nobody');
    assert.equal(encryption?.passwordNeeded, true);
  });

  it('does not give its attachments, and is not written anew without them', () => {
    const source = bytesSource(locked('/Type /EmbeddedFile'));
    const sink = memorySink();
    const found = attachments(source, { sink: () => sink });
    assert.deepEqual(
      found.attachments.map(({ name }) => name),
      ['a.txt'],
    );
    assert.match(found.warnings.join(), /could not be read/);
    assert.equal(sink.bytes().length, 0);
    assert.throws(() => decrypt(source, memorySink()), needsPassword);
  });
});
