import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { bytesSource, memorySink, merge, type MergeOptions } from '../../src/index.ts';
import { PdfReference } from '../../src/objects/reference.ts';
import type { PdfObject } from '../../src/objects/object.ts';
import { buildPdf, pagesPdf, type Objects } from '../builder.ts';
import { inspect } from '../inspect.ts';
import { document, merged, Result } from './result.ts';

/** An outline in lines: two blanks for each level, the title, the page it leads to, /Count. */
function lines(result: Result): string[] {
  const found: string[] = [];
  const visit = (parent: PdfObject, level: string): void => {
    let previous: PdfObject = null;
    const { opened } = result;
    const owner = result.resolve(parent);
    let next = owner instanceof Map ? (owner.get('First') ?? null) : null;
    while (next instanceof PdfReference) {
      const item = result.resolve(next);
      assert.ok(item instanceof Map);
      assert.deepEqual(item.get('Parent'), parent);
      assert.deepEqual(item.get('Prev') ?? null, previous);
      const target = result.in(item, 'Dest') ?? result.in(item, 'A', 'D');
      const [page] = Array.isArray(target) ? target : [];
      const index =
        page instanceof PdfReference ? opened.pages.findIndex(({ number }) => number === page.number) : '-';
      const count = result.plain(item.get('Count')) ?? '';
      found.push(`${level}${String(result.plain(item.get('Title')))} ${index} ${String(count)}`.trimEnd());
      visit(next, `${level}  `);
      previous = next;
      next = item.get('Next') ?? null;
    }
    assert.deepEqual((owner as Map<string, PdfObject>).get('Last') ?? null, previous);
  };
  visit(result.opened.catalog.get('Outlines')!, '');
  return found;
}

const outline = (name: string, page = ''): Buffer =>
  document('/Outlines 4 0 R', page, {
    4: '<< /First 5 0 R /Last 7 0 R /Count 3 >>',
    5: `<< /Title (${name} one) /Parent 4 0 R /Next 7 0 R /First 6 0 R /Last 6 0 R /Count 1 /Dest [3 0 R /Fit] >>`,
    6: `<< /Title (${name} below) /Parent 5 0 R /First 8 0 R /Last 8 0 R /Count -1 /C [1 0 0] /F 3 >>`,
    7: `<< /Title (${name} two) /Parent 4 0 R /Prev 5 0 R /A << /S /GoTo /D [3 0 R /Fit] >> >>`,
    8: `<< /Title (${name} deep) /Parent 6 0 R /A << /S /URI /URI (u) >> >>`,
  });

function mergedBy(files: readonly Buffer[], titles: readonly string[], options: MergeOptions): Result {
  const sink = memorySink();
  const inputs = files.map((file, index) => ({ source: bytesSource(file), title: titles[index] }));
  const { warnings } = merge(inputs, sink, options);
  inspect(Buffer.from(sink.bytes()));
  return new Result(Buffer.from(sink.bytes()), warnings);
}

describe('outlines', () => {
  it('of all documents follow each other, nested and open as they were', () => {
    const result = merged(outline('A'), pagesPdf(1), outline('B'));
    const of = (name: string, page: number): string[] => [
      `(${name} one) ${page} 1`,
      `  (${name} below) - -1`,
      `    (${name} deep) -`,
      `(${name} two) ${page}`,
    ];
    assert.deepEqual(lines(result), [...of('A', 0), ...of('B', 2)]);
    assert.equal(result.plain(result.at('Outlines', 'Count')), 6);
    assert.deepEqual(result.warnings, []);
  });

  it('keep colours, flags and actions', () => {
    const result = merged(pagesPdf(1), outline('A'));
    const below = result.at('Outlines', 'First', 'First');
    assert.deepEqual(result.plain(result.in(below, 'C')), [1, 0, 0]);
    assert.equal(result.plain(result.in(below, 'F')), 3);
    assert.deepEqual(result.plain(result.in(below, 'First', 'A')), { S: '/URI', URI: '(u)' });
  });

  it('are not there if no document has any', () => {
    assert.equal(merged(pagesPdf(1), pagesPdf(1)).at('Outlines'), null);
    assert.equal(merged(document('/Outlines << /Type /Outlines >>', '')).at('Outlines'), null);
  });

  it('stand under the titles of their documents where that is asked for', () => {
    const result = mergedBy([outline('A'), pagesPdf(2)], ['Jänner.pdf'], { outlines: 'by-document' });
    const found = lines(result);
    assert.deepEqual(found.slice(1), [
      '  (A one) 0 1',
      '    (A below) - -1',
      '      (A deep) -',
      '  (A two) 0',
      '(Document 2) 1',
    ]);
    assert.equal(found[0], `(${Buffer.from('\ufeffJänner.pdf', 'utf16le').swap16().toString('latin1')}) 0 3`);
    assert.equal(result.plain(result.at('Outlines', 'Count')), 5);
  });

  it('follow names that are changed', () => {
    const names = '/Names << /Dests << /Names [(x) [3 0 R /Fit]] >> >>';
    const file = document(`/Outlines 4 0 R ${names}`, '', {
      4: '<< /First 5 0 R /Last 5 0 R >>',
      5: '<< /Title (t) /Parent 4 0 R /Dest (x) >>',
    });
    const result = merged(file, file);
    assert.equal(result.plain(result.at('Outlines', 'First', 'Dest')), '(x)');
    assert.equal(result.plain(result.at('Outlines', 'First', 'Next', 'Dest')), '(x~2)');
  });

  it('lose a target that is not there, and keep the title', () => {
    const file = document('/Outlines 4 0 R', '', {
      4: '<< /First 5 0 R >>',
      5: '<< /Title (a) /Dest [9 0 R /Fit] /Next 6 0 R >>',
      6: '<< /Title (b) /A << /S /GoTo /D [9 0 R /Fit] >> /Next 7 0 R >>',
      7: '<< /Title (c) /Dest [0 /Fit] >>',
    });
    const result = merged(pagesPdf(1), file);
    assert.deepEqual(lines(result), ['(a) -', '(b) -', '(c) 1']);
    assert.equal(result.at('Outlines', 'First', 'Next', 'A'), null);
  });

  it('have readable titles where the document was encrypted', () => {
    const file = readFileSync(new URL('../fixtures/encrypted-outline.pdf', import.meta.url));
    assert.deepEqual(lines(merged(pagesPdf(1), file)), ['(Chapter one) 1']);
  });
});

describe('outlines: hostile', () => {
  const cases: readonly [title: string, catalog: string, objects: Objects, warning: RegExp | undefined][] = [
    [
      'an item that follows itself',
      '/Outlines 4 0 R',
      { 4: '<< /First 5 0 R >>', 5: '<< /Title (t) /Next 5 0 R >>' },
      /loop/,
    ],
    [
      'an item below itself',
      '/Outlines 4 0 R',
      { 4: '<< /First 5 0 R >>', 5: '<< /Title (t) /First 5 0 R >>' },
      /loop/,
    ],
    [
      'the root as an item',
      '/Outlines 4 0 R',
      { 4: '<< /First 5 0 R >>', 5: '<< /Title (t) /Next 4 0 R /First 4 0 R >>' },
      /loop/,
    ],
    [
      'items that do not exist',
      '/Outlines 4 0 R',
      { 4: '<< /First 5 0 R >>', 5: '<< /Title (t) /Next 99 0 R /First (x) >>' },
      /do not exist/,
    ],
    ['the catalog as an item', '/Outlines << /First 1 0 R >>', {}, undefined],
    ['a page as an item', '/Outlines << /First 3 0 R >>', {}, undefined],
    ['an item as the root', '/Outlines [1 2]', {}, undefined],
  ];
  for (const [title, catalog, objects, warning] of cases)
    it(`${title}: the pages are there`, () => {
      const result = merged(document(catalog, '', objects));
      assert.equal(result.opened.pages.length, 1);
      if (warning !== undefined) {
        assert.match(result.warnings.join(), warning);
        assert.match(lines(result)[0]!, /^\(t\)/);
      }
    });

  it('10,000 levels', () => {
    const objects: Record<number, string> = { 1: '<< /Pages 2 0 R /Outlines 9 0 R >>' };
    objects[2] = '<< /Kids [3 0 R] /Count 1 >>';
    objects[3] = '<< /Type /Page /MediaBox [0 0 9 9] >>';
    for (let number = 9; number < 10_000; number++)
      objects[number] = `<< /Title (t) /First ${number + 1} 0 R >>`;
    const result = merged(buildPdf(objects));
    assert.match(result.warnings.join(), /too deep/);
  });

  it('20,000 items in a row', () => {
    const objects: Record<number, string> = { 4: '<< /First 10 0 R >>' };
    for (let number = 10; number < 20_010; number++)
      objects[number] = `<< /Title (t) /Next ${number === 20_009 ? 'null' : `${number + 1} 0 R`} >>`;
    assert.equal(lines(merged(document('/Outlines 4 0 R', '', objects))).length, 20_000);
  });
});
