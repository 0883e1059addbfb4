import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesSource, info } from '../../src/index.ts';
import { bytes, pagesPdf } from '../builder.ts';
import { document, oddValues } from '../carriers/result.ts';
import { told, toldOf } from './read.ts';

describe('what the catalog says', () => {
  it('is the language, the structure, the portfolio', () => {
    const found = toldOf(
      '/Lang (en-GB) /MarkInfo << /Marked true >> /StructTreeRoot << /Type /StructTreeRoot >> /Collection << >>',
    );
    assert.deepEqual(
      [found.language, found.tagged, found.hasStructure, found.isPortfolio],
      ['en-GB', true, true, true],
    );
    assert.equal(toldOf('/MarkInfo << /Marked false >>').tagged, false);
  });

  it('is how the document asks to be shown, in words of the specification only', () => {
    const { viewing } = toldOf(
      '/PageMode /UseOutlines /PageLayout /TwoColumnLeft /ViewerPreferences << /DisplayDocTitle true /Direction /R2L ' +
        '/NumCopies 2 /PrintPageRange [0 1 (x)] /Enforce [/PrintScaling] /Unknown true /FitWindow << >> >>',
    );
    assert.deepEqual(viewing, {
      pageMode: 'UseOutlines',
      pageLayout: 'TwoColumnLeft',
      preferences: {
        DisplayDocTitle: true,
        Direction: 'R2L',
        PrintPageRange: [0, 1],
        NumCopies: 2,
        Enforce: ['PrintScaling'],
      },
    });
  });

  it('is the layers, as visible as they are', () => {
    const { layers } = toldOf(
      '/OCProperties << /OCGs [4 0 R 5 0 R 6 0 R 9 0 R] /D << /OFF [5 0 R] >> >>',
      '',
      {
        4: '<< /Type /OCG /Name (Walls) >>',
        5: '<< /Type /OCG /Name <FEFF20AC> >>',
        6: '<< /Type /OCG >>',
      },
    );
    assert.deepEqual(layers, [
      { name: 'Walls', isVisible: true },
      { name: '\u20ac', isVisible: false },
      { name: '', isVisible: true },
    ]);
  });

  it('is scripts, wherever the document has its own', () => {
    const script = '<< /S /JavaScript /JS (1) >>';
    const scripted = (catalog: string, page = '', objects = {}): boolean =>
      toldOf(catalog, page, objects).hasScripts;
    assert.equal(scripted(`/OpenAction ${script}`), true);
    assert.equal(scripted(`/OpenAction << /S /GoTo /Next [<< /S /URI /Next ${script} >>] >>`), true);
    assert.equal(scripted(`/AA << /WC ${script} >>`), true);
    assert.equal(scripted(`/Names << /JavaScript << /Names [(a) ${script}] >> >>`), true);
    assert.equal(scripted('/OpenAction [3 0 R /Fit] /AA << /WC << /S /URI >> >>'), false);
    assert.equal(scripted('/OpenAction 4 0 R', '', { 4: '<< /S /GoTo /Next 4 0 R >>' }), false);
  });

  it('is scripts of pages and annotations too, where they are looked for', () => {
    const script = '<< /S /JavaScript /JS (1) >>';
    const objects = { 4: `<< /Subtype /Link /A ${script} >>`, 5: '<< /Subtype /Link /A << /S /URI >> >>' };
    for (const page of [
      `/AA << /O ${script} >>`,
      '/Annots [5 0 R 4 0 R]',
      `/Annots [<< /AA << /E ${script} >> >>]`,
    ]) {
      assert.equal(toldOf('', page, objects).hasScripts, true, page);
      assert.equal(info(bytesSource(document('', page, objects))).hasScripts, false, page);
    }
    assert.equal(toldOf('', '/Annots [5 0 R 3 0 R 99 0 R]', objects).hasScripts, false);
  });

  it('is whether it is signed', () => {
    assert.equal(toldOf('/AcroForm << /SigFlags 3 >>').isSigned, true);
    assert.equal(toldOf('/AcroForm << /SigFlags 2 >>').isSigned, false);
  });

  it('is the label of each page', () => {
    const labels = (nums: string, count = 6): unknown =>
      told(
        bytes(
          pagesPdf(count)
            .toString('latin1')
            .replace('/Catalog ', `/Catalog /PageLabels << /Nums [${nums}] >> `)
            .replace(/startxref[^]*/, ''),
        ),
      ).pageLabels;
    assert.deepEqual(labels('0 << /S /r >> 2 << /S /D /P (A-) /St 8 >> 5 << /P <FEFF20AC> >>'), [
      'i',
      'ii',
      'A-8',
      'A-9',
      'A-10',
      '\u20ac',
    ]);
    assert.deepEqual(labels('1 << /S /A /St 26 >> 4 << /S /R /St 1994 >>'), [
      '1',
      'Z',
      'AA',
      'BB',
      'MCMXCIV',
      'MCMXCV',
    ]);
    assert.deepEqual(
      labels('0 << /S /R /St 2000000000 >> 1 << /S /a /St 2000000000 >> 2 << /S /x /St -3 >>', 3),
      ['2000000000', '2000000000', '1'],
    );
    assert.equal(labels('', 2), undefined);
    assert.equal(labels('9 << /S /r >>', 2), undefined);
  });

  it('is the version, the later one', () => {
    assert.equal(toldOf('/Version /2.0').version, '2.0');
    assert.equal(toldOf('/Version /1.2').version, '1.7');
  });

  it('is not trusted', () => {
    const keys =
      'Lang MarkInfo StructTreeRoot Collection PageMode PageLayout ViewerPreferences OCProperties OpenAction AA Names ' +
      'PageLabels Metadata Outlines AcroForm AF Dests Perms';
    for (const odd of [...oddValues, 'null', 'true', '[10 0 R]', '/Name'])
      for (const key of keys.split(' ')) {
        const found = toldOf(`/${key} ${odd}`, `/Annots ${odd} /AF ${odd}`, {
          10: `<< /${key} ${odd} /Kids 10 0 R >>`,
        });
        assert.equal(found.pageCount, 1, `${key} ${odd}`);
        assert.equal(found.tagged, false);
      }
  });
});

describe('a linearized file', () => {
  /** A file of which the first object says that the file is linearized and how long it is. */
  const linearized = (length: (size: number) => number, first = '/Linearized 1'): Buffer => {
    const plain = pagesPdf(1).toString('latin1');
    const at = plain.indexOf('1 0 obj');
    const head = (size: number): string =>
      `500 0 obj\n<< ${first} /L ${String(length(size)).padStart(10, '0')} >>\nendobj\n`;
    const size = plain.length + head(0).length;
    return bytes(plain.slice(0, at) + head(size) + plain.slice(at));
  };
  const isLinearized = (file: Buffer): boolean => info(bytesSource(file)).linearized;

  it('says so first of all, and knows its size', () => {
    assert.equal(isLinearized(linearized((size) => size)), true);
  });

  it('is none if it has changed, or says something else', () => {
    assert.equal(isLinearized(linearized((size) => size - 1)), false);
    assert.equal(isLinearized(linearized((size) => size, '/Other 1')), false);
    assert.equal(isLinearized(bytes(`x${linearized((size) => size + 1).toString('latin1')}`)), false);
  });
});
