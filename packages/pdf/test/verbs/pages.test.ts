import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  allPages,
  bytesSource,
  deletePages,
  info,
  insertPages,
  memorySink,
  pages,
  PdfError,
  rotatePages,
  type PagePlace,
} from '../../src/index.ts';
import { buildPdf, pagesPdf } from '../builder.ts';
import { contents, inspect, pageText, type Inspection } from '../inspect.ts';

type List = readonly PagePlace[] | ((pageCounts: readonly number[]) => readonly PagePlace[]);

function arranged(files: readonly Buffer[], list: List): Inspection {
  const sink = memorySink();
  pages(
    files.map((file) => ({ source: bytesSource(file) })),
    list,
    sink,
  );
  return inspect(Buffer.from(sink.bytes()));
}

const texts = (result: Inspection): string[] => contents(result).map((text) => /\((.*)\)/.exec(text)![1]!);
const rotations = (files: readonly Buffer[], list: List): unknown[] => {
  const sink = memorySink();
  pages(
    files.map((file) => ({ source: bytesSource(file) })),
    list,
    sink,
  );
  return info(bytesSource(sink.bytes())).pages.map(({ rotate }) => rotate);
};

describe('pages', () => {
  it('deletes, moves and repeats pages', () => {
    assert.deepEqual(texts(arranged([pagesPdf(4)], [{ page: 3 }, { page: 0 }, { page: 3 }])), [
      'Page 4',
      'Page 1',
      'Page 4',
    ]);
  });

  it('inserts pages of another document, also between those of the first, and shares what each shares', () => {
    const files = [pagesPdf(3, { label: 'A' }), pagesPdf(2, { label: 'B' })];
    const result = arranged(files, ([count]) => insertPages(allPages(count!), 1, allPages(2, 1)));
    assert.deepEqual(texts(result), ['A 1', 'B 1', 'B 2', 'A 2', 'A 3']);
    const fonts = [...result.objects.values()].filter(({ text }) => text.includes('/BaseFont'));
    assert.ok(fonts.length <= 2);
  });

  it('turns pages further than they are, also where they have it from above', () => {
    const file = buildPdf({
      1: '<< /Type /Catalog /Pages 2 0 R >>',
      2: '<< /Type /Pages /Kids [3 0 R 4 0 R 5 0 R 6 0 R] /Count 4 /Rotate 90 /MediaBox [0 0 9 9] >>',
      3: '<< /Type /Page /Parent 2 0 R >>',
      4: '<< /Type /Page /Parent 2 0 R /Rotate 270 >>',
      5: '<< /Type /Page /Parent 2 0 R /Rotate 7 0 R >>',
      6: '<< /Type /Page /Parent 2 0 R /Rotate 0 >>',
      7: '-90',
    });
    assert.deepEqual(
      rotations([file], ([count]) => rotatePages(allPages(count!), [0, 1, 2, 3], 90)),
      [180, 0, 0, 90],
    );
    assert.deepEqual(
      rotations(
        [file],
        [{ page: 0, rotate: -180 }, { page: 1 }, { page: 3, rotate: 450 }, { page: 0, rotate: 360 }],
      ),
      [270, 270, 90, 90],
    );
    const result = arranged([file], [{ page: 0, rotate: 90 }]);
    assert.equal(pageText(result, 0).match(/\/Rotate/g)!.length, 1);
  });

  it('keeps what belongs to the first document, and of another what its pages need', () => {
    const attached = (name: string): Buffer =>
      buildPdf({
        1: '<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [(k) 4 0 R] >> >> >>',
        2: '<< /Type /Pages /Kids [3 0 R 3 0 R] /Count 2 >>',
        3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>',
        4: `<< /Type /Filespec /F (${name}) >>`,
      });
    const files = [attached('first.txt'), attached('second.txt')];
    const all = (result: Inspection): string =>
      [...result.objects.values()].map(({ text }) => text).join('\n');
    const some = all(arranged(files, [{ page: 1 }, { input: 1, page: 0 }]));
    assert.match(some, /first\.txt/);
    assert.doesNotMatch(some, /second\.txt/);
    const both = all(arranged(files, [{ page: 1 }, ...allPages(2, 1)]));
    assert.match(both, /second\.txt/);
    assert.doesNotMatch(all(arranged(files, [{ page: 0 }])), /second\.txt/);
  });

  it('takes all of its pages from another document, and is the first one still', () => {
    const files = ['A', 'B'].map((label) =>
      buildPdf(
        {
          1: `<< /Type /Catalog /Pages 2 0 R /Lang (${label}) >>`,
          2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
          3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>',
          4: `<< /Title (${label}) >>`,
        },
        { trailer: '/Info 4 0 R' },
      ),
    );
    const result = arranged(files, [{ input: 1, page: 0 }]);
    const text = [...result.objects.values()].map((object) => object.text).join('\n');
    assert.match(text, /\/Lang\s*\(A\)/);
    assert.match(text, /\/Title\s*\(A\)/);
    assert.doesNotMatch(text, /\(B\)/);
  });

  it('is the same for the same list, and has another identifier for another', () => {
    const bytes = (list: readonly PagePlace[]): string => {
      const sink = memorySink();
      pages([{ source: bytesSource(pagesPdf(2)) }], list, sink);
      return Buffer.from(sink.bytes()).toString('latin1');
    };
    const id = (text: string): string => /\/ID\s*\[\s*(<\w+>)/.exec(text)![1]!;
    assert.equal(bytes(allPages(2)), bytes(allPages(2)));
    assert.notEqual(id(bytes(allPages(2))), id(bytes([{ page: 0 }, { page: 1, rotate: 90 }])));
  });
});

describe('pages: errors', () => {
  const failing = (list: List, files: readonly Buffer[] = [pagesPdf(2)]): PdfError => {
    let discarded = false;
    const sink = { ...memorySink(), discard: () => void (discarded = true) };
    try {
      const inputs = files.map((file) => ({ source: bytesSource(file) }));
      pages(inputs, list, sink, { limits: { pagesMax: 3 } });
    } catch (error) {
      assert.ok(error instanceof PdfError, String(error));
      assert.ok(discarded);
      return error;
    }
    throw assert.fail('it was written');
  };

  it('refuses pages and inputs that do not exist, an empty list and odd angles', () => {
    for (const place of [
      { page: 2 },
      { page: -1 },
      { page: 0.5 },
      { input: 1, page: 0 },
      { input: -1, page: 0 },
    ])
      assert.equal(failing([place]).code, 'page-index', JSON.stringify(place));
    for (const rotate of [45, Number.NaN, Infinity])
      assert.equal(failing([{ page: 0, rotate }]).code, 'page-range');
    assert.equal(failing([]).code, 'page-range');
    assert.equal(failing(([count]) => deletePages(allPages(count!), [0, 1])).code, 'page-range');
  });

  it('refuses more pages than there may be, and says which input is bad', () => {
    assert.equal(failing([...allPages(2), ...allPages(2)]).code, 'limit');
    const error = failing(allPages(2), [pagesPdf(2), Buffer.from('no')]);
    assert.equal(error.code, 'not-pdf');
    assert.equal(error.input, 1);
  });
});

describe('lists of pages', () => {
  const list = allPages(3);

  it('are changed by functions that leave them as they are', () => {
    assert.deepEqual(list, [
      { input: 0, page: 0 },
      { input: 0, page: 1 },
      { input: 0, page: 2 },
    ]);
    assert.deepEqual(
      deletePages(list, [0, 2, 7]).map(({ page }) => page),
      [1],
    );
    assert.deepEqual(
      rotatePages(rotatePages(list, [1], 90), [0, 1], 90).map(({ rotate }) => rotate),
      [90, 180, undefined],
    );
    assert.deepEqual(
      insertPages(list, 3, allPages(1, 4)).map(({ input, page }) => [input, page]),
      [
        [0, 0],
        [0, 1],
        [0, 2],
        [4, 0],
      ],
    );
    assert.equal(list.length, 3);
  });
});
