import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Hit, SearchSettings } from '../../../src/engines/capabilities.ts';
import { PatternRefused } from '../../../src/engines/pdfium/find/dotnet.ts';
import { patternOf } from '../../../src/engines/pdfium/find/pattern.ts';
import { searchPage } from '../../../src/engines/pdfium/find/search.ts';
import { documentOf, line } from './documents.ts';
import { everything, withPage } from './open-page.ts';

const plain: SearchSettings = { text: '', isExpression: false, caseSensitive: true, words: 'none' };
const search = (text: string, own: Partial<SearchSettings> = {}) => ({ ...plain, ...own, text });
const expression = (text: string) => search(text, { isExpression: true });

function find(content: string, ...searches: SearchSettings[]): Promise<Hit[]> {
  return withPage(documentOf([content]), {}, (page) =>
    searchPage(page, everything, searches.map(patternOf), 1_000),
  );
}
const texts = (hits: readonly Hit[]) => hits.map(({ text }) => text);

describe('text that is looked for', () => {
  it('is found with its exact place', async () => {
    const [hit, ...others] = await find(line('see Notes here', 50, 700, 10), search('Notes'));
    assert.ok(hit);
    assert.deepEqual(others, []);
    // Helvetica at 10 points: `see ` takes 18.9, `Notes` 26.12.
    assert.ok(Math.abs(hit.left - 68.9) < 0.1, `${hit.left}`);
    assert.ok(Math.abs(hit.width - 26.12) < 0.1, `${hit.width}`);
    assert.ok(hit.top < 100 && hit.top + hit.height > 100 && hit.height < 13);
    assert.equal(hit.pageIndex, 0);
    const { text, left, top, width, height } = hit;
    assert.deepEqual(hit.elements, [{ text, left, top, width, height }]);
  });

  it('may be drawn in pieces', async () => {
    const content = 'BT /F1 10 Tf 50 700 Td [(No) -20 (te)] TJ (s) Tj /F2 10 Tf ( here) Tj ET';
    assert.deepEqual(texts(await find(content, search('Notes here'))), ['Notes here']);
  });

  it('may go over lines, and be divided by a hyphen', async () => {
    const content = ['the first', 'line, exam-', 'ple of it'].map((text, index) =>
      line(text, 50, 700 - 14 * index),
    );
    const [first] = await find(content.join(''), search('first line'));
    assert.deepEqual(
      first?.elements.map(({ text }) => text),
      ['first', 'line'],
    );
    assert.ok((first?.elements[0]?.top ?? 0) < (first?.elements[1]?.top ?? 0));
    assert.equal((await find(content.join(''), search('example of'))).length, 1);
  });

  it('is told once where lines are columns too', async () => {
    const rows = ['Total', 'Tax'].flatMap((text, index) => [
      line(text, 50, 700 - 14 * index),
      line(`1${index}`, 400, 700 - 14 * index),
    ]);
    assert.deepEqual(texts(await find(rows.join(''), search('Total 10'))), ['Total 10']);
    assert.deepEqual(texts(await find(rows.join(''), search('Tax'))), ['Tax']);
  });

  it('heeds letter case, or does not', async () => {
    const content = line('Notes NOTES notes', 50, 700);
    assert.deepEqual(texts(await find(content, search('notes'))), ['notes']);
    assert.equal((await find(content, search('notes', { caseSensitive: false }))).length, 3);
  });

  it('is anywhere, or whole words alone', async () => {
    const content = line('cat catalog concat cat-like', 50, 700);
    assert.equal((await find(content, search('cat'))).length, 4);
    assert.equal((await find(content, search('cat', { words: 'exact' }))).length, 2);
    const spaced = line('InvoiceNumber 7 Invoice Number 8', 50, 700);
    assert.equal((await find(spaced, search('Invoice Number', { words: 'exact' }))).length, 1);
    assert.equal((await find(spaced, search('Invoice Number', { words: 'smart' }))).length, 2);
  });

  it('stands for itself, whatever signs it has', async () => {
    assert.deepEqual(texts(await find(line('a (b) [c] $1.00 x', 50, 700), search('(b) [c] $1.00'))), [
      '(b) [c] $1.00',
    ]);
  });

  it('is found in ligatures, and in right-to-left text', async () => {
    const show = 'BT /F3 20 Tf 50 700 Td (AE) Tj ET BT /F3 20 Tf 50 650 Td (DC) Tj ET';
    // 13.3 points for `ffi` and as many for `fi`: each letter has a part of them.
    const [hit] = await find(show, search('ifi'));
    assert.ok(hit && hit.left > 58 && hit.width < 19, JSON.stringify(hit));
    const [hebrew] = await find(show, search('\u05d0'));
    assert.ok(hebrew && hebrew.left > 60, 'the first letter stands on the right');
  });

  it('may be several, told from top to bottom, and no more than were asked for', async () => {
    const content = ['b a', 'a b'].map((text, index) => line(text, 50, 700 - 20 * index)).join('');
    assert.deepEqual(texts(await find(content, search('a'), search('b'))), ['b', 'a', 'a', 'b']);
    const some = await withPage(documentOf([content]), {}, (page) =>
      searchPage(page, everything, [patternOf(search('a'))], 1),
    );
    assert.equal(some.length, 1);
  });
});

describe('regular expressions', () => {
  const matches = (pattern: string, text: string) =>
    [...patternOf(expression(pattern)).find(text)].map(([from, to]) => text.slice(from, to));

  for (const [pattern, text, expected] of [
    ['\\d{1,}\\.\\d\\d', 'at 12.50 and 7.00', ['12.50', '7.00']],
    ['[4-9][0-9].[0-9][0-9]', '42.00 12.00', ['42.00']],
    ['(?<year>\\d{4})-\\d\\d', '2024-05', ['2024-05']],
    ["(?'y'\\d+)", '7', ['7']],
    ['\\w+', 'Gr\u00fc\u00dfe \u05d0\u05d1', ['Gr\u00fc\u00dfe', '\u05d0\u05d1']],
    ['[\\w.]+@[\\w.]+', 'to a.b@c.de now', ['a.b@c.de']],
    ['\\u0041\\x42', 'AB', ['AB']],
    ['(?i)total', 'TOTAL', ['TOTAL']],
    ['^b$', 'a\nb\nc', ['b']],
    ['[[]x[]]', '[x]', ['[x]']],
    ['a(?#note)b', 'ab', ['ab']],
    ['\\s', 'a\u00a0b', ['\u00a0']],
    ['a|', 'ba', ['a']],
    ['\\D+', '1ab2', ['ab']],
  ] as const)
    it(`as .NET writes them: ${pattern}`, () => {
      assert.deepEqual(matches(pattern, text), expected);
    });

  for (const [pattern, says] of [
    ['(a)\\1', /references/],
    ['(?<q>a)\\k<q>', /references/],
    ['a(?=b)', /looking ahead/],
    ['(?<!a)b', /looking ahead or behind/],
    ['(?>a)', /way back/],
    ['(?(a)b|c)', /conditions/],
    ['[a-z-[aeiou]]', /classes/],
    ['(', /can be read/],
    ['a{2000}', /can be read/],
    ['((a{100}){100}){100}', /can be read/],
    ['\\', /backslash/],
    ['x'.repeat(5_000), /at most/],
  ] as const)
    it(`are refused with what is wrong with them: ${pattern.slice(0, 20)}`, () => {
      assert.throws(
        () => patternOf(expression(pattern)),
        (error) => error instanceof PatternRefused && says.test(error.message),
      );
    });

  for (const pattern of ['(a+)+$', '(a|aa)+$', '(.*)*x', '(a*)*b', '([a-zA-Z]+)*$', '(a?){500}a{500}'])
    it(`take no longer than a text is long: ${pattern}`, () => {
      // What goes back would take years over this.
      assert.ok(matches(pattern, `${'a'.repeat(20_000)}!`).length >= 0);
    });
});
