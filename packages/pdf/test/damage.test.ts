import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytes, pagesPdf } from './builder.ts';
import { contents, mergeAndInspect, pageText } from './inspect.ts';

// Files as disks, mail and bad writers leave them. Each title says what is wrong; all pages must come out.

const plain = pagesPdf(3);

/** The plain file of three pages with something replaced, all offsets after it wrong. */
function damaged(from: string, to: string, file = plain): Buffer {
  const text = file.toString('latin1');
  const result = text.replaceAll(from.startsWith('(?') ? new RegExp(from, 'g') : from, to);
  assert.notEqual(result, text, 'something was damaged');
  return bytes(result);
}

/** The same with the length kept, so that the table is right. */
function overwritten(from: string, to: string): Buffer {
  return damaged(from, to.padEnd(from.length));
}

const cases: readonly [title: string, file: Buffer, warning?: RegExp][] = [
  ['blanks after the keyword of a stream', damaged('stream\nBT', 'stream \t\r\nBT')],
  ['a carriage return alone after the keyword of a stream', damaged('stream\nBT', 'stream\rBT')],
  ['a header whose generation is lost', overwritten('12 0 obj', '12 ? obj'), /header of an object/],
  ['a header whose generation is missing', overwritten('12 0 obj', '12 obj'), /header of an object/],
  [
    'a header whose keyword is broken',
    overwritten('12 0 obj', '12 0 ob j').subarray(0),
    /header of an object/,
  ],
  ['a header whose keyword is misspelt', overwritten('12 0 obj', '12 0 ojb'), /header of an object/],
  ['a damaged header and no table', damaged('xref', 'xrxx', overwritten('12 0 obj', '12 ? obj')), /rebuilt/],
  ['a misspelt header and no table', damaged('xref', 'xrxx', overwritten('12 0 obj', '12 0 ojb')), /rebuilt/],
  ['pages of no type', damaged('/Type /Page ', '')],
  ['pages of another type', damaged('/Type /Page ', '/Type /Pages ')],
  ['a node of no type', damaged('/Type /Pages', '')],
  ['a node that says it is a page', damaged('/Type /Pages', '/Type /Page')],
  [
    'a damaged header with the number of another object',
    damaged('xref', 'xrxx', damaged('(?=13 0 obj)', '12 ? obj\n<< /X 1 >>\nendobj\n')),
    /rebuilt/,
  ],
  [
    'a wrong generation in the table',
    damaged(`${plain.indexOf('13 0 obj')} 00000 n`, `${plain.indexOf('13 0 obj')} 00001 n`),
    /generations/,
  ],
  [
    'a number at the end of the line before a damaged header',
    damaged('(?=12 0 obj)', '% of 12\n0 obj\n<< >>\nendobj\n'),
  ],
  ['a number with a sign before a header', damaged('xref\n', '4-12 0 obj\n<< >>\nendobj\nxrxx\n')],
  ['a number with a letter before a header', damaged('xref\n', '0x12 0 obj\n<< >>\nendobj\nxrxx\n')],
  ['a header right after an endobj', damaged('endobj\n', 'endobj', damaged('xref\n', 'xrxx\n'))],
  ['a header in the middle of a table', damaged('0000000000 65535', '000 12 0 obj 0000 65535')],
  ['a keyword over the first entry of a dictionary', overwritten('/Type /Catalog', 'endstream /X/Y')],
  [
    'a dictionary whose first bracket is another byte',
    damaged('<< /Type /Page ', 'E< /Type /Page '),
    /mended/,
  ],
  [
    'a dictionary whose second bracket is another byte',
    damaged('<< /Type /Page ', '<\x00 /Type /Page '),
    /mended/,
  ],
  ['a dictionary that lost a bracket', damaged('<< /Type /Catalog', '</Type /Catalog')],
  ['a header over a value', damaged('/BaseFont ', '/BaseFont  12 0 obj ')],
  ['the word endstream in the contents', damaged('(?<=stream\n)BT', '% endstream is no keyword here\nBT')],
  [
    'annotations that are a number',
    overwritten('/Parent 2 0 R /MediaBox', '/Annots 12    /MediaBox'),
    /made no sense/,
  ],
  ['a size that is a name', damaged('/MediaBox [0 0 612 792]', '/MediaBox /A4'), /no size/],
];

describe('damaged files', () => {
  for (const [title, file, warning] of cases)
    it(`give all their pages: ${title}`, () => {
      const inspection = mergeAndInspect([file]);
      const drawn = contents(inspection).map((each) => /\((.*)\)/.exec(each)?.[1]);
      assert.deepEqual(drawn, ['Page 1', 'Page 2', 'Page 3']);
      if (warning !== undefined) assert.match(inspection.result.warnings.join('\n'), warning);
    });

  it('lose an entry of a page that viewers would refuse the page for', () => {
    const file = overwritten('/Resources 3 0 R', '/Resources (abc)');
    assert.doesNotMatch(pageText(mergeAndInspect([file]), 0), /Resources/);
  });

  it('do not take the contents of a page for a page', () => {
    const inspection = mergeAndInspect([damaged('[10 0 R 12 0 R', '[10 0 R 13 0 R 12 0 R')]);
    assert.equal(inspection.pages.length, 3);
    assert.match(contents(inspection)[1]!, /Page 2/);
  });

  it('keep a page of the wrong type that has no contents', () => {
    const file = damaged('/Type /Page /Parent', '/Type /Pages /Parent', damaged('/Contents 13 0 R', ''));
    assert.equal(mergeAndInspect([file]).pages.length, 3);
  });

  it('keep contents that are lost, as the page is there', () => {
    const inspection = mergeAndInspect([damaged('/Contents 13 0 R', '/Contents 7')]);
    assert.equal(inspection.pages.length, 3);
    assert.doesNotMatch(pageText(inspection, 1), /Contents/);
  });
});
