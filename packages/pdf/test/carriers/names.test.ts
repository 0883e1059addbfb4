import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  bytesOfText,
  textOfBytes,
  UniqueNames,
  withCount,
  withTilde,
} from '../../src/document/carriers/names-unique.ts';
import type { PdfObject } from '../../src/objects/object.ts';
import { pagesPdf, type Objects } from '../builder.ts';
import { document, merged, type Result } from './result.ts';

/** The keys of a name tree of one leaf, and something of each value. */
function tree(result: Result, kind: string, ...path: string[]): Record<string, unknown> {
  const list = result.at('Names', kind, 'Names');
  assert.ok(list === null || Array.isArray(list));
  const found: Record<string, unknown> = {};
  for (let at = 0; at < (list?.length ?? 0); at += 2)
    found[result.plain(list![at]) as string] = result.plain(result.in(list![at + 1]!, ...path));
  return found;
}

const utf16 = (text: string): string => textOfBytes(Buffer.from(`\ufeff${text}`, 'utf16le').swap16());

describe('names that clash', () => {
  it('get a tilde and a number, and never clash again', () => {
    const names = new UniqueNames();
    assert.deepEqual(
      ['a', 'a', 'a~2', 'a', 'b', 'a~2'].map((name) => names.take(name)),
      ['a', 'a~2', 'a~2~2', 'a~3', 'b', 'a~2~3'],
    );
    assert.ok(names.has('a~3') && !names.has('a~4'));
  });

  it('get a number before the extension where they are names of files', () => {
    const renamed: Record<string, string> = {
      'a.txt': 'a (2).txt',
      'a.tar.gz': 'a.tar (2).gz',
      a: 'a (2)',
      '.profile': '.profile (2)',
      '': ' (2)',
      [utf16('ä.txt')]: utf16('ä (2).txt'),
      [utf16('ä')]: utf16('ä (2)'),
    };
    for (const [name, expected] of Object.entries(renamed)) assert.equal(withCount(name, 2), expected);
  });

  it('stay in their encoding', () => {
    assert.equal(withTilde(utf16('ä'), 12), utf16('ä~12'));
    assert.deepEqual(bytesOfText(textOfBytes(Uint8Array.of(0, 128, 255))), Buffer.from([0, 128, 255]));
  });
});

/** A document with an attached file: name in the tree, name of the file, contents. */
const attached = (key: string, name: string, data: string, page = ''): Buffer =>
  document(`/Names << /EmbeddedFiles << /Names [(${key}) 4 0 R] >> >>`, page, {
    4: `<< /Type /Filespec /F (${name}) /UF (${name}) /EF << /F 5 0 R >> /Desc (d) >>`,
    5: { dictionary: '/Type /EmbeddedFile', data },
  });

describe('attachments', () => {
  it('of all documents come along, with their contents', () => {
    const result = merged(pagesPdf(1), attached('b.txt', 'b.txt', 'bee'), attached('a.txt', 'a.txt', 'aye'));
    assert.deepEqual(tree(result, 'EmbeddedFiles', 'UF'), { '(a.txt)': '(a.txt)', '(b.txt)': '(b.txt)' });
    assert.match(result.text, /stream\nbee\nendstream/);
    assert.match(result.text, /stream\naye\nendstream/);
  });

  it('with one name stay two, in the tree and when they are saved', () => {
    const file = attached('a.txt', 'a.txt', 'x');
    const result = merged(file, file, file);
    const expected = { '(a.txt)': '(a.txt)', '(a (2).txt)': '(a (2).txt)', '(a (3).txt)': '(a (3).txt)' };
    assert.deepEqual(tree(result, 'EmbeddedFiles', 'UF'), expected);
    assert.deepEqual(tree(result, 'EmbeddedFiles', 'F'), expected);
    assert.deepEqual(Object.values(tree(result, 'EmbeddedFiles', 'Desc')), ['(d)', '(d)', '(d)']);
  });

  it('with one file name under two names stay two as well', () => {
    const result = merged(attached('one', 'a.txt', 'x'), attached('two', 'a.txt', 'y'));
    assert.deepEqual(tree(result, 'EmbeddedFiles', 'UF'), { '(one)': '(a.txt)', '(two)': '(a (2).txt)' });
  });

  it('that stand in the tree directly are renamed too', () => {
    const file = document('/Names << /EmbeddedFiles << /Names [(a) << /UF (a) >>] >> >>', '');
    assert.deepEqual(tree(merged(file, file), 'EmbeddedFiles', 'UF'), { '(a)': '(a)', '(a (2))': '(a (2))' });
  });

  it('that an annotation or the catalog shares stay one object', () => {
    const result = merged(
      attached('a.txt', 'a.txt', 'x'),
      attached('a.txt', 'a.txt', 'x', '/Annots [<< /Subtype /FileAttachment /FS 4 0 R >>]'),
    );
    assert.equal(result.plain(result.in(result.page(1), 'Annots', 0, 'FS', 'UF')), '(a (2).txt)');
    assert.equal(result.text.match(/\/Filespec/g)!.length, 2);
  });

  it('are found by links into them, whatever they are called now', () => {
    const link = (target: string, more = ''): string =>
      `<< /Subtype /Link /A << /S /GoToE /D [0 /Fit] /T ${target} ${more} >> >>`;
    const targets = ['<< /R /C /N (a) >>', '<< /R /P /N (a) >>', '<< /R /C /N (b) >>', '<< /R /C >>', '7'];
    const all = [...targets.map((each) => link(each)), link(targets[0]!, '/F (other.pdf)')].join(' ');
    const result = merged(attached('a', 'x', '1'), attached('a', 'y', '2', `/Annots [${all}]`));
    const names = result.in(result.page(1), 'Annots') as PdfObject[];
    assert.deepEqual(
      names.map((each) => result.plain(result.in(each, 'A', 'T', 'N'))),
      ['(a (2))', '(a)', '(b)', null, null, '(a)'],
    );
  });

  it('by the same name in another encoding are the same to some readers', () => {
    const result = merged(attached('a', 'x', '1'), attached('\\376\\377\\000a', 'y', '2'));
    assert.deepEqual(Object.keys(tree(result, 'EmbeddedFiles')), ['(a)', `(${utf16('a (2)')})`]);
  });

  it('that are no file specifications are dropped', () => {
    const list = '(a) null (b) 9 0 R (c) (text) (d) [1]';
    const result = merged(document(`/Names << /EmbeddedFiles << /Names [${list}] >> >>`, ''));
    assert.equal(result.at('Names'), null);
  });
});

const script = (name: string, code: string): Buffer =>
  document(`/Names << /JavaScript << /Names [(${name}) << /S /JavaScript /JS (${code}) >>] >> >>`, '');

describe('scripts', () => {
  it('of all documents come along, renamed where names clash, in order', () => {
    const result = merged(script('init', 'one'), script('init', 'two'), script('zoom', 'three'));
    assert.deepEqual(Object.entries(tree(result, 'JavaScript', 'JS')), [
      ['(init)', '(one)'],
      ['(init~2)', '(two)'],
      ['(zoom)', '(three)'],
    ]);
  });
});

describe('other name trees', () => {
  for (const kind of ['AP', 'Pages', 'Templates', 'IDS', 'URLS', 'AlternatePresentations', 'Renditions'])
    it(`${kind} are merged alike`, () => {
      const file = (text: string): Buffer =>
        document(`/Names << /${kind} << /Names [(n) << /Text (${text}) >>] >> >>`, '');
      assert.deepEqual(tree(merged(file('a'), file('b')), kind, 'Text'), { '(n)': '(a)', '(n~2)': '(b)' });
    });

  it('of encrypted and odd spelling are sorted by bytes', () => {
    const file = document('/Names << /IDS << /Names [(b) 1 <ff> 2 (B) 3 <00> 4] >> >>', '');
    assert.deepEqual(Object.values(tree(merged(file), 'IDS')), [4, 3, 1, 2]);
  });

  it('that nobody knows are dropped', () => {
    assert.equal(merged(document('/Names << /Odd << /Names [(a) 1] >> >>', '')).at('Names'), null);
  });
});

describe('names: hostile', () => {
  const objects: Objects = {
    4: '<< /Kids [4 0 R 5 0 R (x) 3 0 R 1 0 R] /Names [(a)] >>',
    5: '<< /Names [(b) 5 0 R (c) 4 0 R (d) 1 0 R (e) 2 0 R (f) 3 0 R (g) 6 0 R (h) 7 0 R] >>',
    6: '6 0 R',
    7: '<< /UF 7 0 R /F /Name >>',
  };
  for (const kind of ['EmbeddedFiles', 'JavaScript', 'Dests', 'AP'])
    it(`${kind} that lead everywhere: the pages are there`, () => {
      const file = document(`/Names << /${kind} 4 0 R >>`, '', objects);
      assert.equal(merged(file, file).opened.pages.length, 2);
    });
});
