import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { metaOf } from '../../../src/engines/pdfium/writers/meta.ts';

const sizes = { body: 10, larger: [24, 18, 14] };

describe('what kind of text it is', () => {
  for (const [type, texts] of Object.entries({
    integer: ['7', '-12', '1,234', '1 234 567', '20240517'],
    decimal: ['1.50', '1,234.50', '1.234,50', '-0.5', '(12.00)', "1'000.25"],
    currency: ['$1,234.50', '€ 5', '12.00 EUR', 'USD 100', '-$3.20', '($3.20)'],
    datetime: [
      '2024-05-17',
      '17.05.2024',
      '5/17/24',
      '5/17/2024 3:04 PM',
      '2024-05-17T15:04:05',
      'May 17, 2024',
      '17 May 2024',
      '1st February 2016',
    ],
    text: ['Bolt', '12 bolts', '555-1234', '1.2.3.4', '', 'May', '$', '9'.repeat(200)],
  }))
    for (const text of texts)
      it(`${type}: ${text.slice(0, 30)}`, () => {
        assert.equal(metaOf(text, 10, sizes).type, type);
      });

  for (const [text, subType] of [
    ['Acme Tools Ltd', 'companyName'],
    ['Smith & Sons, Inc.', 'companyName'],
    ['Müller GmbH', 'companyName'],
    ['Dr. Ada Lovelace', 'personName'],
    ['Mrs Jones', 'personName'],
    ['The limited edition', undefined],
    ['Ada', undefined],
  ] as const)
    it(`${text} is ${subType ?? 'no name'}`, () => assert.equal(metaOf(text, 10, sizes).subType, subType));

  for (const [size, style] of [
    [24, 'h1'],
    [18.1, 'h2'],
    [14, 'h3'],
    [10, undefined],
    [9, undefined],
    [8, 'small'],
  ] as const)
    it(`${size} points are ${style ?? 'as all the rest'}`, () =>
      assert.equal(metaOf('x', size, sizes).paragraphStyle, style));
});
