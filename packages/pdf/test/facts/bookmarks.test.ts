import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Bookmark } from '../../src/index.ts';
import { buildPdf, type Objects } from '../builder.ts';
import { told, toldOf } from './read.ts';

/** A document of three pages (3, 4, 5) with an outline that is object 6. */
const outlined = (catalog: string, objects: Objects): readonly Bookmark[] =>
  told(
    buildPdf({
      1: `<< /Type /Catalog /Pages 2 0 R /Outlines 6 0 R ${catalog} >>`,
      2: '<< /Type /Pages /Kids [3 0 R 4 0 R 5 0 R] /Count 3 /MediaBox [0 0 9 9] >>',
      ...Object.fromEntries([3, 4, 5].map((number) => [number, '<< /Type /Page /Parent 2 0 R >>'])),
      6: '<< /First 10 0 R >>',
      ...objects,
    }),
  ).bookmarks!;

/** The page of one item with these entries. */
const target = (entries: string, catalog = ''): number | undefined =>
  outlined(catalog, { 10: `<< /Title (a) ${entries} >>` })[0]!.pageIndex;

describe('bookmarks', () => {
  it('are told in order, each with its level and page', () => {
    const found = outlined('', {
      10: '<< /Title (One) /First 11 0 R /Count 1 /Next 13 0 R /Dest [3 0 R /Fit] >>',
      11: '<< /Title <FEFF20AC> /First 12 0 R /Count -1 /Dest [4 0 R /Fit] >>',
      12: '<< /Title (Deep) /Dest [5 0 R /Fit] >>',
      13: '<< >>',
    });
    assert.deepEqual(found, [
      { title: 'One', level: 0, pageIndex: 0, isOpen: true },
      { title: '\u20ac', level: 1, pageIndex: 1, isOpen: false },
      { title: 'Deep', level: 2, pageIndex: 2, isOpen: false },
      { title: '', level: 0, pageIndex: undefined, isOpen: false },
    ]);
  });

  it('lead to pages by all kinds of destinations', () => {
    assert.equal(target('/Dest [5 0 R /XYZ 0 0 0]'), 2);
    assert.equal(target('/Dest [1 /Fit]'), 1);
    assert.equal(target('/A << /S /GoTo /D [4 0 R /Fit] >>'), 1);
    assert.equal(target('/Dest (here)', '/Names << /Dests << /Names [(here) [5 0 R /Fit]] >> >>'), 2);
    assert.equal(target('/Dest /here', '/Dests << /here << /D [4 0 R /Fit] >> >>'), 1);
    assert.equal(
      target('/A << /S /GoTo /D (x) >>', '/Names << /Dests << /Names [(x) << /D [4 0 R] >>] >> >>'),
      1,
    );
  });

  it('lead nowhere where the document does not say', () => {
    for (const entries of [
      '/Dest (none)',
      '/Dest [9 0 R /Fit]',
      '/Dest [7 /Fit]',
      '/Dest []',
      '/Dest 10 0 R',
      '/A << /S /URI /URI (x) >>',
      '/A << /S /GoToR /D [0 /Fit] >>',
      '/A 10 0 R',
    ])
      assert.equal(target(entries), undefined, entries);
  });

  it('are read although they are a loop, or far too deep', () => {
    const loop = toldOf('/Outlines << /First 10 0 R >>', '', {
      10: '<< /Title (a) /Next 11 0 R >>',
      11: '<< /Title (b) /First 10 0 R /Next 10 0 R >>',
    });
    assert.deepEqual(
      loop.bookmarks!.map(({ title }) => title),
      ['a', 'b'],
    );
    assert.deepEqual(loop.warnings, ['The outline was a loop.']);
    const deep: Record<number, string> = {};
    for (let number = 10; number < 5000; number++) deep[number] = `<< /Title (t) /First ${number + 1} 0 R >>`;
    const found = toldOf('/Outlines << /First 10 0 R >>', '', deep);
    assert.equal(found.bookmarks!.at(-1)!.level, 127);
    assert.deepEqual(found.warnings, ['The outline was too deep.']);
  });

  it('that cost too much leave the rest of the document what it needs', () => {
    const objects: Record<number, string> = {
      8: '<< /T (a) /FT /Tx /V (value) >>',
      9: `(${'x'.repeat(1_000_000)})`,
    };
    for (let number = 10; number < 400; number++)
      objects[number] = `<< /Title 9 0 R /Next ${number + 1} 0 R >>`;
    const found = toldOf('/Outlines << /First 10 0 R >> /AcroForm << /Fields [8 0 R] >>', '', objects);
    assert.deepEqual(found.bookmarks, []);
    assert.equal(found.form!.fields[0]!.value, 'value');
    assert.match(found.warnings.join(' '), /The bookmarks could not be read/);
  });

  it('have titles that together are no longer than the file lets them be', () => {
    const objects: Record<number, string> = { 9: `(${'x'.repeat(1_000_000)})` };
    for (let number = 10; number < 200; number++)
      objects[number] = `<< /Title 9 0 R /Next ${number + 1} 0 R >>`;
    const found = toldOf('/Outlines << /First 10 0 R >>', '', objects);
    const characters = found.bookmarks!.reduce((sum, { title }) => sum + title.length, 0);
    assert.ok(characters <= 16 * 1024 * 1024);
    assert.ok(found.warnings.length > 0);
  });
});
