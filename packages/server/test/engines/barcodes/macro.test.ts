import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import sharp from 'sharp';
import { drawMacros } from '../../../src/engines/barcodes/child-macro.ts';
import { macrosOf } from '../../../src/engines/barcodes/macro.ts';
import { valuesIn } from './reader.ts';

/** The pictures that stand in a text. */
function picturesIn(html: string): Buffer[] {
  return [...html.matchAll(/data:image\/svg\+xml;base64,([\w+/=]+)/g)].map(([, base64 = '']) =>
    Buffer.from(base64, 'base64'),
  );
}

async function read(svg: Buffer): Promise<string[]> {
  return valuesIn(await sharp(svg).png().toBuffer());
}

describe('macros of barcodes in HTML', () => {
  it('are found with their type, and their value up to the end', () => {
    const html =
      'a [[barcode: QRCode Invoice 7 Ada ]] b [[Barcode:Code128 a]b]] c [[barcode: EAN13]] [[barcode: never';
    assert.deepEqual(
      macrosOf(html).map(({ start, end, ...rest }) => ({ text: html.slice(start, end), ...rest })),
      [
        { text: '[[barcode: QRCode Invoice 7 Ada ]]', type: 'QRCode', value: 'Invoice 7 Ada' },
        { text: '[[Barcode:Code128 a]b]]', type: 'Code128', value: 'a]b' },
        { text: '[[barcode: EAN13]]', type: 'EAN13', value: '' },
      ],
    );
  });

  it('have their entities read', () => {
    const [macro] = macrosOf('[[barcode: QRCode a&amp;b &lt;&#x27;&#233;&quot; &unknown; &#0; ]]');
    assert.equal(macro?.value, 'a&b <\'é" &unknown; &#0;');
  });

  it('become pictures that a reader understands', async () => {
    const { html, warnings } = drawMacros(
      '<p><img src="[[barcode: QRCode Rechnung &amp; Grüße ]]"><img src="[[barcode: Code128 AB-12 ]]"></p>',
    );
    assert.deepEqual(warnings, []);
    assert.match(html, /^<p><img src="data:[^"]+"><img src="data:[^"]+"><\/p>$/);
    assert.deepEqual(await Promise.all(picturesIn(html).map(read)), [['Rechnung & Grüße'], ['AB-12']]);
  });

  it('are left out with a warning where they cannot be drawn', () => {
    const { html, warnings } = drawMacros(
      '[[barcode: Strichcode 1 ]] [[barcode: EAN13 12x ]] [[barcode: EAN8 12345671 ]] [[barcode: MICR 1 ]] [[barcode: QRCode ]]',
    );
    assert.equal(picturesIn(html).length, 5);
    assert.match(html, /^[^[\]]*$/);
    assert.deepEqual(warnings, [
      'Barcode 1 of the HTML is left out: there is no type "Strichcode".',
      'Barcode 2 of the HTML is left out: a barcode of the type EAN13 needs 12 digits, or 13 of which the last is their check digit.',
      'Barcode 3 of the HTML is left out: its check digit is wrong: a barcode of the type EAN8 needs 7 digits, or 8 of which the last is their check digit.',
      'Barcode 4 of the HTML is left out: MICR is no barcode but a line in a typeface, E-13B, that is not here.',
      'Barcode 5 of the HTML is left out: a barcode of the type QRCode needs text of up to 4,000 characters.',
    ]);
  });

  it('are bounded in number, and so are their warnings', () => {
    const { html, warnings } = drawMacros('[[barcode: QRCode same ]] '.repeat(1_030));
    assert.equal(picturesIn(html).length, 1_030);
    assert.equal(warnings.length, 21);
    assert.equal(warnings.at(-1), '10 more barcodes of the HTML are left out.');
  });

  it('leave a text without them as it is', () => {
    const html = '<p>[[name]] [[barcode]] [[barcode: </p>';
    assert.deepEqual(drawMacros(html), { html, warnings: [] });
    assert.deepEqual(macrosOf('[[barcode:'.repeat(100_000)), []);
  });
});
