/** How the texts of pages and of their data are read: plain functions, without a box. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readData } from '../../../src/engines/chromium/child-data.ts';
import { isSvg, textOf } from '../../../src/engines/chromium/child-text.ts';

describe('data of templates', () => {
  const cases: readonly (readonly [text: string, data: unknown])[] = [
    ['{"a":[1,true]}', { a: [1, true] }],
    ['\uFEFF [1, 2]', [1, 2]],
    ["{ a: 'b', }", { a: 'b' }],
    ['', {}],
    ['a,b\n1,2', { a: '1', b: '2' }],
    ['a;b\r\n1,5;x', { a: '1,5', b: 'x' }],
    ['paid,sent,note\nTRUE,false,\n', { paid: true, sent: false, note: false }],
    ['a,b\n"x ""y"", z","two\nlines"\nignored,line', { a: 'x "y", z', b: 'two\nlines' }],
    ['a,b,c\n1', { a: '1', b: false, c: false }],
  ];
  for (const [text, data] of cases)
    it(`reads ${JSON.stringify(text)}`, () => assert.deepEqual(readData(text), data));

  for (const text of ['{"a":', '[1,', 'only one line', '{a:1}}', 'a,b\n"open'])
    it(`refuses ${JSON.stringify(text)}`, () =>
      assert.throws(() => readData(text), { name: 'Refused', code: 'data' }));

  it('takes a text of many megabytes in no time', () => {
    assert.throws(() => readData('{'.repeat(5_000_000)), { code: 'data' });
    assert.deepEqual(readData(`a\n${'x'.repeat(5_000_000)}`), { a: 'x'.repeat(5_000_000) });
  });
});

describe('the text of a page', () => {
  it('is read by what its bytes are, before what it says of them', () => {
    for (const [bytes, text] of [
      [Buffer.from('\uFEFFä'), 'ä'],
      [Buffer.from('\uFEFFä', 'utf16le'), 'ä'],
      [Buffer.from('<meta charset=latin1>ä'), '<meta charset=latin1>ä'],
      [Buffer.from('<meta charset=iso-8859-2>\xb1', 'latin1'), '<meta charset=iso-8859-2>ą'],
      [
        Buffer.from('<?xml version="1.0" encoding="koi8-r"?>\xc1', 'latin1'),
        '<?xml version="1.0" encoding="koi8-r"?>а',
      ],
      [Buffer.from('<meta charset=none-such>\x80', 'latin1'), '<meta charset=none-such>€'],
      [Buffer.from('\xe4', 'latin1'), 'ä'],
    ] as const)
      assert.equal(textOf(bytes), text);
  });

  it('is a picture only where nothing but remarks stands before it', () => {
    for (const svg of [
      '<svg>',
      '<?xml version="1.0"?>\n<!-- a --><!DOCTYPE svg PUBLIC "x"><svg >',
      '\uFEFF <SVG>',
    ])
      assert.ok(isSvg(svg), svg);
    for (const html of ['<p><svg>', '<!DOCTYPE html><svg>', 'svg', '<svgx>', ''])
      assert.ok(!isSvg(html), html);
    assert.ok(!isSvg('<!---->'.repeat(100_000)));
  });
});
