import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createContext, runInContext } from 'node:vm';
import Handlebars from 'handlebars';
import { drawMacros } from '../../src/engines/barcodes/child-macro.ts';
import { macrosOf } from '../../src/engines/barcodes/macro.ts';
import { builtIn } from '../../src/templates/built-in.ts';
import { templateBytesMax } from '../../src/templates/templates.ts';

/** What a template becomes with data, as a browser fills it: its scripts first. */
function filled(id: number, data: Readonly<Record<string, unknown>>): string {
  const body = builtIn.html.find((one) => one.id === id)?.body ?? '';
  const own = Handlebars.create();
  const context = createContext({ Handlebars: own });
  for (const [, script = ''] of body.matchAll(/<script>([^]*?)<\/script>/g)) runInContext(script, context);
  const html = own.compile(body.replaceAll(/<script>[^]*?<\/script>/g, ''))(data);
  assert.doesNotMatch(html, /\{\{|undefined|NaN|\[object/);
  return html;
}

/** Its text, in the order in which it stands. */
function textOf(html: string): string {
  return html
    .replace(/<style>[^]*?<\/style>/, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ');
}

const invoiceData = {
  paid: 'true',
  invoice_id: '0021',
  issuer_company: 'Northwind & Sons',
  issuer_address: '1 Harbour Road\r\nHull',
  client_name: 'Ada <b>',
  items: [
    { name: 'Cards', description: 'in a box\nof 500', price: '25.50', quantity: '12' },
    { name: 'Travel', price: 420 },
  ],
  discount: 26,
  tax: '10.25',
  currency: 'USD',
};

describe('the shipped templates', () => {
  it('stand for themselves: nothing of them comes from elsewhere', () => {
    assert.deepEqual(
      builtIn.html.map(({ id }) => id),
      [1, 2, 3],
    );
    for (const { body, title, description } of builtIn.html) {
      assert.doesNotMatch(body, /https?:|\/\/[a-z]|@import|url\(/i);
      assert.ok(Buffer.byteLength(body) < templateBytesMax && title !== '' && description !== '');
    }
  });

  for (const id of [1, 3]) {
    it(`${id}: an invoice adds up what its data does not say, and escapes what it says`, () => {
      const html = filled(id, invoiceData);
      const text = textOf(html);
      for (const part of [
        '0021',
        'Northwind &amp; Sons',
        'Ada &lt;b&gt;',
        '12 $25.50 $306.00',
        '1 $420.00 $420.00',
      ])
        assert.ok(text.includes(part), part);
      assert.match(text, /\$726\.00.*\$26\.00.*\$10\.25.*Total \$710\.25/);
      assert.match(html, /in a box<br>of 500/);
      assert.match(text, /Paid/);
      assert.deepEqual(drawMacros(html).warnings, []);
      const [macro] = macrosOf(html);
      assert.match(macro?.value ?? '', id === 1 ? /^Invoice 0021 Ada <b>$/ : /^0021$/);
    });

    it(`${id}: an invoice takes a total, another language, and no data at all`, () => {
      const text = textOf(
        filled(id, { ...invoiceData, total: '99', locale: 'de-DE', currency: 'EUR', paid: false }),
      );
      assert.match(text, /Total 99,00\s€/);
      assert.doesNotMatch(text, /Paid/);
      assert.match(textOf(filled(id, { ...invoiceData, currency: 'no such' })), /Total 710\.25 no such/);
      assert.match(textOf(filled(id, {})), /Total 0\.00/);
    });
  }

  it('2: a packing slip counts, and has a barcode of the parcel and of each item', () => {
    const items = [
      { sku: 'B-8', name: 'Bolt', quantity: 200 },
      { name: 'Nut', quantity: '50' },
    ];
    const html = filled(2, { order_id: 'SO-1', tracking: '1Z999', items });
    assert.match(textOf(html), /Items: 2 Pieces: 250/);
    assert.deepEqual(
      macrosOf(html).map(({ type, value }) => [type, value]),
      [
        ['Code128', '1Z999'],
        ['Code128', 'B-8'],
      ],
    );
    assert.equal(macrosOf(filled(2, { order_id: 'SO-1' }))[0]?.value, 'SO-1');
    assert.match(textOf(filled(2, {})), /Pieces: 0/);
  });
});
