import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesSource, info, type SignatureInfo } from '../../src/index.ts';
import { bytes } from '../builder.ts';
import { document } from '../carriers/result.ts';

/** A signed file: the byte range is what `change` makes of the right one, the end of the gap of the first half excluded. */
function signed(
  change: (range: [number, number, number, number]) => readonly (number | string)[] = (range) => range,
  more = '',
  contents = '<00112233>',
): SignatureInfo[] {
  const room = ' '.repeat(60);
  const file = document('/AcroForm << /Fields [10 0 R] >>', '/Annots [10 0 R]', {
    10: '<< /Type /Annot /Subtype /Widget /Rect [0 0 0 0] /FT /Sig /T (s) /V 11 0 R >>',
    11:
      `<< /Type /Sig /SubFilter /adbe.pkcs7.detached /Name (Jane) /Reason (agreed) /Location (here) ` +
      `/M (D:20200807) /Contents ${contents} /ByteRange [${room}] >>`,
  }).toString('latin1');
  const from = file.indexOf(contents);
  const to = from + contents.length;
  const range = change([0, from, to, file.length - to]).join(' ');
  const text = file.replace(`[${room}]`, `[${range.padEnd(room.length)}]`) + more;
  return [...info(bytesSource(bytes(text)), { form: true }).form!.signatures];
}

describe('signatures', () => {
  it('are told, not judged', () => {
    const [found] = signed();
    assert.deepEqual(found, {
      fieldName: 's',
      format: 'adbe.pkcs7.detached',
      signer: 'Jane',
      reason: 'agreed',
      location: 'here',
      date: { raw: 'D:20200807', iso: '2020-08-07T00:00:00', offsetMinutes: undefined },
      coversWholeFile: true,
    });
  });

  it('cover the whole file only if nothing but themselves is left out', () => {
    const covers = (...args: Parameters<typeof signed>): boolean => signed(...args)[0]!.coversWholeFile;
    assert.equal(
      covers((range) => range, '\n'),
      false,
    );
    assert.equal(
      covers(([a, b, c, d]) => [a, b, c, d - 1]),
      false,
    );
    assert.equal(
      covers(([a, b, c, d]) => [a + 1, b, c, d]),
      false,
    );
    assert.equal(
      covers(([a, b, c, d]) => [a, b - 1, c, d]),
      false,
    );
    assert.equal(
      covers(([a, b, c, d]) => [a, b, c + 2, d - 2]),
      false,
    );
    assert.equal(
      covers(([a, , c, d]) => [a, 0, c, d]),
      false,
    );
    assert.equal(
      covers(([a, , c, d]) => [a, c, c, d]),
      false,
    );
    assert.equal(
      covers(([a, b, c]) => [a, b, c]),
      false,
    );
    assert.equal(
      covers(() => ['(x)', 'null', '-1', '1e']),
      false,
    );
    assert.equal(covers(undefined, undefined, '<00 (not a digit) 11>'), false);
  });

  it('are none where a field is not signed yet', () => {
    const file = document('/AcroForm << /Fields [10 0 R] >>', '', { 10: '<< /FT /Sig /T (s) >>' });
    const { form } = info(bytesSource(file), { form: true });
    assert.equal(form!.fields[0]!.type, 'signature');
    assert.deepEqual(form!.signatures, []);
  });
});
