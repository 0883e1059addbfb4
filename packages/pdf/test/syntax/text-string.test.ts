import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pdfDocByte } from '../../src/syntax/pdf-doc-encoding.ts';
import { textOfString, textString } from '../../src/syntax/text-string.ts';

const text = (hex: string): string => textOfString(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

describe('text strings', () => {
  const cases: readonly [title: string, hex: string, expected: string][] = [
    ['nothing', '', ''],
    ['ASCII', '48 69', 'Hi'],
    ['PDFDocEncoding', 'e9 80 9e a0 18', '\u00e9\u2022\u017e\u20ac\u02d8'],
    ['line ends and tabs', '09 0a 0d', '\t\n\r'],
    ['a byte that PDFDocEncoding does not have', '9f ad', '\u009f\u00ad'],
    ['UTF-16', 'feff 0041 20ac d83d de00', 'A\u20ac\u{1f600}'],
    ['UTF-16 the other way round', 'fffe 4100 ac20', 'A\u20ac'],
    ['UTF-16 with half a character at its end', 'feff 0041 00', 'A\ufffd'],
    ['half a pair', 'feff d83d 0041', '\ufffdA'],
    ['a mark alone', 'feff', ''],
    ['UTF-8', 'efbbbf e282ac', '\u20ac'],
    ['UTF-8 that is none', 'efbbbf ff 41', '\ufffdA'],
    ['a language', 'feff 001b 0065 006e 001b 0048', 'H'],
    ['a language with its country', 'feff 001b 0065 006e 002d 0055 0053 001b 0048', 'H'],
    ['an escape that is no language', 'feff 001b 0048', '\u001bH'],
  ];
  for (const [title, hex, expected] of cases)
    it(`are read: ${title}`, () => assert.equal(text(hex), expected));

  it('are read as they were written', () => {
    for (const each of ['', 'plain (text)\n', '\u00e9', '\u20ac \u{1f600} \ufeff'])
      assert.equal(textOfString(textString(each)), each);
  });

  it('know each character of PDFDocEncoding by its byte', () => {
    for (let byte = 0; byte < 256; byte++) {
      const character = textOfString(Uint8Array.of(byte)).charCodeAt(0);
      const isUndefined = byte === 0x7f || byte === 0x9f || byte === 0xad;
      assert.equal(pdfDocByte(character), isUndefined ? undefined : byte);
    }
  });
});
