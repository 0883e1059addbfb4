import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Failure } from '../../src/errors.ts';
import { readFields } from '../../src/operations/fields.ts';
import { printingFields, printSettings } from '../../src/operations/printing.ts';

type Sent = Readonly<Record<string, string | number | boolean>>;

function settings(sent: Sent) {
  const raw = new Map(Object.entries(sent).map(([name, value]) => [name.toLowerCase(), [value]] as const));
  return printSettings(readFields(printingFields, raw));
}

const paper = (sent: Sent) => {
  const { width, height } = settings(sent).print.paper;
  return [width, height].map((side) => Math.round(side * 100) / 100);
};
const margins = (sent: Sent) => {
  const { top, right, bottom, left } = settings(sent).print.margins;
  return [top, right, bottom, left].map((side) => Math.round(side * 100) / 100);
};

describe('the settings of printing', () => {
  it('are A4 without margins, with backgrounds and all that the page loads, where nothing is said', () => {
    assert.deepEqual(printSettings({}), settings({}));
    assert.deepEqual(printSettings({}), {
      browsing: { media: 'print', waitsForAll: true, loadMsMax: undefined, script: '' },
      print: {
        paper: { width: 210 * (72 / 25.4), height: 297 * (72 / 25.4) },
        heedsPageSize: true,
        margins: { top: 0, right: 0, bottom: 0, left: 0 },
        background: true,
        header: '',
        footer: '',
      },
    });
  });

  for (const [asked, expected] of [
    ['letter', [612, 792]],
    ['LEGAL', [612, 1008]],
    ['Tabloid', [792, 1224]],
    ['ledger', [1224, 792]],
    ['a0', [2383.94, 3370.39]],
    ['A6', [297.64, 419.53]],
    ['200 300', [150, 225]],
    ['200px 300px', [150, 225]],
    ['200mm 300mm', [566.93, 850.39]],
    ['20cm 30cm', [566.93, 850.39]],
    [' 6in  8in ', [432, 576]],
    ['8.5in x 11in', [612, 792]],
    ['200mm, 300 mm', [566.93, 850.39]],
  ] as const)
    it(`knows the paper ${asked}`, () => {
      assert.deepEqual(paper({ paperSize: asked }), expected);
      assert.equal(settings({ paperSize: asked }).print.heedsPageSize, false);
    });

  it('lay paper on its longer side, which some already do', () => {
    assert.deepEqual(paper({ orientation: 'landscape' }), [841.89, 595.28]);
    assert.deepEqual(paper({ orientation: 'Landscape', paperSize: 'Ledger' }), [1224, 792]);
    assert.deepEqual(paper({ orientation: 'Portrait', paperSize: '300 200' }), [225, 150]);
  });

  for (const [asked, expected] of [
    ['5px', [3.75, 3.75, 3.75, 3.75]],
    [10, [7.5, 7.5, 7.5, 7.5]],
    ['1in 2in', [72, 144, 72, 144]],
    ['1pt 2pt 3pt', [1, 2, 3, 2]],
    ['40px 20px 10px .5cm', [30, 15, 7.5, 14.17]],
    ['5px, 5px, 5px, 5px', [3.75, 3.75, 3.75, 3.75]],
    ['0', [0, 0, 0, 0]],
  ] as const)
    it(`knows the margins ${asked}`, () => assert.deepEqual(margins({ margins: asked }), expected));

  for (const [name, values, says] of [
    ['paperSize', ['A9', '200', '1px 1px', '200mm 300mm 1mm', '-1 5', '1e9 1e9', 'x'], /Letter.*A6.*200mm/],
    ['margins', ['5em', '1 2 3 4 5', '-5px', '5pxx', '5px,', ','], /1 to 4 lengths.*mm/],
    ['orientation', ['upright'], /Portrait, Landscape/],
    ['mediaType', ['braille'], /print, screen, none/],
    ['renderTimeout', ['-1', '1000000', 'soon'], /600000/],
  ] as const)
    it(`refuse other values of ${name}, with those that there are`, () => {
      for (const value of values)
        assert.throws(
          () => settings({ [name]: value }),
          (error) =>
            error instanceof Failure && error.message.includes(`"${name}"`) && says.test(error.message),
          value,
        );
    });

  it('refuse margins that leave nothing', () => {
    for (const asked of ['20cm 30cm', '15cm 0', '0 10.5cm'])
      assert.throws(() => settings({ margins: asked }), /margins.*less than the size of the paper/, asked);
  });

  it('take the rest as it is', () => {
    const { browsing, print } = printSettings(
      { ...readFields(printingFields, new Map()), customScript: 'a()', DoNotWaitFullLoad: true },
      { CustomScript: 'b() // c' },
    );
    assert.deepEqual([browsing.script, browsing.waitsForAll], ['a()\n;\nb() // c', false]);
    assert.equal(settings({ renderTimeout: '1500' }).browsing.loadMsMax, 1500);
    assert.equal(settings({ header: '<b>1</b>' }).print.header, '<b>1</b>');
    assert.equal(print.footer, '');
  });
});
