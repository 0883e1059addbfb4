import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deflateSync } from 'node:zlib';
import { PdfStream } from '../../src/objects/stream.ts';
import { pagesPdf, type Objects } from '../builder.ts';
import { document, merged, oddValues, type Result } from './result.ts';

const WIDGET = '/Type /Annot /Subtype /Widget /Rect [10 10 90 30]';

/** A document with a form: its entries, the annotations of its page, and the objects from 10 on. */
const form = (entries: string, annotations: string, objects: Objects): Buffer =>
  document(`/AcroForm << ${entries} >>`, `/Annots [${annotations}]`, objects);

/** A form of one text field. */
const field = (name: string, value: string, extra = '', entries = ''): Buffer =>
  form(`/Fields [10 0 R] ${entries}`, '10 0 R', {
    10: `<< ${WIDGET} /FT /Tx /T ${name} /V (${value}) ${extra} >>`,
  });

const fields = (result: Result, key: string): unknown[] => result.each(result.at('AcroForm', 'Fields'), key);

describe('forms', () => {
  it('adds nothing to documents without a form', () => {
    assert.equal(merged(pagesPdf(1), pagesPdf(1)).at('AcroForm'), null);
  });

  it('keeps fields of one name apart, each with its value and on its page', () => {
    const result = merged(field('(a)', 'one'), pagesPdf(1), field('(a)', 'two'), field('(b)', 'three'));
    assert.deepEqual(fields(result, 'T'), ['(a)', '(a~3)', '(b)']);
    assert.deepEqual(fields(result, 'V'), ['(one)', '(two)', '(three)']);
    assert.deepEqual(result.in(result.page(2), 'Annots', 0), result.at('AcroForm', 'Fields', 1));
    assert.deepEqual(result.warnings, []);
  });

  it('compares names by what they say, and renames each in its own encoding', () => {
    const wide = '<FEFF0061>';
    const result = merged(field('(a)', '1'), field(wide, '2'), field('<EFBBBF61>', '3'));
    const names = ['(a)', '(\xfe\xff\0a\0~\x002)', '(\xef\xbb\xbfa~3)'];
    assert.deepEqual(fields(result, 'T'), names);
    const odd = ['(\\200\\237)', '<FFFE2220>'];
    const again = odd.flatMap((name) => fields(merged(field(name, '1'), field(name, '2')), 'T')[1]);
    assert.deepEqual(again, ['(\x80\x9f~2)', '(\xff\xfe\x22\x20~\x002\0)']);
  });

  it('takes a name that is free', () => {
    const two = form('/Fields [10 0 R 11 0 R]', '', {
      10: '<< /FT /Tx /T (a) >>',
      11: '<< /FT /Tx /T (a~2) >>',
    });
    assert.deepEqual(fields(merged(field('(a)', '1'), two), 'T'), ['(a)', '(a~3)', '(a~2)']);
  });

  it('keeps trees: kids keep their names, a field may have widgets on two pages', () => {
    const tree = form('/Fields [10 0 R]', '11 0 R 13 0 R 14 0 R', {
      10: '<< /T (top) /Kids [11 0 R 12 0 R] >>',
      11: `<< ${WIDGET} /FT /Tx /T (leaf) /Parent 10 0 R >>`,
      12: '<< /FT /Tx /T (two) /Parent 10 0 R /Kids [13 0 R 14 0 R] >>',
      13: `<< ${WIDGET} /Parent 12 0 R >>`,
      14: `<< ${WIDGET} /Parent 12 0 R >>`,
    });
    const result = merged(tree, tree);
    assert.deepEqual(fields(result, 'T'), ['(top)', '(top~2)']);
    const second = result.at('AcroForm', 'Fields', 1);
    assert.deepEqual(result.each(result.in(second, 'Kids'), 'T'), ['(leaf)', '(two)']);
    assert.equal((result.in(second, 'Kids', 1, 'Kids') as unknown[]).length, 2);
    assert.deepEqual(result.in(result.page(1), 'Annots', 2, 'Parent', 'Parent'), second);
  });

  it('keeps the order of calculation', () => {
    const result = merged(
      field('(a)', '1', '', '/CO [10 0 R]'),
      field('(b)', '2', '', '/CO [10 0 R 99 0 R] /SigFlags 3'),
    );
    assert.deepEqual(result.each(result.at('AcroForm', 'CO'), 'T'), ['(a)', '(b)']);
    assert.equal(result.at('AcroForm', 'SigFlags'), null);
  });

  describe('and that readers are to draw the fields', () => {
    const NEEDED = '/NeedAppearances true';
    const drawn = (content: string | undefined, entries = NEEDED, kind = '/FT /Tx /V (x)'): Buffer =>
      form(`/Fields [10 0 R] ${entries}`, '10 0 R', {
        10: `<< ${WIDGET} ${kind} /T (f) ${content === undefined ? '' : '/AP << /N 11 0 R >>'} >>`,
        11: { dictionary: '/Subtype /Form', data: content ?? '' },
      });
    const isNeeded = (result: Result): unknown => result.at('AcroForm', 'NeedAppearances');

    it('where all forms say so', () => {
      const result = merged(drawn('(x) Tj'), drawn('(x) Tj'), pagesPdf(1));
      assert.equal(isNeeded(result), true);
      assert.deepEqual(result.warnings, []);
      assert.equal(isNeeded(merged(drawn(undefined, ''), drawn(undefined, ''))), null);
    });

    it('where the text of one could not be seen else, and says so', () => {
      for (const file of [
        drawn(undefined),
        drawn('/Tx BMC EMC'),
        drawn('', NEEDED, '/FT /Ch /V [(a)]'),
        form(`/Fields [10 0 R] ${NEEDED}`, '11 0 R', {
          10: '<< /FT /Tx /T (f) /V (x) /Kids [11 0 R] >>',
          11: `<< ${WIDGET} /Parent 10 0 R >>`,
        }),
      ]) {
        const result = merged(drawn('(x) Tj', ''), file);
        assert.equal(isNeeded(result), true);
        assert.match(
          result.warnings.join(),
          /^Document 2: Its form leaves it to readers to draw the fields;/,
        );
      }
    });

    it('and not where that would only change how others look', () => {
      for (const file of [
        drawn('(x) Tj'),
        drawn("(x) '"),
        drawn('/Fm0 Do'),
        drawn(undefined, NEEDED, '/FT /Tx /V ()'),
        drawn(undefined, NEEDED, '/FT /Tx'),
        drawn(undefined, NEEDED, '/FT /Btn /V /Yes'),
      ]) {
        const result = merged(drawn('(x) Tj', ''), file);
        assert.equal(isNeeded(result), null);
        assert.deepEqual(result.warnings, []);
      }
    });
  });

  it('drops XFA and says so', () => {
    const result = merged(field('(a)', '1', '', '/XFA [(template) 11 0 R]'), pagesPdf(1));
    assert.equal(result.at('AcroForm', 'XFA'), null);
    assert.match(result.warnings.join(), /^Document 1: The XFA form was left out/);
  });
});

describe('fonts of forms', () => {
  const font = (name: string): string => `/DR << /Font << /F << /Type /Font /BaseFont /${name} >> >> >>`;

  it('are shared where they are the same', () => {
    const result = merged(
      field('(a)', '1', '/DA (/F 9 Tf)', font('X')),
      field('(b)', '2', '/DA (/F 9 Tf)', font('X')),
    );
    assert.deepEqual(fields(result, 'DA'), ['(/F 9 Tf)', '(/F 9 Tf)']);
    assert.deepEqual(Object.keys(result.plain(result.at('AcroForm', 'DR', 'Font')) as object), ['F']);
  });

  it('get another name where they are not, and the fields use it', () => {
    const result = merged(
      field('(a)', '1', '/DA (/F 9 Tf)', font('X')),
      field('(b)', '2', '/DA (0 g /#46 9 Tf)', font('Y')),
    );
    assert.deepEqual(fields(result, 'DA'), ['(/F 9 Tf)', '(0 g /F~2 9 Tf)']);
    assert.equal(result.plain(result.at('AcroForm', 'DR', 'Font', 'F~2', 'BaseFont')), '/Y');
  });

  it('and what the form says of all fields goes to the fields of later documents', () => {
    const result = merged(
      field('(a)', '1', '', `/DA (/F 9 Tf) ${font('X')}`),
      field('(b)', '2', '', `/DA (/F 9 Tf) /Q 2 ${font('Y')}`),
    );
    assert.equal(result.plain(result.at('AcroForm', 'DA')), '(/F 9 Tf)');
    assert.deepEqual(fields(result, 'DA'), [null, '(/F~2 9 Tf)']);
    assert.deepEqual(fields(result, 'Q'), [null, 2]);
  });
});

describe('notes with text of their own', () => {
  const font = (name: string): string => `/DR << /Font << /F << /Type /Font /BaseFont /${name} >> >> >>`;
  const note = '<< /Subtype /FreeText /Rect [0 0 9 9] /DA (/F 9 Tf) >>';

  it('keep their fonts, wherever they stand', () => {
    const inPage = form(`/Fields [] ${font('Y')}`, `${note} 10 0 R`, { 10: note });
    const inArray = document(`/AcroForm << /Fields [] ${font('Z')} >>`, '/Annots 10 0 R', {
      10: `[${note}]`,
    });
    const result = merged(field('(a)', '1', '', font('X')), inPage, inArray);
    const looks = [1, 2].flatMap((page) => result.each(result.in(result.page(page), 'Annots'), 'DA'));
    assert.deepEqual(looks, ['(/F~2 9 Tf)', '(/F~2 9 Tf)', '(/F~3 9 Tf)']);
    assert.equal(result.plain(result.at('AcroForm', 'DR', 'Font', 'F~3', 'BaseFont')), '/Z');
  });
});

describe('actions that name fields', () => {
  const button = (action: string, more: Objects = {}): Buffer =>
    form('/Fields [10 0 R 11 0 R]', '11 0 R', {
      10: '<< /FT /Tx /T (a) /Kids [12 0 R] >>',
      11: `<< ${WIDGET} /FT /Btn /T (push) /A ${action} >>`,
      12: '<< /T (kid) /Parent 10 0 R >>',
      ...more,
    });
  const second = (file: Buffer): [Result, ReturnType<Result['in']>] => {
    const result = merged(field('(a)', '1'), file);
    return [result, result.in(result.page(1), 'Annots', 0, 'A')];
  };

  it('name them as they are called now', () => {
    for (const [action, key, expected] of [
      [
        '<< /S /ResetForm /Fields [(a) (a.kid) (b) <FEFF0061> 10 0 R] >>',
        'Fields',
        ['(a~2)', '(a~2.kid)', '(b)'],
      ],
      ['<< /S /SubmitForm /F (http://x/) /Fields 13 0 R >>', 'Fields', ['(a~2)', '(ab)']],
      ['<< /S /Hide /T (a.kid) >>', 'T', '(a~2.kid)'],
      ['<< /S /Hide /T [(a) 10 0 R] >>', 'T', ['(a~2)']],
      ['<< /S /URI /URI (u) /Next [<< /S /#48ide /T (a) >>] >>', 'Next', [{ S: '/Hide', T: '(a~2)' }]],
    ] as const) {
      const [result, found] = second(button(action, { 13: '[(a) (ab)]' }));
      const value = result.plain(result.in(found, key));
      assert.deepEqual(Array.isArray(value) ? value.slice(0, expected.length) : value, expected, action);
    }
  });

  it('of the first document, and of fields that keep their name, stay', () => {
    const action = '<< /S /ResetForm /Fields [(a) (push)] >>';
    const result = merged(button(action), field('(b)', '1'));
    assert.deepEqual(result.plain(result.in(result.page(0), 'Annots', 0, 'A', 'Fields')), ['(a)', '(push)']);
    const [, found] = second(button('<< /S /ResetForm /Fields [(push)] >>'));
    assert.deepEqual(result.plain(result.in(found, 'Fields')), ['(push)']);
  });

  const scripted = (script: string): [unknown, Result] => {
    const [result, found] = second(button(`<< /S /JavaScript /JS (${script}) >>`));
    return [result.plain(result.in(found, 'JS')), result];
  };

  it('in scripts too, in the arguments of functions that take names', () => {
    for (const [script, expected] of [
      ['getField\\("a"\\).value', '(getField("a~2").value)'],
      ["this.getField \\( 'a.kid' \\)", "(this.getField ( 'a~2.kid' ))"],
      ['getField("a." + row)', '(getField("a~2." + row))'],
      ['resetForm(["a", "b"])', '(resetForm(["a~2", "b"]))'],
      [
        'AFSimple_Calculate("SUM", new Array ("a", "a.kid"))',
        '(AFSimple_Calculate("SUM", new Array ("a~2", "a~2.kid")))',
      ],
      ['AFSimple_Calculate("SUM", "b, a,a.kid")', '(AFSimple_Calculate("SUM", "b, a~2,a~2.kid"))'],
      ['/* " */ getField("a") // "', '(/* " */ getField("a~2") // ")'],
      ['// getField("a")\ngetField("a")', '(// getField("a")\ngetField("a~2"))'],
    ] as const) {
      const [text, result] = scripted(script);
      assert.equal(text, expected);
      assert.deepEqual(result.warnings, []);
    }
  });

  it('and nowhere else; what may be meant is said', () => {
    for (const script of [
      'getField("a" + row)',
      'x = "a"; getField(x)',
      'getField(row + "a")',
      'f("a.kid")',
    ]) {
      const [text, result] = scripted(script);
      assert.equal(text, `(${script})`);
      assert.deepEqual(result.warnings, [
        'Document 2: A script may name a field that was renamed; it was not changed there.',
      ]);
    }
    for (const script of [
      '"b" + \'ab\'',
      '// "a"',
      '/* getField("a")',
      'getField("a',
      'getField(")',
      'a(a)',
    ]) {
      const [text, result] = scripted(script.replaceAll(/[()]/g, String.raw`\$&`));
      assert.equal(text, `(${script})`);
      assert.deepEqual(result.warnings, []);
    }
  });

  it('in scripts that stand in streams, packed or wide', () => {
    const text = 'getField("a")';
    const wide = Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
    for (const [stream, expected] of [
      [{ dictionary: '', data: text }, Buffer.from('getField("a~2")')],
      [{ dictionary: '/Filter /FlateDecode', data: deflateSync(text) }, Buffer.from('getField("a~2")')],
      [{ dictionary: '', data: wide }, Buffer.from('\ufeffgetField("a~2")', 'utf16le').swap16()],
    ] as const) {
      const [result, found] = second(button('<< /S /JavaScript /JS 13 0 R >>', { 13: stream }));
      assert.equal(result.plain(result.in(found, 'JS')), `(${expected.toString('latin1')})`);
    }
    for (const stream of [
      { dictionary: '', data: 'getField("b")' },
      { dictionary: '/Filter /None', data: text },
    ]) {
      const [result, found] = second(button('<< /S /JavaScript /JS 13 0 R >>', { 13: stream }));
      assert.ok(result.in(found, 'JS') instanceof PdfStream);
    }
  });

  it('in scripts of the document', () => {
    const file = document(
      '/AcroForm << /Fields [10 0 R] >> /Names << /JavaScript << /Names [(s) << /S /JavaScript /JS (getField\\("a"\\)) >>] >> >>',
      '',
      { 10: '<< /FT /Tx /T (a) >>' },
    );
    const [result] = second(file);
    assert.equal(result.plain(result.at('Names', 'JavaScript', 'Names', 1, 'JS')), '(getField("a~2"))');
  });
});

describe('signatures', () => {
  const signed = (extra = '', more: Objects = {}): Buffer =>
    form('/Fields [10 0 R 11 0 R] /SigFlags 3 /CO [10 0 R]', '10 0 R', {
      10: `<< ${WIDGET} /FT /Sig /T (sig) /F 4 /V 12 0 R /AP << /N 13 0 R >> ${extra} >>`,
      11: '<< /FT /Tx /T (text) /V (x) >>',
      12: '<< /Type /Sig /ByteRange [0 1 2 3] /Contents <00> >>',
      13: { dictionary: '/Type /XObject /Subtype /Form /BBox [0 0 80 20]', data: '0 0 9 9 re f' },
      ...more,
    });

  it('go, and what they look like stays', () => {
    const result = merged(signed(), pagesPdf(1));
    assert.deepEqual(fields(result, 'T'), ['(text)']);
    assert.equal(result.at('AcroForm', 'CO'), null);
    assert.ok(!result.text.includes('ByteRange'));
    const look = result.in(result.page(0), 'Annots', 0);
    assert.deepEqual(Object.keys(result.plain(look) as object), ['Type', 'Rect', 'AP', 'F', 'Subtype']);
    assert.equal(result.plain(result.in(look, 'Subtype')), '/Stamp');
    assert.equal(result.plain(result.in(look, 'F')), 4 | 64);
    assert.match(result.warnings.join(), /A signature does not survive/);
  });

  it('that are still to be made keep their field', () => {
    const result = merged(
      form('/Fields [10 0 R] /SigFlags 3', '10 0 R', {
        10: `<< ${WIDGET} /FT /Sig /T (sig) /V null /Lock << /Type /SigFieldLock /Action /Include /Fields [(a)] >> >>`,
      }),
      pagesPdf(1),
    );
    assert.deepEqual(fields(result, 'FT'), ['/Sig']);
    assert.equal(result.plain(result.in(result.page(0), 'Annots', 0, 'Subtype')), '/Widget');
    assert.equal(result.plain(result.at('AcroForm', 'SigFlags')), 1);
    assert.deepEqual(result.warnings, []);
  });

  it('of fields with widgets of their own too, and parents of which nothing is left', () => {
    const result = merged(
      form('/Fields [10 0 R]', '12 0 R', {
        10: '<< /T (group) /Kids [11 0 R] >>',
        11: '<< /T (sig) /FT /Sig /Parent 10 0 R /V 13 0 R /Kids [12 0 R] >>',
        12: `<< ${WIDGET} /Parent 11 0 R >>`,
        13: '<< /ByteRange [0 1 2 3] >>',
      }),
    );
    assert.deepEqual(fields(result, 'T'), []);
    const look = result.in(result.page(0), 'Annots', 0);
    assert.equal(result.plain(result.in(look, 'Subtype')), '/Stamp');
    assert.equal(result.plain(result.in(look, 'F')), 2 | 64, 'a stamp without a look is hidden');
    assert.ok(!/ByteRange|\(group\)|\(sig\)/.test(result.text));
  });
});

describe('signatures in no form', () => {
  const value = '<< /Type /Sig /ByteRange [0 1 2 3] /Contents <00> >>';
  const widget = (rest: string): string => `<< ${WIDGET} /AP << /N 13 0 R >> ${rest} >>`;
  const look = { 13: { dictionary: '/Subtype /Form /BBox [0 0 80 20]', data: '0 0 9 9 re f' } };

  for (const [where, file] of [
    ['a page', document('', `/Annots [${widget(`/FT /Sig /T (s) /V ${value}`)}]`, look)],
    ['an array', document('', '/Annots 10 0 R', { 10: `[${widget(`/FT /Sig /V ${value}`)}]`, ...look })],
    ['a page with a form', form('/Fields []', widget(`/FT /Sig /T (s) /V ${value}`), look)],
    ['a page, its value elsewhere', document('', `/Annots [${widget('/V 11 0 R')}]`, { 11: value, ...look })],
    ['an object', document('', '/Annots [10 0 R]', { 10: widget('/V 11 0 R'), 11: value, ...look })],
    [
      'a kid',
      document('', '/Annots [10 0 R]', {
        10: widget('/Parent 11 0 R'),
        11: '<< /FT /Sig /V 12 0 R /Kids [10 0 R] >>',
        12: value,
        ...look,
      }),
    ],
  ] as const)
    it(`go too: in ${where}`, () => {
      const result = merged(pagesPdf(1), file);
      const stamp = result.in(result.page(1), 'Annots', 0);
      assert.equal(result.plain(result.in(stamp, 'Subtype')), '/Stamp');
      assert.ok(result.in(stamp, 'AP', 'N') instanceof PdfStream);
      assert.ok(!result.text.includes('ByteRange'));
      assert.match(result.warnings.join(), /A signature does not survive/);
    });

  it('and nothing else does', () => {
    const file = document('', `/Annots [${widget('/FT /Tx /V (ByteRange)')} 10 0 R]`, {
      10: widget('/FT /Sig /T (open)'),
      ...look,
    });
    const result = merged(file);
    assert.deepEqual(result.each(result.in(result.page(0), 'Annots'), 'Subtype'), ['/Widget', '/Widget']);
    assert.deepEqual(result.warnings, []);
  });
});

describe('fields in no form', () => {
  const widget = (name: string, rest = ''): string => `<< ${WIDGET} /FT /Tx ${name} ${rest} >>`;
  const direct = document('', `/Annots [${widget('/T (a)')}]`);
  const single = document('', '/Annots [10 0 R 11 0 R]', { 10: widget('/T (a)'), 11: widget('/T (b)') });
  const below = document('', '/Annots [10 0 R 11 0 R]', {
    10: widget('', '/Parent 12 0 R'),
    11: widget('/T (a)', '/Parent 12 0 R'),
    12: '<< /T (a) /Kids [10 0 R 11 0 R] >>',
  });
  const nameOf = (result: Result, page: number, ...path: string[]): unknown =>
    result.plain(result.in(result.page(page), 'Annots', 0, ...path, 'T'));

  it('stay in none, and two of one name stay two', () => {
    const result = merged(single, direct, below, single);
    assert.equal(result.at('AcroForm'), null);
    assert.deepEqual(nameOf(result, 0), '(a)');
    assert.deepEqual(nameOf(result, 1), '(a~2)');
    assert.deepEqual(nameOf(result, 2, 'Parent'), '(a~3)');
    assert.deepEqual(nameOf(result, 3), '(a~4)');
    const kids = result.in(result.page(2), 'Annots', 0, 'Parent', 'Kids');
    assert.deepEqual(result.each(kids, 'T'), [null, '(a)']);
  });

  it('do not take the names of fields in forms', () => {
    for (const file of [direct, single]) {
      const result = merged(file, field('(a)', '1'), form('/Fields []', widget('/T (a)'), {}));
      assert.deepEqual(fields(result, 'T'), ['(a)']);
      assert.deepEqual(
        [0, 2].map((page) => nameOf(result, page)),
        ['(a~1)', '(a~3)'],
      );
    }
  });

  it('are the same as those of their own form', () => {
    const both = form('/Fields [10 0 R]', widget('/T (a)'), { 10: '<< /FT /Tx /T (a) >>' });
    const result = merged(both, both);
    assert.deepEqual(fields(result, 'T'), ['(a)', '(a~2)']);
    assert.deepEqual(
      [0, 1].map((page) => nameOf(result, page)),
      ['(a)', '(a~2)'],
    );
  });

  it('end in a circle', () => {
    const circle = document('', '/Annots [10 0 R]', {
      10: widget('/T (a)', '/Parent 11 0 R'),
      11: '<< /T (b) /Parent 10 0 R >>',
    });
    assert.equal(merged(circle, circle).opened.pages.length, 2);
  });
});

describe('forms of broken documents', () => {
  it('adds widgets that no field lists, with the fields above them', () => {
    const result = merged(
      form('/Fields []', '10 0 R 12 0 R 13 0 R', {
        10: `<< ${WIDGET} /FT /Tx /T (lone) >>`,
        11: '<< /FT /Tx /T (parent) /Kids [12 0 R] >>',
        12: `<< ${WIDGET} /Parent 11 0 R >>`,
        13: `<< ${WIDGET} /Parent 11 0 R >>`,
      }),
    );
    assert.deepEqual(fields(result, 'T'), ['(lone)', '(parent)']);
    assert.equal((result.at('AcroForm', 'Fields', 1, 'Kids') as unknown[]).length, 2);
  });

  it('ends in loops, and leaves out what is listed twice', () => {
    const result = merged(
      form('/Fields [10 0 R 10 0 R 11 0 R 12 0 R]', '', {
        10: '<< /T (a) /Kids [11 0 R 10 0 R 3 0 R 7 99 0 R] >>',
        11: '<< /T (b) /Parent 12 0 R /Kids [10 0 R 12 0 R] >>',
        12: '<< /T (c) /Parent 11 0 R >>',
      }),
    );
    assert.deepEqual(fields(result, 'T'), ['(a)']);
    assert.deepEqual(result.each(result.at('AcroForm', 'Fields', 0, 'Kids'), 'T'), ['(b)']);
    assert.deepEqual(
      result.at('AcroForm', 'Fields', 0, 'Kids', 0, 'Parent'),
      result.at('AcroForm', 'Fields', 0),
    );
    assert.match(result.warnings.join(), /listed twice/);
  });

  it('bears a tree of any depth', () => {
    const objects: Record<number, string> = {};
    for (let at = 10; at < 5000; at++)
      objects[at] = `<< /T (x) /Parent ${at - 1} 0 R /Kids [${at + 1} 0 R] >>`;
    objects[5000] = '<< /FT /Sig /Parent 4999 0 R >>';
    assert.equal(merged(form('/Fields [10 0 R]', '', objects)).opened.pages.length, 1);
  });

  it('renames fields that stand in the array itself', () => {
    const direct = form('/Fields [<< /T (a) /Kids [<< /T (b) >>] >>]', '', {});
    assert.deepEqual(fields(merged(direct, direct), 'T'), ['(a)', '(a~2)']);
  });

  for (const wrong of oddValues)
    it(`takes ${wrong} for any value`, () => {
      const keys = ['Fields', 'DR', 'DA', 'Q', 'CO', 'XFA', 'NeedAppearances'];
      const fieldKeys = ['T', 'FT', 'Kids', 'Parent', 'V', 'DA', 'Rect', 'F', 'AP'];
      const all = (each: readonly string[]): string => each.map((key) => `/${key} ${wrong}`).join(' ');
      const odd = form(all(keys), '10 0 R', { 10: `<< /Subtype /Widget ${all(fieldKeys)} >>` });
      const below = form('/Fields [10 0 R]', '10 0 R', { 10: `<< /Subtype /Widget ${all(fieldKeys)} >>` });
      const result = merged(odd, below, field('(a)', '1'));
      assert.equal(result.opened.pages.length, 3);
      assert.ok(fields(result, 'V').includes('(1)'));
    });
});
