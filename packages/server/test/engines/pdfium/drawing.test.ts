import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page, Ruling } from '../../../src/engines/pdfium/page.ts';
import { documentOf } from './documents.ts';
import { withPage } from './open-page.ts';

const told = ({ isVertical, at, from, to, thickness, color }: Ruling) => [
  isVertical ? '|' : '-',
  ...[at, from, to, thickness].map((value) => Math.round(value * 10) / 10),
  color,
];
const rulingsOf = (content: string, options = {}) =>
  withPage(documentOf([content], options), {}, (page) => page.rulings.map(told));

describe('rulings of a page', () => {
  it('are its straight strokes along a side, with thickness and colour', async () => {
    assert.deepEqual(
      await rulingsOf('1 0 0 RG 2 w 50 700 m 250 700 l S 0 G 1 w 60 100 m 60 300 l S 10 10 m 90 95 l S'),
      [
        ['-', 100, 50, 250, 2, '#ff0000'],
        ['|', 60, 500, 700, 1, '#000000'],
      ],
    );
  });

  it('are borders of rectangles, and thin filled rectangles', async () => {
    assert.deepEqual(await rulingsOf('100 600 200 100 re S'), [
      ['-', 100, 100, 300, 1, '#000000'],
      ['-', 200, 100, 300, 1, '#000000'],
      ['|', 100, 100, 200, 1, '#000000'],
      ['|', 300, 100, 200, 1, '#000000'],
    ]);
    assert.deepEqual(await rulingsOf('100 699 200 2 re f 400 500 1 100 re f'), [
      ['-', 100, 100, 300, 2, '#000000'],
      ['|', 400.5, 200, 300, 1, '#000000'],
    ]);
  });

  it('are one where they go on in each other, and where they are dashes', async () => {
    const dashes = Array.from(
      { length: 20 },
      (_, index) => `${50 + index * 5} 700 m ${53 + index * 5} 700 l S`,
    );
    assert.deepEqual(await rulingsOf(dashes.join(' ')), [['-', 100, 50, 148, 1, '#000000']]);
    assert.deepEqual(await rulingsOf('50 700 m 150 700 l S 150 700 m 250 700 l S 300 700 m 400 700 l S'), [
      ['-', 100, 50, 250, 1, '#000000'],
      ['-', 100, 300, 400, 1, '#000000'],
    ]);
  });

  it('end where they are clipped, also inside of form XObjects', async () => {
    assert.deepEqual(await rulingsOf('100 0 100 800 re W n 50 700 m 250 700 l S'), [
      ['-', 100, 100, 200, 1, '#000000'],
    ]);
    const form = '/Type/XObject/Subtype/Form/BBox[0 0 100 100]/Matrix[1 0 0 1 10 0]';
    assert.deepEqual(
      await rulingsOf('q 2 0 0 2 100 100 cm /X Do Q', {
        resources: '/XObject<</X 100 0 R>>',
        extra: { 100: [form, '-50 50 m 150 50 l S'] },
      }),
      [['-', 600, 120, 320, 2, '#000000']],
    );
  });

  it('are none where nothing is seen of them', async () => {
    assert.deepEqual(
      await rulingsOf('/G gs 50 700 m 250 700 l S', { resources: '/ExtGState<</G<</CA 0>>>>' }),
      [],
    );
  });
});

describe('fills and pictures of a page', () => {
  it('are filled rectangles that are more than a line', async () => {
    const fills = await withPage(documentOf(['0 1 0 rg 100 600 200 50 re f']), {}, (page) => page.fills);
    assert.deepEqual(fills, [{ left: 100, top: 150, right: 300, bottom: 200, color: '#00ff00' }]);
  });

  it('are images where they are shown, as large as they are', async () => {
    const bytes = documentOf(['q 100 0 0 50 200 300 cm /I Do Q'], {
      resources: '/XObject<</I 100 0 R>>',
      extra: {
        100: [
          '/Type/XObject/Subtype/Image/Width 2/Height 3/BitsPerComponent 8/ColorSpace/DeviceGray',
          'abcdef',
        ],
      },
    });
    assert.deepEqual(await withPage(bytes, {}, (page: Page) => page.pictures), [
      { left: 200, top: 450, right: 300, bottom: 500, id: 0, pixelWidth: 2, pixelHeight: 3 },
    ]);
  });
});

describe('a page that draws too much', () => {
  it('is cut', async () => {
    const many = Array.from({ length: 100_001 }, (_, index) => `${index % 600} 10 m ${index % 600} 20 l S`);
    assert.equal(
      await withPage(documentOf([many.join('\n')]), {}, (page) => page.rulings.length > 0 && page.isCut),
      true,
    );
  });

  it('is cut where forms draw each other', async () => {
    const form = (next: number) =>
      [
        `/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</XObject<</X ${next} 0 R>>>>`,
        '10 10 m 90 10 l S /X Do',
      ] as const;
    const extra = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [100 + at, form(101 + at)]));
    const bytes = documentOf(['/X Do'], { resources: '/XObject<</X 100 0 R>>', extra });
    assert.ok(await withPage(bytes, {}, (page) => page.rulings.length));
  });
});
