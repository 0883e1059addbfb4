import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesSource, info } from '../../src/index.ts';
import { buildPdf, pagesPdf } from '../builder.ts';

const sizeOf = (page: string, node = '', more: Record<number, string> = {}): unknown =>
  info(
    bytesSource(
      buildPdf({
        1: '<< /Type /Catalog /Pages 2 0 R >>',
        2: `<< /Type /Pages /Kids [3 0 R] /Count 1 ${node} >>`,
        3: `<< /Type /Page /Parent 2 0 R ${page} >>`,
        ...more,
      }),
    ),
  ).pages[0];

describe('info', () => {
  it('tells the pages, the version and the state', () => {
    const found = info(bytesSource(pagesPdf(3, { version: '1.4' })));
    assert.deepEqual(found, {
      pageCount: 3,
      version: '1.4',
      encrypted: false,
      repaired: false,
      pages: Array.from({ length: 3 }, () => ({ width: 612, height: 792, rotate: 0 })),
      warnings: [],
    });
  });

  it('says when the file had to be repaired', () => {
    const text = pagesPdf(1)
      .toString('latin1')
      .replace(/startxref\n\d+/, '');
    const found = info(bytesSource(Buffer.from(text, 'latin1')));
    assert.equal(found.repaired, true);
    assert.deepEqual(found.warnings, ['The cross-reference table was rebuilt.']);
  });

  const cases: readonly [
    title: string,
    page: string,
    node: string,
    more: Record<number, string>,
    expected: unknown,
  ][] = [
    ['the media box', '/MediaBox [0 0 200 100]', '', {}, { width: 200, height: 100, rotate: 0 }],
    ['corners in any order', '/MediaBox [200 100 -10 0]', '', {}, { width: 210, height: 100, rotate: 0 }],
    [
      'the crop box',
      '/MediaBox [0 0 200 100] /CropBox [10 10 60 50]',
      '',
      {},
      { width: 50, height: 40, rotate: 0 },
    ],
    [
      'a crop box that is too large',
      '/MediaBox [0 0 200 100] /CropBox [-50 0 100 999]',
      '',
      {},
      { width: 100, height: 100, rotate: 0 },
    ],
    [
      'a crop box elsewhere',
      '/MediaBox [0 0 200 100] /CropBox [900 900 999 999]',
      '',
      {},
      { width: 200, height: 100, rotate: 0 },
    ],
    ['inherited boxes', '', '/MediaBox [0 0 30 40] /Rotate 90', {}, { width: 30, height: 40, rotate: 90 }],
    [
      'own before inherited',
      '/MediaBox [0 0 5 6] /Rotate 0',
      '/MediaBox [0 0 30 40] /Rotate 90',
      {},
      { width: 5, height: 6, rotate: 0 },
    ],
    [
      'indirect numbers',
      '/MediaBox 4 0 R',
      '',
      { 4: '[0 0 5 0 R 70]', 5: '60' },
      { width: 60, height: 70, rotate: 0 },
    ],
    ['the user unit', '/MediaBox [0 0 10 20] /UserUnit 2.5', '', {}, { width: 25, height: 50, rotate: 0 }],
    [
      'a negative rotation',
      '/MediaBox [0 0 10 20] /Rotate -90',
      '',
      {},
      { width: 10, height: 20, rotate: 270 },
    ],
    [
      'a rotation past a turn',
      '/MediaBox [0 0 10 20] /Rotate 450',
      '',
      {},
      { width: 10, height: 20, rotate: 90 },
    ],
    ['no box at all', '', '', {}, { width: 612, height: 792, rotate: 0 }],
    ['an empty box', '/MediaBox [0 0 0 0]', '', {}, { width: 612, height: 792, rotate: 0 }],
    [
      'a box that is null',
      '/MediaBox null',
      '/MediaBox [0 0 30 40]',
      {},
      { width: 30, height: 40, rotate: 0 },
    ],
    ['numbers with two signs', '/MediaBox [0 0 --10 2.5.7]', '', {}, { width: 10, height: 2.5, rotate: 0 }],
  ];
  for (const [title, page, node, more, expected] of cases)
    it(`reads the size of a page: ${title}`, () => assert.deepEqual(sizeOf(page, node, more), expected));
});
