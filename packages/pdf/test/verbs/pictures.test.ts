import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deflateSync } from 'node:zlib';
import {
  bytesSource,
  encodeCcitt,
  memorySink,
  optimise,
  pictures,
  type PictureInfo,
  type PictureReplacement,
} from '../../src/index.ts';
import { buildPdf, type Objects, type StreamText } from '../builder.ts';
import { inspect } from '../inspect.ts';
import { distance, drawPages } from '../readers/pdfium-pixels.ts';

const gray = (size: number, more = ''): StreamText => ({
  dictionary: `/Type /XObject /Subtype /Image /Width ${size} /Height ${size} /ColorSpace /DeviceGray /BitsPerComponent 8 ${more}`,
  data: Buffer.alloc(size * size, 'a picture'),
});

/** A page with the content given; its resources are object 5, which the test may replace. */
function page(content: string, objects: Objects, entries = ''): Buffer {
  return buildPdf({
    1: '<< /Type /Catalog /Pages 2 0 R >>',
    2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    3: `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 600] /Contents 4 0 R /Resources 5 0 R ${entries} >>`,
    4: { dictionary: '', data: content },
    5: '<< /XObject << /P 10 0 R /F 11 0 R >> >>',
    10: gray(100),
    ...objects,
  });
}
/** The texts of all objects. */
function textOf(file: Uint8Array): string {
  return [...inspect(Buffer.from(file)).objects.values()].map(({ text }) => text).join('\n');
}
const list = (file: Buffer): readonly PictureInfo[] => pictures(bytesSource(file)).list;
function shown(file: Buffer, number = 10): readonly number[] | undefined {
  const size = list(file).find((each) => each.number === number)?.shown;
  return size && [Math.round(size.width * 100) / 100, Math.round(size.height * 100) / 100];
}
const form = (content: string, dictionary: string): StreamText => ({
  dictionary: `/Type /XObject /Subtype /Form /BBox [0 0 100 100] ${dictionary}`,
  data: content,
});
const own = '/Resources << /XObject << /P 10 0 R /F 11 0 R >> >>';

describe('how large pictures are shown', () => {
  for (const [what, file, size] of [
    ['on a page', page('q 200 0 0 100 5 5 cm /P Do Q', {}), [200, 100]],
    ['turned', page('0 50 -80 0 0 0 cm /P Do', {}), [50, 80]],
    ['by several matrices', page('2 0 0 2 0 0 cm q 30 0 0 10 0 0 cm /P Do Q', {}), [60, 20]],
    ['after more Q than q', page('Q Q 30 0 0 10 0 0 cm /P Do', {}), [30, 10]],
    [
      'where it is largest, for each side',
      page('q 9 0 0 90 0 0 cm /P Do Q 80 0 0 8 0 0 cm /P Do', {}),
      [80, 90],
    ],
    ['on a page with a large unit', page('10 0 0 10 0 0 cm /P Do', {}, '/UserUnit 5'), [50, 50]],
    [
      'in a form',
      page('3 0 0 4 0 0 cm /F Do', { 11: form('10 0 0 10 0 0 cm /P Do', `${own} /Matrix [2 0 0 1 7 7]`) }),
      [60, 40],
    ],
    ['in a form with resources of its page', page('/F Do', { 11: form('7 0 0 8 0 0 cm /P Do', '') }), [7, 8]],
    [
      'in a pattern',
      page('5 0 0 5 0 0 cm /Pattern cs /T scn 0 0 9 9 re f', {
        5: '<< /Pattern << /T 12 0 R >> >>',
        12: {
          dictionary: `/PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 9 9] /XStep 9 /YStep 9 /Matrix [2 0 0 2 0 0] ${own}`,
          data: '9 0 0 9 0 0 cm /P Do',
        },
      }),
      [18, 18],
    ],
    [
      'in a soft mask',
      page('6 0 0 6 0 0 cm /G gs 0 0 1 1 re f', {
        5: '<< /ExtGState << /G << /SMask << /S /Luminosity /G 11 0 R >> >> >> >>',
        11: form('2 0 0 3 0 0 cm /P Do', `${own} /Group << /S /Transparency >>`),
      }),
      [12, 18],
    ],
    [
      'in an appearance',
      page(
        '',
        {
          12: '<< /Type /Annot /Subtype /Stamp /Rect [0 0 50 200] /AP << /N 11 0 R >> >>',
          11: form('100 0 0 100 0 0 cm /P Do', own),
        },
        '/Annots [12 0 R]',
      ),
      [50, 200],
    ],
    [
      'as a soft mask of another',
      page('40 0 0 30 0 0 cm /F Do', { 11: gray(50, '/SMask 10 0 R') }),
      [40, 30],
    ],
    [
      'after an inline picture',
      page('BI /W 4 /H 1 /CS /G /BPC 8 ID (E (I EI 8 0 0 8 0 0 cm /P Do', {}),
      [8, 8],
    ],
    ['by numbers of all kinds', page('+9.50 0 -.0 9. 0 0 cm /P Do', {}), [9.5, 9]],
  ] as const)
    it(`is known ${what}`, () => assert.deepEqual(shown(file), size));

  for (const [what, file] of [
    ['where nothing shows them', page('', {})],
    ['after an operator that does not exist', page('9 0 0 9 0 0 cm /P Do oops', {})],
    ['where a text does not end', page('9 0 0 9 0 0 cm /P Do (text', {})],
    ['where numbers are missing', page('9 0 cm /P Do', {})],
    ['where numbers have no end', page(`${'9'.repeat(400)} 0 0 9 0 0 cm /P Do`, {})],
    ['in a form that shows itself', page('/F Do', { 11: form('2 0 0 2 0 0 cm /F Do /P Do', own) })],
    [
      'below a loop of forms',
      page('/F Do', {
        11: form('/G Do', '/Resources << /XObject << /G 13 0 R >> >>'),
        13: form('2 0 0 2 0 0 cm /F Do /P Do', own),
      }),
    ],
    [
      'in a glyph',
      page('BT /T 9 Tf (a) Tj ET', {
        5: '<< /Font << /T 12 0 R >> >>',
        12: `<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1 1] /FontMatrix [1 0 0 1 0 0] /CharProcs << /a 13 0 R >> /Encoding << /Differences [97 /a] >> /FirstChar 97 /LastChar 97 /Widths [1] ${own} >>`,
        13: { dictionary: '', data: '1 0 d0 /P Do' },
      }),
    ],
    [
      'in a form that only a button knows',
      page(
        '9 0 0 9 0 0 cm /P Do',
        {
          12: '<< /Type /Annot /Subtype /Widget /Rect [0 0 9 9] /MK << /I 11 0 R >> >>',
          11: form('/P Do', own),
        },
        '/Annots [12 0 R]',
      ),
    ],
    [
      'where the content is damaged',
      page('', {
        4: { dictionary: '/Filter /FlateDecode', data: deflateSync('9 0 0 9 0 0 cm /P Do').subarray(0, 20) },
      }),
    ],
  ] as const)
    it(`is not known ${what}`, () => {
      assert.ok(list(file).some(({ number }) => number === 10));
      assert.equal(shown(file), undefined);
    });

  it('is the largest of equal pictures, which are one', () => {
    const file = page('9 0 0 9 0 0 cm /P Do 4 0 0 4 0 0 cm /F Do', { 11: gray(100) });
    assert.deepEqual(
      list(file).map(({ number }) => number),
      [10],
    );
    assert.deepEqual(shown(file), [36, 36]);
  });

  it('is found in linear time where forms show forms twice each', () => {
    const depth = 60;
    const objects: Record<number, string | StreamText> = {};
    for (let level = 0; level < depth; level++)
      objects[20 + level] = form(
        'q 1.1 0 0 1 0 0 cm /F Do Q q 1 0 0 1.1 0 0 cm /F Do Q',
        `/Resources << /XObject << /F ${level === depth - 1 ? 10 : 21 + level} 0 R >> >>`,
      );
    const size = shown(page('/F Do', { ...objects, 5: '<< /XObject << /F 20 0 R >> >>' }));
    assert.ok(size !== undefined && size[0]! >= 1.1 ** depth - 1);
  });
});

describe('what is told of a picture', () => {
  it('is what its dictionary says', () => {
    const file = page('/P Do /F Do', {
      10: {
        dictionary:
          '/Subtype /Image /Width 4 /Height 2 /BitsPerComponent 1 /ColorSpace [/Indexed 12 0 R 1 <ff000000ff00>] /Decode [1 0] /Mask [0 0] /Filter [/ASCIIHexDecode /CCITTFaxDecode] /DecodeParms [null << /K -1 /Columns 4 /BlackIs1 true >>]',
        data: '00>',
      },
      11: gray(50, '/SMask 13 0 R'),
      12: '[/ICCBased 14 0 R]',
      13: gray(50, '/Matte [0]'),
      14: { dictionary: '/N 3', data: 'profile' },
    });
    const [indexed, picture, mask] = list(file);
    assert.deepEqual(indexed?.colorSpace, {
      kind: 'Indexed',
      components: 1,
      base: { kind: 'ICCBased', components: 3 },
      palette: new Uint8Array([255, 0, 0, 0, 255, 0]),
    });
    const { filter, parms, mask: kind, decode, bitsPerComponent } = indexed;
    assert.deepEqual(
      { filter, parms, kind, decode, bitsPerComponent },
      {
        filter: 'CCITTFaxDecode',
        parms: { K: -1, Columns: 4, BlackIs1: true },
        kind: 'color-key',
        decode: [1, 0],
        bitsPerComponent: 1,
      },
    );
    assert.equal(picture?.softMask, 13);
    assert.ok(picture.hasMatte && mask?.hasMatte && mask.isSoftMask && !picture.isSoftMask);
  });

  it('is its data, as far as general filters hide it and there is not too much', () => {
    const opened = pictures(
      bytesSource(
        page('/P Do', { 10: { ...gray(9, '/Filter /FlateDecode'), data: deflateSync(Buffer.alloc(81, 7)) } }),
      ),
    );
    assert.deepEqual(opened.data(10, 1000), Buffer.alloc(81, 7));
    assert.equal(opened.data(10, 80), undefined);
    assert.equal(opened.data(4, 1000)?.length, 5);
  });
});

describe('replacing pictures', () => {
  const replace = (file: Buffer, replacement: Partial<PictureReplacement> & { content: Uint8Array }) => {
    const sink = memorySink();
    optimise(bytesSource(file), sink, {
      replace: (number) =>
        number === 10
          ? {
              width: 50,
              height: 50,
              bitsPerComponent: 8,
              filter: 'FlateDecode',
              ...replacement,
              bytes: replacement.content.length,
              data: () => replacement.content,
            }
          : undefined,
    });
    return { sink };
  };
  const noise = Buffer.from(Array.from({ length: 10_000 }, (_, index) => (index * index * 7919) >> 7));
  const file = page('99 0 0 99 0 0 cm /P Do', {
    10: { ...gray(100, '/SMask 11 0 R /Intent /Perceptual /DL 10000'), data: noise },
    11: gray(100),
  });

  it('keeps what else the picture has', () => {
    const { sink } = replace(file, { content: deflateSync(Buffer.alloc(2500, 90)) });
    const picture = pictures(bytesSource(sink.bytes())).list.find(({ softMask }) => softMask !== 0);
    assert.deepEqual([picture?.width, picture?.height, picture?.colorSpace?.kind], [50, 50, 'DeviceGray']);
    const text = textOf(sink.bytes());
    assert.match(text, /\/Intent\s*\/Perceptual/);
    assert.doesNotMatch(text, /\/DL/);
    const [drawn] = drawPages(sink.bytes(), 72);
    assert.equal(drawn?.width, 600);
  });

  it('drops what is not smaller, unless it was asked for', () => {
    const content = Buffer.concat([deflateSync(Buffer.alloc(2500, 90)), noise, noise]);
    const widthOf = (evenIfLarger: boolean): number | undefined =>
      pictures(bytesSource(replace(file, { content, evenIfLarger }).sink.bytes())).list.find(
        ({ softMask }) => softMask !== 0,
      )?.width;
    assert.equal(widthOf(false), 100);
    // The result as a whole is never larger.
    assert.equal(widthOf(true), 100);
  });

  it('puts rows of bits by CCITT in their place, and PDFium shows the same', () => {
    let seed = 7;
    const random = (): number => (seed = (seed * 48_271) % 0x7fffffff) / 0x7fffffff;
    for (const [width, height, decode] of [
      [1, 1, ''],
      [17, 40, ''],
      [800, 60, '/Decode [1 0]'],
      [5000, 8, ''],
    ] as const) {
      const rowBytes = Math.ceil(width / 8);
      const bits = Buffer.alloc(rowBytes * height);
      for (let at = 0; at < bits.length; at++)
        bits[at] =
          random() < 0.7 && at >= rowBytes ? bits[at - rowBytes]! : random() < 0.5 ? 0 : random() * 256;
      const dictionary = `/Subtype /Image /Width ${width} /Height ${height} /BitsPerComponent 1 /ColorSpace /DeviceGray ${decode}`;
      const plain = page('600 0 0 600 0 0 cm /P Do', {
        10: { dictionary, data: bits },
        12: 'x'.repeat(3000),
      });
      const { data, parms } = encodeCcitt(bits, width, height);
      const { sink } = replace(plain, {
        width,
        height,
        bitsPerComponent: 1,
        filter: 'CCITTFaxDecode',
        parms,
        content: data,
        evenIfLarger: true,
      });
      const [before] = drawPages(plain, 72);
      const [after] = drawPages(sink.bytes(), 72);
      assert.equal(distance(before!, after!).largest, 0, `${width} x ${height}`);
      assert.ok(Buffer.from(sink.bytes()).includes('CCITTFaxDecode'));
    }
  });
});

describe('dropping what no content uses', () => {
  const font = (name: string): string => `<< /Type /Font /Subtype /Type1 /BaseFont /${name} >>`;
  const fonts = {
    20: font('Helvetica'),
    21: font('Courier'),
    90: { dictionary: '', data: 'q Q '.repeat(900) },
  };
  const left = (file: Buffer): string => {
    const sink = memorySink();
    optimise(bytesSource(file), sink, { dropUnused: true });
    const [before] = drawPages(file, 50);
    const [after] = drawPages(sink.bytes(), 50);
    assert.equal(distance(before!, after!).largest, 0);
    return textOf(sink.bytes());
  };
  const both = '/Font << /A 20 0 R /B 21 0 R >>';
  const text = 'BT /A 20 Tf 9 9 Td (text) Tj ET\n'.repeat(50);

  for (const [what, file] of [
    ['from an object', page(text, { ...fonts, 5: `<< ${both} >>` })],
    [
      'from an object of its own',
      page(text, { ...fonts, 5: '<< /Font 22 0 R >>', 22: '<< /A 20 0 R /B 21 0 R >>' }),
    ],
    [
      'from a page',
      page(text, {
        ...fonts,
        3: `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 600] /Contents 4 0 R /Resources << ${both} >> >>`,
      }),
    ],
    ['from a form', page('/F Do', { ...fonts, 11: form(text, `/Resources << ${both} >>`) })],
  ] as const)
    it(`takes fonts ${what}`, () => {
      const result = left(file);
      assert.match(result, /Helvetica/);
      assert.doesNotMatch(result, /Courier/);
    });

  for (const [what, file] of [
    ['a content that is not understood', page(`${text} oops`, { ...fonts, 5: `<< ${both} >>` })],
    [
      'a form that has no resources',
      page(`${text} /F Do`, {
        ...fonts,
        5: `<< ${both} /XObject << /F 11 0 R >> >>`,
        11: form('BT /B 9 Tf (b) Tj ET', ''),
      }),
    ],
    [
      'a form that has others',
      page(`${text} /F Do`, {
        ...fonts,
        5: `<< ${both} /XObject << /F 11 0 R >> >>`,
        11: form('BT /B 9 Tf (b) Tj ET', '/Resources << >>'),
      }),
    ],
    [
      'somebody else who has the same',
      page(text, {
        ...fonts,
        1: '<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [] /DR 5 0 R >> >>',
        5: `<< ${both} >>`,
      }),
    ],
    [
      'the appearance of an annotation',
      page(
        text,
        {
          ...fonts,
          5: '<< /Font << /A 20 0 R >> >>',
          12: '<< /Type /Annot /Subtype /FreeText /Rect [0 0 9 9] /AP << /N 11 0 R >> >>',
          11: form('', `/Resources << ${both} >>`),
        },
        '/Annots [12 0 R]',
      ),
    ],
    [
      'another page',
      buildPdf({
        1: '<< /Type /Catalog /Pages 2 0 R >>',
        2: '<< /Type /Pages /Kids [3 0 R 6 0 R] /Count 2 /Resources 5 0 R /MediaBox [0 0 99 99] >>',
        3: '<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>',
        6: '<< /Type /Page /Parent 2 0 R /Contents 7 0 R >>',
        4: { dictionary: '', data: text },
        7: { dictionary: '', data: text.replaceAll('/A', '/B') },
        5: `<< ${both} >>`,
        ...fonts,
      }),
    ],
  ] as const)
    it(`heeds ${what}`, () => assert.match(left(file), /Courier/));

  it('leaves all as it is where nobody asks for it', () => {
    const sink = memorySink();
    optimise(bytesSource(page(text, { ...fonts, 5: `<< ${both} >>` })), sink);
    assert.match(textOf(sink.bytes()), /Courier/);
  });
});
