import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PdfReference } from '../../src/objects/reference.ts';
import { PdfString } from '../../src/objects/string.ts';
import type { PdfObject } from '../../src/objects/object.ts';
import { pagesPdf, type Objects } from '../builder.ts';
import { document, merged, type Result } from './result.ts';

/** The page that an explicit destination leads to, by its index in the result; -1 if it leads nowhere. */
function pageOf(result: Result, destination: PdfObject): number {
  const value = result.resolve(destination);
  const array = value instanceof Map ? result.resolve(value.get('D')) : value;
  const page = Array.isArray(array) ? array[0] : null;
  if (!(page instanceof PdfReference)) return -1;
  return result.opened.pages.findIndex(({ number }) => number === page.number);
}

/** The pages that the names of the result lead to. */
function named(result: Result): Record<string, number> {
  const list = result.at('Names', 'Dests', 'Names');
  assert.ok(list === null || Array.isArray(list));
  const found: Record<string, number> = {};
  for (let at = 0; at < (list?.length ?? 0); at += 2)
    found[Buffer.from((list![at] as PdfString).bytes).toString('latin1')] = pageOf(result, list![at + 1]!);
  return found;
}

/** The page that a link leads to, by name or directly. */
function followed(result: Result, destination: PdfObject): number {
  const value = result.resolve(destination);
  if (!(value instanceof PdfString)) return pageOf(result, value);
  return named(result)[Buffer.from(value.bytes).toString('latin1')] ?? -1;
}

const tree = (name: string): string => `/Names << /Dests << /Names [(${name}) [3 0 R /Fit]] >> >>`;
const link = (rest: string): string => `/Annots [4 0 R]`.replace('4 0 R', `<< /Subtype /Link ${rest} >>`);
const withTree = (name: string, page: string, objects: Objects = {}): Buffer =>
  document(tree(name), page, objects);

describe('destinations', () => {
  it('of all documents are in one tree, and lead to their own pages', () => {
    const result = merged(withTree('b', ''), withTree('a', ''));
    assert.deepEqual(named(result), { a: 1, b: 0 });
  });

  it('are written sorted, in a balanced tree with limits', () => {
    const list = Array.from({ length: 200 }, (_, index) => `(n${(index * 37) % 200}) [3 0 R /Fit]`);
    const result = merged(document(`/Names << /Dests << /Names [${list.join(' ')}] >> >>`, ''));
    const kids = result.at('Names', 'Dests', 'Kids');
    assert.ok(Array.isArray(kids) && kids.length === 4);
    assert.deepEqual(result.plain(result.in(kids, 0, 'Limits')), ['(n0)', '(n155)']);
    const all = kids.flatMap((kid) =>
      (result.in(kid, 'Names') as PdfObject[]).filter((_, at) => at % 2 === 0),
    );
    const texts = all.map((key) => result.plain(key) as string);
    assert.deepEqual(texts, [...texts].sort());
    assert.equal(texts.length, 200);
  });

  it('are renamed where an earlier document has the name', () => {
    const result = merged(withTree('x', ''), withTree('x', ''), withTree('x', ''), withTree('x~2', ''));
    assert.deepEqual(named(result), { x: 0, 'x~2': 1, 'x~2~2': 3, 'x~3': 2 });
  });

  it('are followed by every use: annotations, actions, chains of actions, in any object', () => {
    const uses: readonly [page: string, objects: Objects, path: (string | number)[]][] = [
      [link('/Dest (x)'), {}, ['Annots', 0, 'Dest']],
      ['/Annots [4 0 R]', { 4: '<< /Dest (x) >>' }, ['Annots', 0, 'Dest']],
      ['/Annots 4 0 R', { 4: '[<< /Dest (x) >>]' }, ['Annots', 0, 'Dest']],
      ['/Annots [4 0 R]', { 4: '<< /Dest 5 0 R >>', 5: '(x)' }, ['Annots', 0, 'Dest']],
      ['/Annots [4 0 R]', { 4: '<< /D#65st <78> >>' }, ['Annots', 0, 'Dest']],
      [link('/A << /S /GoTo /D (x) >>'), {}, ['Annots', 0, 'A', 'D']],
      [link('/A 4 0 R'), { 4: '<< /S /GoTo /D (x) >>' }, ['Annots', 0, 'A', 'D']],
      ['/AA << /O << /S /GoTo /D (x) >> >>', {}, ['AA', 'O', 'D']],
      ['/AA 4 0 R', { 4: '<< /O << /S /GoTo /D (x) >> >>' }, ['AA', 'O', 'D']],
      [
        link('/A << /S /URI /URI (u) /Next [<< /S /GoTo /D (x) >>] >>'),
        {},
        ['Annots', 0, 'A', 'Next', 0, 'D'],
      ],
      [
        link('/A << /S /GoToR /D (x) /F (f) /Next 4 0 R >>'),
        { 4: '<< /S /GoTo /D (x) >>' },
        ['Annots', 0, 'A', 'Next', 'D'],
      ],
    ];
    for (const [page, objects, path] of uses) {
      const result = merged(withTree('x', page, objects), withTree('x', page, objects));
      assert.equal(followed(result, result.in(result.page(0), ...path)), 0, page);
      assert.equal(followed(result, result.in(result.page(1), ...path)), 1, page);
    }
  });

  it('of other files stay as they are', () => {
    const page = link('/A << /S /GoToR /F (f.pdf) /D (x) >>');
    const result = merged(withTree('x', page), withTree('x', page));
    const action = result.in(result.page(1), 'Annots', 0, 'A');
    assert.deepEqual(result.plain(action), { S: '/GoToR', F: '(f.pdf)', D: '(x)' });
  });

  it('of the old dictionary come into the tree, and their uses become strings', () => {
    const file = document('/Dests << /x [3 0 R /Fit] /y 5 0 R >>', link('/Dest /y'), {
      5: '<< /D [3 0 R /XYZ 0 0 1] >>',
    });
    const result = merged(file, file);
    assert.deepEqual(named(result), { x: 0, 'x~2': 1, y: 0, 'y~2': 1 });
    assert.equal(result.plain(result.in(result.page(0), 'Annots', 0, 'Dest')), '(y)');
    assert.equal(result.plain(result.in(result.page(1), 'Annots', 0, 'Dest')), '(y~2)');
    assert.equal(result.at('Dests'), null);
  });

  it('of both kinds and one name in one document stay two', () => {
    const file = document(
      '/Dests << /x [3 0 R /Fit] >> /Names << /Dests << /Names [(x) [3 0 R /FitB]] >> >>',
      '/Annots [<< /Dest /x >> << /Dest (x) >>]',
    );
    const result = merged(file);
    assert.equal(result.plain(result.in(result.page(0), 'Annots', 0, 'Dest')), '(x~2)');
    assert.equal(result.plain(result.in(result.page(0), 'Annots', 1, 'Dest')), '(x)');
  });

  it('that a document uses and does not have never become those of another', () => {
    const result = merged(withTree('x', ''), document('', link('/Dest (x)')), document('', link('/Dest /x')));
    for (const index of [1, 2])
      assert.equal(followed(result, result.in(result.page(index), 'Annots', 0, 'Dest')), -1);
    assert.deepEqual(named(result), { x: 0 });
  });

  it('to pages that are not there are dropped; page indexes become references', () => {
    const list = '(gone) [9 0 R /Fit] (none) null (index) [0 /Fit] (far) [7 /Fit] (odd) [/Fit] (text) (x)';
    const file = document(`/Names << /Dests << /Names [${list}] >> >>`, '');
    assert.deepEqual(named(merged(pagesPdf(1), file)), { index: 1 });
  });

  it('that are larger than any real one keep their destination alone', () => {
    const more = `/More [${'1 '.repeat(1000)}]`;
    const list = `(huge) [3 0 R ${'/Fit '.repeat(100)}] (x) << /D [3 0 R /Fit] ${more} >>`;
    const result = merged(document(`/Names << /Dests << /Names [${list}] >> >>`, ''));
    assert.deepEqual(named(result), { x: 0 });
    assert.equal(result.at('Names', 'Dests', 'Names', 1, 'More'), null);
  });

  it('keep what stands beside them', () => {
    const file = document('/Names << /Dests << /Names [(x) << /D [3 0 R /Fit] /More 1 >>] >> >>', '');
    const result = merged(file);
    assert.equal(result.plain(result.at('Names', 'Dests', 'Names', 1, 'More')), 1);
  });

  it('given by the index of a page lead to the page of their own document', () => {
    const file = document('', link('/Dest [0 /Fit] /A << /S /GoTo /D [0 /Fit] >>'));
    const result = merged(file, file);
    assert.equal(pageOf(result, result.in(result.page(1), 'Annots', 0, 'Dest')), 1);
    assert.equal(pageOf(result, result.in(result.page(1), 'Annots', 0, 'A', 'D')), 1);
    const remote = document('', link('/A << /S /GoToR /F (f) /D [0 /Fit] >>'));
    const action = merged(remote, remote);
    assert.deepEqual(action.plain(action.in(action.page(1), 'Annots', 0, 'A', 'D')), [0, '/Fit']);
    assert.equal(merged(file, document('', link('/Dest [7 /Fit]'))).opened.pages.length, 2);
  });

  it('given by the index of a page in an array of annotations that stands by itself, likewise', () => {
    const annotation = '<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /Dest [0 /Fit] >>';
    const file = document('', '/Annots 10 0 R', { 10: `[${annotation}]` });
    const result = merged(file, file);
    assert.equal(pageOf(result, result.in(result.page(1), 'Annots', 0, 'Dest')), 1);
  });

  it('given by an index in actions of pages, chains and arrays too', () => {
    const go = '<< /S /GoTo /D [0 /Fit] >>';
    const file = document('', `/AA << /O ${go} >> /Annots 4 0 R`, {
      4: `[<< /Subtype /Link /Dest [0 /Fit] >> << /Subtype /Link /A 5 0 R >>]`,
      5: `<< /S /URI /URI (u) /Next [6 0 R ${go}] >>`,
      6: `<< /S /URI /URI (u) /Next ${go} >>`,
    });
    const result = merged(file, file);
    const page = result.page(1);
    const next = result.in(page, 'Annots', 1, 'A', 'Next');
    for (const target of [
      result.in(page, 'AA', 'O', 'D'),
      result.in(page, 'Annots', 0, 'Dest'),
      result.in(next, 1, 'D'),
      result.in(next, 0, 'Next', 'D'),
    ])
      assert.equal(pageOf(result, target), 1);
  });

  it('by the same name in another encoding are the same to some readers', () => {
    const wide = '<FEFF0061>';
    const file = document(`/Names << /Dests << /Names [${wide} [3 0 R /Fit]] >> >>`, link(`/Dest ${wide}`));
    const result = merged(withTree('a', ''), file);
    assert.deepEqual(named(result), { a: 0, '\xfe\xff\0a\0~\x002': 1 });
    assert.equal(followed(result, result.in(result.page(1), 'Annots', 0, 'Dest')), 1);
    const used = merged(withTree('b', ''), withTree('a', link(`/Dest ${wide}`)));
    assert.equal(followed(used, used.in(used.page(1), 'Annots', 0, 'Dest')), 1);
  });

  it('are named by scripts as they are called now', () => {
    const script = (name: string): string => `this.gotoNamedDest("${name}"); app.alert("${name}")`;
    const fixed = 'this.gotoNamedDest("x~2"); app.alert("x")';
    const texts = script('x').replaceAll(/[()]/g, String.raw`\$&`);
    const action = (js: string): string => link(`/A << /S /JavaScript /JS ${js} >>`);
    for (const [js, objects] of [
      [`(${texts})`, {}],
      ['5 0 R', { 5: { dictionary: '', data: script('x') } }],
    ] as const) {
      const result = merged(withTree('x', ''), withTree('x', action(js), objects));
      assert.equal(result.plain(result.in(result.page(1), 'Annots', 0, 'A', 'JS')), `(${fixed})`);
      assert.deepEqual(result.warnings, []);
      // One that the document does not have never becomes another's.
      const dead = merged(withTree('x', ''), withTree('y', action(js), objects));
      assert.equal(dead.plain(dead.in(dead.page(1), 'Annots', 0, 'A', 'JS')), `(${fixed})`);
      assert.deepEqual(Object.keys(named(dead)), ['x', 'y']);
    }
    const own = merged(withTree('x', action(`(${texts})`)), withTree('x', ''));
    assert.equal(own.plain(own.in(own.page(0), 'Annots', 0, 'A', 'JS')), `(${script('x')})`);
  });

  it('to elements of the structure stay beside those to pages', () => {
    const file = document(
      '/StructTreeRoot 5 0 R',
      link('/A << /S /GoTo /SD [6 0 R /Fit] /D [3 0 R /Fit] >>'),
      {
        5: '<< /Type /StructTreeRoot /K 6 0 R >>',
        6: '<< /Type /StructElem /S /P /P 5 0 R >>',
      },
    );
    const result = merged(pagesPdf(1), file);
    const target = result.in(result.page(1), 'Annots', 0, 'A', 'SD', 0);
    assert.deepEqual(target, result.at('StructTreeRoot', 'K', 0));
  });

  it('given directly lead to their own page', () => {
    const file = document('', link('/Dest [3 0 R /Fit]'));
    const result = merged(file, file);
    assert.equal(pageOf(result, result.in(result.page(1), 'Annots', 0, 'Dest')), 1);
  });
});

describe('destinations: hostile', () => {
  const trees: readonly [title: string, catalog: string, objects: Objects][] = [
    ['a tree that is its own kid', '/Names << /Dests 4 0 R >>', { 4: '<< /Kids [4 0 R 4 0 R] >>' }],
    [
      'a circle of kids',
      '/Names 6 0 R',
      { 4: '<< /Kids [5 0 R] >>', 5: '<< /Kids [4 0 R] >>', 6: '<< /Dests 4 0 R >>' },
    ],
    ['wrong types', '/Names [1] /Dests (x)', {}],
    ['wrong types below', '/Names << /Dests << /Names 5 /Kids (x) >> >> /Dests << /x 5 /y null >>', {}],
    ['odd keys', '/Names << /Dests << /Names [1 2 null (x) /y [3 0 R] (z)] >> >>', {}],
    ['references in a circle', '/Names << /Dests 4 0 R >>', { 4: '5 0 R', 5: '4 0 R' }],
    ['a page as a tree', '/Names << /Dests 3 0 R >> /Dests 3 0 R', {}],
  ];
  for (const [title, catalog, objects] of trees)
    it(`${title}: the pages are there`, () => {
      const result = merged(document(catalog, '', objects), withTree('x', link('/Dest (x)')));
      assert.equal(result.opened.pages.length, 2);
      assert.equal(followed(result, result.in(result.page(1), 'Annots', 0, 'Dest')), 1);
    });

  it('a tree deeper than any real one is read as far as it goes', () => {
    const objects: Record<number, string> = {};
    for (let number = 4; number < 3000; number++) objects[number] = `<< /Kids [${number + 1} 0 R] >>`;
    const result = merged(document('/Names << /Dests 4 0 R >>', '', objects));
    assert.deepEqual(result.warnings, ['A tree of names or numbers was too deep.']);
  });

  it('a hundred documents with the same names take little time', () => {
    const list = Array.from({ length: 50 }, (_, index) => `(n${index}) [3 0 R /Fit]`).join(' ');
    const file = document(`/Names << /Dests << /Names [${list}] >> >>`, link('/Dest (n7)'));
    const result = merged(...Array.from({ length: 100 }, () => file));
    assert.equal(result.plain(result.in(result.page(99), 'Annots', 0, 'Dest')), '(n7~100)');
  });
});
