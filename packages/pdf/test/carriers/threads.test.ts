import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pagesPdf } from '../builder.ts';
import { document, merged } from './result.ts';

/** A document with one article of two beads on its page. */
const article = (title: string): Buffer =>
  document('/Threads [4 0 R]', '/B [5 0 R 6 0 R]', {
    4: `<< /Type /Thread /F 5 0 R /I << /Title (${title}) >> >>`,
    5: '<< /Type /Bead /T 4 0 R /N 6 0 R /V 6 0 R /P 3 0 R /R [0 0 9 9] >>',
    6: '<< /Type /Bead /N 5 0 R /V 5 0 R /P 3 0 R /R [9 9 18 18] >>',
  });

describe('article threads', () => {
  it('keeps those of all documents, each with its beads on its own pages', () => {
    const result = merged(article('A'), pagesPdf(1), article('B'));
    assert.deepEqual(result.plain(result.at('Threads', 0, 'I')), { Title: '(A)' });
    assert.deepEqual(result.plain(result.at('Threads', 1, 'I')), { Title: '(B)' });
    const second = result.at('Threads', 1, 'F', 'N');
    assert.deepEqual(result.plain(result.in(second, 'R')), [9, 9, 18, 18]);
    assert.deepEqual(result.in(second, 'P'), result.page(2));
    assert.deepEqual(result.in(result.page(2), 'B', 1), second);
  });

  it('lets actions mean a thread of their own document', () => {
    const acting = (target: string, extra = ''): Buffer =>
      document(
        '/Threads [4 0 R]',
        `/Annots [<< /Subtype /Link /A << /S /Thread /D ${target} /B 0 ${extra} >> >>]`,
        { 4: '<< /Type /Thread /I << /Title <FEFF0041> >> >>' },
      );
    const target = (file: Buffer): unknown => {
      const result = merged(article('A'), file);
      const action = result.in(result.page(1), 'Annots', 0, 'A');
      assert.equal(result.plain(result.in(action, 'B')), 0);
      return result.plain(result.in(action, 'D'));
    };
    const own = { Type: '/Thread', I: { Title: '(\xfe\xff\0A)' } };
    for (const each of ['0', '(A)', '4 0 R']) assert.deepEqual(target(acting(each)), own);
    for (const each of ['1', '-1', '(B)']) assert.equal(target(acting(each)), null);
    assert.equal(target(acting('0', '/F (other.pdf)')), 0);
    const first = merged(acting('0'), article('B'));
    assert.equal(first.plain(first.in(first.page(0), 'Annots', 0, 'A', 'D')), 0);
  });

  it('adds nothing where there are none', () => {
    assert.equal(merged(pagesPdf(1), document('/Threads []', '')).at('Threads'), null);
  });

  for (const wrong of ['7', '3 0 R', '[7 99 0 R 1 0 R null]', '4 0 R'])
    it(`takes /Threads ${wrong}`, () => {
      const result = merged(document(`/Threads ${wrong}`, '', { 4: '[4 0 R 4 0 R]' }), article('B'));
      assert.equal(result.opened.pages.length, 2);
      assert.match(JSON.stringify(result.plain(result.at('Threads'))), /\(B\)/);
    });
});
