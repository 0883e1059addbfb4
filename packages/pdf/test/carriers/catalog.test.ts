import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesSource, memorySink, merge } from '../../src/index.ts';
import { PdfReference } from '../../src/objects/reference.ts';
import { pagesPdf } from '../builder.ts';
import { document, merged, type Result } from './result.ts';

const plainAt = (result: Result, ...path: (string | number)[]): unknown => result.plain(result.at(...path));

describe('the catalog', () => {
  for (const key of ['PageMode', 'PageLayout', 'ViewerPreferences', 'AA'])
    it(`has /${key} of the first document only`, () => {
      const file = (text: string): Buffer => document(`/${key} << /X (${text}) >>`, '');
      assert.deepEqual(plainAt(merged(file('a'), file('b')), key), { X: '(a)' });
      assert.equal(plainAt(merged(pagesPdf(1), file('b')), key), null);
    });

  it('has /PageMode and /ViewerPreferences as they were, also from objects of their own', () => {
    const result = merged(
      document('/PageMode /UseOutlines /PageLayout /TwoColumnLeft /ViewerPreferences 4 0 R', '', {
        4: '<< /DisplayDocTitle true /Duplex 5 0 R >>',
        5: '/Simplex',
      }),
    );
    assert.equal(plainAt(result, 'PageMode'), '/UseOutlines');
    assert.equal(plainAt(result, 'PageLayout'), '/TwoColumnLeft');
    assert.deepEqual(plainAt(result, 'ViewerPreferences'), { DisplayDocTitle: true, Duplex: '/Simplex' });
  });

  it('has /Lang of the first document that has one', () => {
    const result = merged(
      pagesPdf(1),
      document('/Lang 4 0 R', '', { 4: '(de)' }),
      document('/Lang (fr)', ''),
    );
    assert.equal(plainAt(result, 'Lang'), '(de)');
    assert.equal(plainAt(merged(document('/Lang 7', '')), 'Lang'), null);
  });

  it('does not have what would not be true any more', () => {
    const keys = ['Perms', 'Legal', 'DSS', 'PieceInfo', 'NeedsRendering', 'Collection', 'Unknown'];
    const result = merged(document(keys.map((key) => `/${key} << /X 1 >>`).join(' '), ''));
    assert.deepEqual([...result.opened.catalog.keys()].sort(), ['Pages', 'Type']);
  });
});

describe('document parts', () => {
  it('do not come along, nor what leads to them', () => {
    const result = merged(
      document('/DPartRoot 4 0 R', '/DPart 6 0 R /AA << /O 7 0 R >>', {
        4: '<< /Type /DPartRoot /DPartRootNode 5 0 R >>',
        5: '<< /Type /DPart /Parent 4 0 R /DParts [[6 0 R]] >>',
        6: '<< /Type /DPart /Parent 5 0 R /Start 3 0 R >>',
        7: '<< /S /GoToDp /Dp 6 0 R >>',
      }),
    );
    assert.ok(!/DPart/.test(result.text));
    assert.deepEqual(result.plain(result.in(result.page(0), 'AA', 'O')), { S: '/GoToDp' });
  });
});

describe('the open action', () => {
  const names = '/Names << /Dests << /Names [(x) [3 0 R /Fit]] >> >>';

  it('is that of the first document, to its own page', () => {
    const file = document('/OpenAction [3 0 R /Fit]', '');
    const result = merged(file, file);
    const page = result.at('OpenAction');
    assert.ok(Array.isArray(page) && page[0] instanceof PdfReference);
    assert.equal(page[0].number, result.opened.pages[0]!.number);
    assert.equal(plainAt(merged(pagesPdf(1), file), 'OpenAction'), null);
  });

  it('may be a script', () => {
    const file = document('/OpenAction 4 0 R', '', { 4: '<< /S /JavaScript /JS (code) >>' });
    assert.deepEqual(plainAt(merged(file), 'OpenAction'), { S: '/JavaScript', JS: '(code)' });
  });

  it('follows names that are changed', () => {
    const file = document(`/Dests << /x [3 0 R /Fit] >> ${names} /OpenAction << /S /GoTo /D /x >>`, '');
    assert.equal(plainAt(merged(file), 'OpenAction', 'D'), '(x~2)');
  });

  it('is dropped where its page is not there', () => {
    for (const action of ['[9 0 R /Fit]', '<< /S /GoTo /D [9 0 R /Fit] >>', '(odd)', '7', '[]'])
      assert.equal(plainAt(merged(document(`/OpenAction ${action}`, '')), 'OpenAction'), null, action);
  });
});

describe('the base of web links', () => {
  const based = (base: string, address: string): Buffer =>
    document(
      base === '' ? '' : `/URI << /Base (${base}) >>`,
      `/Annots [<< /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (${address}) >> >>]`,
    );
  const addresses = (result: Result): unknown[] =>
    result.opened.pages.map((_, index) =>
      result.plain(result.in(result.page(index), 'Annots', 0, 'A', 'URI')),
    );

  it('stays where all documents have the same', () => {
    const result = merged(based('http://a/', 'x'), based('http://a/', 'y'));
    assert.equal(plainAt(result, 'URI', 'Base'), '(http://a/)');
    assert.deepEqual(addresses(result), ['(x)', '(y)']);
  });

  it('goes where they differ, and the links lead where they led', () => {
    const result = merged(
      based('http://a/b/', '../x?q#f'),
      based('', 'y'),
      based('http://c/d', 'z'),
      based('http://c/', 'mailto:m@n'),
      based('c', 'z'),
    );
    assert.equal(plainAt(result, 'URI'), null);
    assert.deepEqual(addresses(result), ['(http://a/x?q#f)', '(y)', '(http://c/z)', '(mailto:m@n)', '(z)']);
  });
});

describe('output intents', () => {
  const intent = (condition: string, info: string): string =>
    `<< /S /GTS_PDFA1 /OutputConditionIdentifier (${condition}) /Info (${info}) >>`;

  it('of all documents come along, each condition once', () => {
    const result = merged(
      document(`/OutputIntents [${intent('sRGB', 'a')}]`, ''),
      document('/OutputIntents [4 0 R 5 0 R]', '', { 4: intent('sRGB', 'b'), 5: intent('FOGRA39', 'c') }),
    );
    assert.deepEqual(result.each(result.at('OutputIntents'), 'Info'), ['(a)', '(c)']);
  });

  it('without a condition are kept, what is no intent is not', () => {
    const result = merged(document('/OutputIntents [<< /Info (a) >> << /Info (b) >> 7 null 3 0 R]', ''));
    assert.deepEqual(result.each(result.at('OutputIntents'), 'Info').slice(0, 2), ['(a)', '(b)']);
    assert.equal(merged(document('/OutputIntents (x)', '')).at('OutputIntents'), null);
  });
});

describe('associated files', () => {
  it('of all documents come along with their relationship', () => {
    const file = (name: string): Buffer =>
      document('/AF [4 0 R]', '', { 4: `<< /Type /Filespec /UF (${name}) /AFRelationship /Data >>` });
    const result = merged(file('a'), file('b'), document('/AF << /UF (c) >>', ''));
    assert.deepEqual(result.each(result.at('AF'), 'UF'), ['(a)', '(b)', '(c)']);
    assert.deepEqual(result.each(result.at('AF'), 'AFRelationship'), ['/Data', '/Data', null]);
  });
});

describe('extensions', () => {
  it('of all documents come along, the first wins', () => {
    const file = (prefix: string, level: number): Buffer =>
      document(`/Extensions << /${prefix} << /BaseVersion /1.7 /ExtensionLevel ${level} >> >>`, '');
    const result = merged(file('ADBE', 3), file('ISO_', 1), file('ADBE', 8));
    assert.equal(plainAt(result, 'Extensions', 'ADBE', 'ExtensionLevel'), 3);
    assert.equal(plainAt(result, 'Extensions', 'ISO_', 'ExtensionLevel'), 1);
  });
});

describe('the catalog: hostile', () => {
  const all =
    'Names Dests Outlines PageLabels OpenAction AA PageMode PageLayout ViewerPreferences Lang OutputIntents AF Extensions Metadata URI';

  for (const value of [
    'null',
    '7',
    '(x)',
    '/N',
    '[]',
    '[[[]]]',
    '<< >>',
    '1 0 R',
    '3 0 R',
    '9 0 R',
    '[1 0 R 2 0 R 3 0 R 4 0 R]',
    '4 0 R',
    '5 0 R',
  ])
    it(`every entry is ${value}: the pages are there`, () => {
      const catalog = all
        .split(' ')
        .map((key) => `/${key} ${value}`)
        .join(' ');
      const file = document(catalog, '', {
        4: '<< /First 4 0 R /Next 4 0 R /Kids [4 0 R] /D 4 0 R /S /GoTo /A 4 0 R /Dest 4 0 R /Title 4 0 R >>',
        5: { dictionary: '/Kids [5 0 R] /First 5 0 R /S /GoTo /D 5 0 R', data: 'x' },
      });
      assert.equal(merged(file, file).opened.pages.length, 2);
    });

  it('what costs too much of one document is left out, and the answer names the document', () => {
    const names = Array.from({ length: 60_000 }, (_, index) => `(${index}) 4 0 R`).join(' ');
    const file = document(`/Names << /Dests << /Names [${names}] >> >>`, '', {
      4: `<< /D ${'['.repeat(200)} (${'x'.repeat(100_000)})${']'.repeat(200)} >>`,
    });
    const inputs = [{ source: bytesSource(pagesPdf(1)) }, { source: bytesSource(file) }];
    const { pageCount, warnings } = merge(inputs, memorySink());
    assert.equal(pageCount, 2);
    assert.match(warnings.join('\n'), /^Document 2: The names and attachments were left out/m);
  });
});
