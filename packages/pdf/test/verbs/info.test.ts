import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { everyPermission } from '../../src/crypt/permissions.ts';
import { bytesSource, info, type PageGeometry } from '../../src/index.ts';
import { buildPdf, pagesPdf } from '../builder.ts';

const pageOf = (page: string, node = '', more: Record<number, string> = {}): PageGeometry =>
  info(
    bytesSource(
      buildPdf({
        1: '<< /Type /Catalog /Pages 2 0 R >>',
        2: `<< /Type /Pages /Kids [3 0 R] /Count 1 ${node} >>`,
        3: `<< /Type /Page /Parent 2 0 R ${page} >>`,
        ...more,
      }),
    ),
  ).pages[0]!;

describe('info', () => {
  it('tells the pages, the version and the state', () => {
    const found = info(bytesSource(pagesPdf(3, { version: '1.4' })));
    const page = {
      width: 612,
      height: 792,
      rotate: 0,
      mediaBox: [0, 0, 612, 792],
      cropBox: [0, 0, 612, 792],
      userUnit: 1,
    };
    assert.deepEqual(found, {
      pageCount: 3,
      version: '1.4',
      encrypted: false,
      encryption: undefined,
      permissions: everyPermission,
      repaired: false,
      linearized: false,
      pages: [page, page, page],
      pageLabels: undefined,
      information: {
        title: undefined,
        author: undefined,
        subject: undefined,
        keywords: undefined,
        creator: undefined,
        producer: undefined,
        created: undefined,
        modified: undefined,
      },
      conformance: { pdfA: undefined, pdfUA: undefined, pdfX: undefined },
      language: undefined,
      tagged: false,
      hasStructure: false,
      layers: [],
      viewing: { pageMode: undefined, pageLayout: undefined, preferences: {} },
      isPortfolio: false,
      hasForm: false,
      hasXfa: false,
      isSigned: false,
      hasScripts: false,
      bookmarks: undefined,
      form: undefined,
      attachments: undefined,
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
    it(`reads the size of a page: ${title}`, () => {
      const { width, height, rotate } = pageOf(page, node, more);
      assert.deepEqual({ width, height, rotate }, expected);
    });

  it('reads the boxes of a page in its own units', () => {
    const { mediaBox, cropBox, userUnit } = pageOf(
      '/MediaBox [-10 0 200 100] /CropBox [0 60 500 20] /UserUnit 3',
    );
    assert.deepEqual(
      { mediaBox, cropBox, userUnit },
      { mediaBox: [-10, 0, 200, 100], cropBox: [0, 20, 200, 60], userUnit: 3 },
    );
  });

  it('reads a page whose numbers mean nothing', () => {
    for (const unit of ['0', '-2', '1e', `1${'0'.repeat(400)}`, '(x)'])
      assert.equal(pageOf(`/MediaBox [0 0 10 20] /UserUnit ${unit}`).height, 20, unit);
    assert.equal(pageOf(`/MediaBox [0 0 10 9${'9'.repeat(400)}]`).height, 792);
  });
});
