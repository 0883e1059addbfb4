import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesSource, memorySink, merge, PdfError, type Source } from '../../src/index.ts';
import { buildPdf, pagesPdf, type Objects } from '../builder.ts';
import { contents, mergeAndInspect, pageText, references } from '../inspect.ts';

const page = (extra = ''): string => `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] ${extra} >>`;
const onePage = (extra: string, more: Objects = {}, trailer = ''): Buffer =>
  buildPdf(
    {
      1: '<< /Type /Catalog /Pages 2 0 R >>',
      2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
      3: page(extra),
      ...more,
    },
    { trailer },
  );

describe('merge', () => {
  it('puts all pages of all documents in order', () => {
    const merged = mergeAndInspect([
      pagesPdf(2, { label: 'A' }),
      pagesPdf(3, { label: 'B' }),
      pagesPdf(1, { label: 'C' }),
    ]);
    assert.equal(merged.result.pageCount, 6);
    const labels = contents(merged).map((text) => /\((.*)\)/.exec(text)![1]);
    assert.deepEqual(labels, ['A 1', 'A 2', 'B 1', 'B 2', 'B 3', 'C 1']);
    assert.deepEqual(merged.result.warnings, []);
  });

  it('does the same with object streams, and keeps them', () => {
    const merged = mergeAndInspect([pagesPdf(3, { objectStreamSize: 4 }), pagesPdf(2)]);
    assert.equal(contents(merged).length, 5);
    assert.match(merged.trailer, /\/Type\/XRef/);
  });

  it('writes a classic cross-reference table when no input has object streams', () => {
    assert.match(mergeAndInspect([pagesPdf(1), pagesPdf(1)]).trailer, /^trailer/);
  });

  it('balances the page tree: no node has more than 32 kids', () => {
    const merged = mergeAndInspect([pagesPdf(700), pagesPdf(500)]);
    assert.equal(merged.pages.length, 1200);
    for (const { text } of merged.objects.values()) {
      const [, kids] = /\/Kids\[([^\]]*)\]/.exec(text) ?? [];
      assert.ok(references(kids ?? '').length <= 32);
    }
  });

  it('copies an object that pages share once', () => {
    const merged = mergeAndInspect([pagesPdf(5), pagesPdf(5, { label: 'Other' })]);
    const fonts = [...merged.objects.values()].filter(({ text }) => text.includes('/BaseFont'));
    assert.equal(fonts.length, 2);
  });

  it('leaves out what no page reaches', () => {
    const merged = mergeAndInspect([onePage('', { 7: '(unreachable)', 8: '<< /Type /Outlines >>' })]);
    assert.ok(![...merged.objects.values()].some(({ text }) => text.includes('unreachable')));
  });

  it('gives the same bytes for the same inputs', () => {
    const files = [pagesPdf(3), pagesPdf(2, { objectStreamSize: 3 })];
    assert.deepEqual(mergeAndInspect(files).bytes, mergeAndInspect(files).bytes);
  });

  it('derives the /ID from the inputs', () => {
    const id = (file: Buffer): string =>
      /\/ID\[(<[0-9a-f]{32}>)\1\]/.exec(mergeAndInspect([file]).trailer)![1]!;
    assert.notEqual(id(pagesPdf(1, { label: 'A' })), id(pagesPdf(1, { label: 'longer' })));
  });

  it('takes the highest version', () => {
    const versions = (...all: string[]): string =>
      mergeAndInspect(all.map((version) => pagesPdf(1, { version }))).version;
    assert.equal(versions('1.3', '1.6', '1.4'), '1.6');
    assert.equal(versions('1.7', '2.0'), '2.0');
    const byCatalog = buildPdf(
      {
        1: '<< /Type /Catalog /Version /1.6 /Pages 2 0 R >>',
        2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
        3: page(),
      },
      { version: '1.2' },
    );
    assert.equal(mergeAndInspect([byCatalog]).result.version, '1.6');
  });

  it('says at least 1.5 where it writes object streams', () => {
    assert.equal(mergeAndInspect([pagesPdf(1, { version: '1.2', objectStreamSize: 2 })]).version, '1.5');
  });

  it('keeps the document information of the first, with the producer set', () => {
    const files = ['first', 'second'].map((title) =>
      onePage('', { 9: `<< /Title (${title}) >>` }, '/Info 9 0 R'),
    );
    const merged = mergeAndInspect(files);
    const info = Number(/\/Info (\d+) 0 R/.exec(merged.trailer)![1]);
    assert.equal(merged.objects.get(info)!.text, '<</Title (first)/Producer(Octavo)>>');
  });

  it('copies the data of streams byte for byte, whatever it holds', () => {
    const data = Buffer.from(Array.from({ length: 70_000 }, (_, index) => (index * 7919) & 255));
    const merged = mergeAndInspect([onePage('/Contents 4 0 R', { 4: { dictionary: '/Filter /X', data } })]);
    assert.deepEqual([...merged.objects.values()].find(({ data: found }) => found)!.data, data);
  });

  it('turns an indirect length into a direct one and drops the object', () => {
    const file = onePage('/Contents 4 0 R', { 4: { dictionary: '', data: 'q Q' }, 5: '3' });
    const text = file.toString('latin1').replace('/Length 3', '/Length 5 0 R');
    const merged = mergeAndInspect([Buffer.from(text, 'latin1')]);
    assert.deepEqual(contents(merged), ['q Q']);
    assert.ok([...merged.objects.values()].some((object) => object.text === '<</Length 3>>'));
    assert.equal(merged.objects.size, 5);
  });

  it('keeps numbers, names and strings as they were written', () => {
    const odd = '/A [1.50 -.0 +3 --5 1.2.3 /N#20ame (a\\)b\\(12 0 R) <48 65> true null] % 7 0 R\n/B<</C/D>>';
    const text = pageText(mergeAndInspect([onePage(odd)]), 0);
    assert.ok(text.includes('/A[1.50 -.0 +3 --5 1.2.3 /N#20ame (a\\)b\\(12 0 R) <48 65> true null]'), text);
    assert.ok(text.includes('/B<</C/D>>'), text);
  });

  it('keeps of equal keys the last, and says so', () => {
    const many = Array.from({ length: 40 }, (_, index) => `/K${index} 1`).join(' ');
    const merged = mergeAndInspect([
      buildPdf({
        1: '<< /Type /Catalog /Pages 2 0 R >>',
        2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
        3: page(`/X 4 0 R /Y 5 0 R /X 6 0 R /Z [7] /W (a) /W (b) ${many} /K7 2`),
        4: '(one)',
        5: '(two)',
        6: '(three)',
      }),
    ]);
    const text = pageText(merged, 0);
    assert.deepEqual([...merged.objects.values()].filter((each) => /one|three/.test(each.text)).length, 1);
    for (const key of ['X', 'Y', 'Z', 'W', 'K7', 'K39'])
      assert.equal(text.split(new RegExp(`/${key}(?![0-9])`)).length, 2, key);
    assert.match(text, /\(b\)/);
    assert.match(text, /\/K7 2/);
    assert.deepEqual(merged.result.warnings, ['An object was broken and was mended.']);
  });

  it('renumbers references, and makes those that lead nowhere null', () => {
    const merged = mergeAndInspect([
      pagesPdf(1),
      onePage('/A [7 0 R 8 0 R 7 1 R 0 0 R 99999999999 0 R]', { 7: '(seven)' }),
    ]);
    const [, list] = /\/A\[(.*?)\]/.exec(pageText(merged, 1))!;
    assert.match(list!, /^\d+ 0 R null null null null$/);
    assert.equal(merged.objects.get(references(list!)[0]!)!.text, '(seven)');
  });
});

describe('merge: the old framework does not come along', () => {
  it('drops /Parent of pages for the new one, and references to old nodes and the catalog', () => {
    const merged = mergeAndInspect([onePage('/X << /Root 1 0 R /Node 2 0 R >>')]);
    assert.match(pageText(merged, 0), /\/X<< \/Root null \/Node null >>/);
    assert.equal(merged.objects.size, 4);
  });

  it('keeps links between pages, also from annotations', () => {
    const file = buildPdf({
      1: '<< /Type /Catalog /Pages 2 0 R >>',
      2: '<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>',
      3: page('/Annots [5 0 R]'),
      4: page(),
      5: '<< /Type /Annot /Subtype /Link /P 3 0 R /Dest [4 0 R /Fit] >>',
    });
    const merged = mergeAndInspect([pagesPdf(1), file]);
    const link = [...merged.objects.values()].find(({ text }) => text.includes('/Link'))!.text;
    assert.match(link, new RegExp(`/P ${merged.pages[1]} 0 R/Dest\\[${merged.pages[2]} 0 R /Fit\\]`));
  });

  it('makes a reference to a page that is not in the tree null, and does not drag it along', () => {
    const merged = mergeAndInspect([
      onePage('/Annots [<< /Subtype /Link /Dest [6 0 R /Fit] >>]', {
        6: page('/Contents 7 0 R'),
        7: { dictionary: '', data: 'orphan' },
      }),
    ]);
    assert.ok(![...merged.objects.values()].some(({ data }) => data?.toString() === 'orphan'));
  });

  it('drops the keys into a structure tree that is not there', () => {
    const merged = mergeAndInspect([onePage('/StructParents 0 /Tabs /S')]);
    assert.match(pageText(merged, 0), /\/Tabs\/S/);
    assert.doesNotMatch(pageText(merged, 0), /StructParents/);
  });

  it('copies a page that comes twice twice; links mean the first', () => {
    const file = buildPdf({
      1: '<< /Type /Catalog /Pages 2 0 R >>',
      2: '<< /Type /Pages /Kids [3 0 R 3 0 R] /Count 2 >>',
      3: page('/Me 3 0 R /Contents 4 0 R'),
      4: { dictionary: '', data: 'q Q' },
    });
    const merged = mergeAndInspect([file]);
    assert.deepEqual(contents(merged), ['q Q', 'q Q']);
    assert.notEqual(merged.pages[0], merged.pages[1]);
    assert.deepEqual(
      [0, 1].map((index) => /\/Me (\d+)/.exec(pageText(merged, index))![1]),
      [String(merged.pages[0]), String(merged.pages[0])],
    );
  });
});

describe('merge: errors', () => {
  const failing = (files: readonly Uint8Array[]): PdfError => {
    let discarded = false;
    const sink = {
      ...memorySink(),
      discard: () => {
        discarded = true;
      },
    };
    try {
      merge(
        files.map((file) => ({ source: bytesSource(file) })),
        sink,
      );
    } catch (error) {
      assert.ok(error instanceof PdfError);
      assert.ok(discarded);
      return error;
    }
    throw assert.fail('it was merged');
  };

  it('says which input is bad and discards the result', () => {
    const error = failing([pagesPdf(1), Buffer.from('<html>no</html>'), pagesPdf(1)]);
    assert.equal(error.code, 'not-pdf');
    assert.equal(error.input, 1);
  });

  it('refuses what is no PDF', () => {
    for (const file of ['', '%', '%PDF-1.7\n', '<!DOCTYPE html><p>obj', '\x89PNG\r\n'])
      assert.equal(failing([Buffer.from(file, 'latin1')]).code, 'not-pdf', JSON.stringify(file));
  });

  it('refuses a document without pages', () => {
    const file = buildPdf({
      1: '<< /Type /Catalog /Pages 2 0 R >>',
      2: '<< /Type /Pages /Kids [] /Count 0 >>',
    });
    assert.equal(failing([file]).code, 'damaged');
  });

  it('refuses an empty list', () => {
    assert.equal(failing([]).code, 'damaged');
  });

  it('names the document in its warnings where there are several', () => {
    const broken = Buffer.from(
      pagesPdf(1)
        .toString('latin1')
        .replace(/startxref\n\d+/, 'startxref\n7'),
      'latin1',
    );
    assert.deepEqual(mergeAndInspect([pagesPdf(1), broken]).result.warnings, [
      'Document 2: The cross-reference table was rebuilt.',
    ]);
    assert.deepEqual(mergeAndInspect([broken]).result.warnings, ['The cross-reference table was rebuilt.']);
  });
});

describe('merge: many inputs', () => {
  it('keeps few of them in memory and gives the same as pair by pair', () => {
    const files = Array.from({ length: 40 }, (_, index) => pagesPdf(2, { label: `D${index}` }));
    const merged = mergeAndInspect(files);
    assert.equal(merged.pages.length, 80);
    assert.match(contents(merged)[79]!, /D39 2/);
  });

  it('keeps few of their files open', () => {
    const open = new Set<number>();
    let most = 0;
    const sources = Array.from({ length: 100 }, (_, index): Source => {
      const bytes = bytesSource(pagesPdf(1));
      return {
        size: bytes.size,
        bytes: undefined,
        readInto(into, offset) {
          most = Math.max(most, open.add(index).size);
          return bytes.readInto(into, offset);
        },
        close: () => open.delete(index),
      };
    });
    const { pageCount } = merge(
      sources.map((source) => ({ source })),
      memorySink(),
    );
    assert.equal(pageCount, 100);
    assert.ok(most <= 16, `${most} were open`);
  });
});
