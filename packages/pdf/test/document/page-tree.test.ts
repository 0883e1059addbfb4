import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesSource, info, memorySink, merge, PdfError } from '../../src/index.ts';
import { buildPdf, pagesPdf, type Objects } from '../builder.ts';
import { contents, mergeAndInspect, pageText, references } from '../inspect.ts';

const catalog = '<< /Type /Catalog /Pages 2 0 R >>';
const leaf = (name: string): string => `<< /Type /Page /MediaBox [0 0 9 9] /Name (${name}) >>`;
const names = (objects: Objects): string[] => {
  const merged = mergeAndInspect([buildPdf(objects)]);
  return merged.pages.map((_, index) => /\/Name\((.*?)\)/.exec(pageText(merged, index))![1]!);
};
const warningsOf = (objects: Objects): readonly string[] => info(bytesSource(buildPdf(objects))).warnings;
const codeOf = (objects: Objects, limits = {}): string => {
  try {
    merge([{ source: bytesSource(buildPdf(objects)) }], memorySink(), { limits });
  } catch (error) {
    assert.ok(error instanceof PdfError);
    return error.code;
  }
  return 'none';
};

describe('page tree', () => {
  it('is walked in order through nodes of any depth', () => {
    assert.deepEqual(
      names({
        1: catalog,
        2: '<< /Type /Pages /Count 4 /Kids [3 0 R 6 0 R 7 0 R] >>',
        3: '<< /Type /Pages /Count 2 /Kids [4 0 R 5 0 R] >>',
        4: leaf('a'),
        5: leaf('b'),
        6: leaf('c'),
        7: '<< /Type /Pages /Count 1 /Kids [8 0 R] >>',
        8: '<< /Type /Pages /Count 1 /Kids [9 0 R] >>',
        9: leaf('d'),
      }),
      ['a', 'b', 'c', 'd'],
    );
  });

  const broken: readonly [title: string, objects: Objects, expected: string[]][] = [
    ['its own kid', { 2: '<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 2 >>', 3: leaf('a') }, ['a']],
    [
      'a loop of two nodes',
      { 2: '<< /Type /Pages /Kids [3 0 R] >>', 3: '<< /Kids [2 0 R 4 0 R] >>', 4: leaf('a') },
      ['a'],
    ],
    [
      'a count that is too high',
      { 2: '<< /Type /Pages /Kids [3 0 R] /Count 2147483647 >>', 3: leaf('a') },
      ['a'],
    ],
    ['a count that is negative', { 2: '<< /Type /Pages /Kids [3 0 R] /Count -1 >>', 3: leaf('a') }, ['a']],
    ['no count', { 2: '<< /Type /Pages /Kids [3 0 R] >>', 3: leaf('a') }, ['a']],
    ['no types', { 2: '<< /Kids [3 0 R] >>', 3: '<< /MediaBox [0 0 9 9] /Name (a) >>' }, ['a']],
    ['a node of a wrong type', { 2: '<< /Type /Pagez /Kids [3 0 R] >>', 3: leaf('a') }, ['a']],
    [
      'a page of a wrong type',
      { 2: '<< /Type /Pages /Kids [3 0 R] >>', 3: '<< /Type /Pge /MediaBox [0 0 9 9] /Name (a) >>' },
      ['a'],
    ],
    ['kids that do not exist', { 2: '<< /Type /Pages /Kids [9 0 R 3 0 R null 1 7] >>', 3: leaf('a') }, ['a']],
    [
      'a kid that is no dictionary',
      { 2: '<< /Type /Pages /Kids [4 0 R 3 0 R] >>', 3: leaf('a'), 4: '[1 2]' },
      ['a'],
    ],
    [
      'kids in another object',
      { 2: '<< /Type /Pages /Kids 4 0 R >>', 3: leaf('a'), 4: '[3 0 R 3 0 R]' },
      ['a', 'a'],
    ],
    [
      'kids that stand in the node',
      { 2: `<< /Type /Pages /Kids [${leaf('a')} 3 0 R] >>`, 3: leaf('b') },
      ['a', 'b'],
    ],
    [
      'a node that stands in the node',
      { 2: `<< /Type /Pages /Kids [<< /Kids [3 0 R] >>] >>`, 3: leaf('a') },
      ['a'],
    ],
    [
      'a page with kids',
      {
        2: '<< /Type /Pages /Kids [3 0 R] >>',
        3: '<< /Type /Page /Kids [] /MediaBox [0 0 9 9] /Name (a) >>',
      },
      ['a'],
    ],
    ['keys with escapes', { 2: '<< /Ty#70e /P#61ges /Ki#64s [3 0 R] >>', 3: leaf('a') }, ['a']],
    ['a root that is the only page', { 2: leaf('a') }, ['a']],
  ];
  for (const [title, objects, expected] of broken)
    it(`is read though it has ${title}`, () => assert.deepEqual(names({ 1: catalog, ...objects }), expected));

  it('says what was left out', () => {
    assert.ok(
      warningsOf({ 1: catalog, 2: '<< /Kids [2 0 R 3 0 R] >>', 3: leaf('a') }).includes(
        'The page tree was a loop.',
      ),
    );
    assert.ok(
      warningsOf({ 1: catalog, 2: '<< /Kids [9 0 R 3 0 R] >>', 3: leaf('a') }).includes(
        'The page tree had kids that do not exist.',
      ),
    );
  });

  it('is put together from the pages where there is no tree left', () => {
    const objects = { 1: '<< /Type /Catalog /Pages 99 0 R >>', 5: leaf('a'), 7: leaf('b') };
    assert.deepEqual(names(objects), ['a', 'b']);
    assert.deepEqual(warningsOf(objects), [
      'The page tree had kids that do not exist.',
      'The cross-reference table was rebuilt.',
      'The page tree was lost; the pages were put together by number.',
    ]);
  });

  it('is found by another catalog where the trailer names none', () => {
    const file = buildPdf({
      1: '(no catalog)',
      2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
      3: leaf('a'),
      8: catalog,
    });
    const found = info(bytesSource(file));
    assert.equal(found.pageCount, 1);
    assert.ok(found.warnings.includes('The catalog was found by its type.'));
  });

  it('stops at its limits', () => {
    const deep: Record<number, string> = { 1: catalog };
    for (let number = 2; number < 60; number++)
      deep[number] = `<< /Type /Pages /Kids [${number + 1} 0 R] /Count 1 >>`;
    deep[60] = leaf('a');
    assert.equal(codeOf(deep, { treeDepthMax: 58 }), 'none');
    assert.equal(codeOf(deep, { treeDepthMax: 57 }), 'limit');
    const wide = { 1: catalog, 2: `<< /Kids [${'3 0 R '.repeat(11)}] >>`, 3: leaf('a') };
    assert.equal(codeOf(wide, { pagesMax: 11 }), 'none');
    assert.equal(codeOf(wide, { pagesMax: 10 }), 'limit');
  });
});

describe('inherited attributes', () => {
  const inherited = (node: string, page: string, more: Objects = {}): ReturnType<typeof mergeAndInspect> =>
    mergeAndInspect([
      buildPdf({
        1: catalog,
        2: `<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 ${node} >>`,
        3: page,
        4: leaf('other'),
        ...more,
      }),
    ]);

  it('are pushed down to pages that lack them', () => {
    const text = pageText(
      inherited('/MediaBox [0 0 1 2] /CropBox [0 0 1 1] /Rotate 90 /Other 1', '<< /Type /Page >>'),
      0,
    );
    assert.match(text, /\/MediaBox \[0 0 1 2\]/);
    assert.match(text, /\/CropBox \[0 0 1 1\]/);
    assert.match(text, /\/Rotate 90/);
    assert.doesNotMatch(text, /Other/);
  });

  it('do not replace what a page has, unless that is null', () => {
    const text = pageText(
      inherited('/MediaBox [0 0 1 2] /Rotate 90', '<< /MediaBox [0 0 7 7] /Rotate null >>'),
      0,
    );
    assert.match(text, /\/MediaBox\[0 0 7 7\]/);
    assert.match(text, /\/Rotate 90/);
    assert.equal(text.match(/Rotate/g)!.length, 1);
  });

  it('come from the nearest node', () => {
    const merged = mergeAndInspect([
      buildPdf({
        1: catalog,
        2: '<< /Kids [3 0 R] /Rotate 90 /MediaBox [0 0 1 1] >>',
        3: '<< /Kids [4 0 R] /Rotate 180 >>',
        4: '<< /Type /Page >>',
      }),
    ]);
    assert.match(pageText(merged, 0), /\/Rotate 180/);
    assert.match(pageText(merged, 0), /\/MediaBox \[0 0 1 1\]/);
  });

  it('are shared by the pages where they are long', () => {
    const fonts = Array.from({ length: 9 }, (_, index) => `/Font${index} 5 0 R`).join(' ');
    const merged = inherited(`/Resources << /Font << ${fonts} >> >>`, '<< /MediaBox [0 0 1 1] >>', {
      5: '<< /Type /Font >>',
    });
    const numbers = [0, 1].map((index) => /\/Resources (\d+) 0 R/.exec(pageText(merged, index))![1]);
    assert.equal(numbers[0], numbers[1]);
    assert.equal(references(merged.objects.get(Number(numbers[0]))!.text).length, 9);
  });

  it('give way to US Letter where there is no size at all', () => {
    const merged = mergeAndInspect([
      buildPdf({ 1: catalog, 2: '<< /Kids [3 0 R] /Count 1 >>', 3: '<< /Type /Page >>' }),
    ]);
    assert.match(pageText(merged, 0), /\/MediaBox\[0 0 612 792\]/);
    assert.deepEqual(merged.result.warnings, ['A page had no size; it is taken to be 612 x 792.']);
  });
});

describe('page order', () => {
  it('holds for a thousand pages', () => {
    const merged = mergeAndInspect([pagesPdf(1000, { objectStreamSize: 50 })]);
    assert.deepEqual(
      contents(merged).map((text) => Number(/Page (\d+)/.exec(text)![1])),
      Array.from({ length: 1000 }, (_, index) => index + 1),
    );
  });
});

describe('a table that is rebuilt while the pages are walked', () => {
  it('leaves a page empty that turns out to be none, and does not mix it up with another', () => {
    // The table is right about 4 and wrong about 3; the scan then finds that the last 4 is a string.
    const file = buildPdf({
      1: catalog,
      2: '<< /Type /Pages /Kids [4 0 R 3 0 R] /Count 2 >>',
      3: '<< /Type /Page /MediaBox [0 0 1 1] /Contents 5 0 R >>',
      4: '<< /Type /Page /MediaBox [0 0 2 2] /Contents 5 0 R >>',
      5: { dictionary: '', data: 'content' },
    }).toString('latin1');
    const wrong = file.replace(
      /\d{10}( 00000 n \n\d{10} 00000 n \n\d{10} 00000 n \n)trailer/,
      '0000000012$1trailer',
    );
    assert.notEqual(wrong, file);
    const late = wrong.replace('startxref', '4 0 obj\n(lost)\nendobj\nstartxref');
    const merged = mergeAndInspect([Buffer.from(late, 'latin1')]);
    assert.deepEqual(contents(merged), ['', 'content']);
    assert.deepEqual(merged.result.warnings, [
      'The cross-reference table was rebuilt.',
      'A page had no size; it is taken to be 612 x 792.',
    ]);
  });
});
