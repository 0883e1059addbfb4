import type { BuiltIn } from '../built-in.ts';

export const packingSlip: BuiltIn = {
  id: 2,
  title: 'Packing slip',
  description:
    'What is in a parcel, on A4, with barcodes of the shipment and of each item. Data: order_id, order_date, ship_date, ship_via, tracking, sender_name, sender_address, ship_to_name, ship_to_company, ship_to_address, ship_to_phone, items (sku, name, description, quantity), note.',
  body: `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Packing slip {{order_id}}</title>
<style>
  * { box-sizing: border-box; margin: 0; padding: 0; }
  body {
    font: 13px/1.45 "Helvetica Neue", Helvetica, "Liberation Sans", Arial, sans-serif; color: #111827; padding: 34px 42px;
    -webkit-print-color-adjust: exact; print-color-adjust: exact;
  }
  .head { display: flex; justify-content: space-between; align-items: center; padding-bottom: 18px; border-bottom: 3px solid #111827; }
  h1 { font-size: 30px; letter-spacing: -.02em; line-height: 1.1; }
  .head .from { color: #4b5563; }
  .head img { height: 80px; }
  .cards { display: flex; gap: 16px; margin: 22px 0 24px; }
  .card { flex: 1; background: #f3f4f6; border-radius: 8px; padding: 14px 16px; }
  .card.to { flex: 1.5; }
  .label { font-size: 10px; font-weight: 700; letter-spacing: .1em; text-transform: uppercase; color: #6b7280; margin-bottom: 4px; }
  .to .name { font-size: 17px; font-weight: 700; }
  .card dl { display: grid; grid-template-columns: auto 1fr; gap: 2px 14px; }
  .card dt { color: #6b7280; }
  .card dd { font-weight: 600; text-align: right; }
  table { width: 100%; border-collapse: collapse; }
  th { text-align: left; font-size: 10px; letter-spacing: .1em; text-transform: uppercase; color: #6b7280; padding: 0 10px 7px; border-bottom: 1.5px solid #111827; }
  td { padding: 9px 10px; border-bottom: 1px solid #e5e7eb; vertical-align: middle; }
  tr { break-inside: avoid; }
  .box { display: inline-block; width: 15px; height: 15px; border: 1.5px solid #111827; border-radius: 3px; vertical-align: middle; }
  .count { text-align: center; font-size: 16px; font-weight: 700; }
  .quiet { color: #6b7280; font-size: 12px; }
  td img { height: 58px; margin-top: -4px; margin-bottom: -4px; display: block; margin-left: auto; }
  .sum { display: flex; justify-content: space-between; margin-top: 16px; font-size: 15px; break-inside: avoid; }
  .note { margin-top: 24px; padding: 12px 16px; border-left: 4px solid #f59e0b; background: #fffbeb; border-radius: 0 6px 6px 0; break-inside: avoid; }
  .signs { display: flex; gap: 40px; margin-top: 60px; break-inside: avoid; }
  .signs div { flex: 1; border-top: 1px solid #9ca3af; padding-top: 5px; color: #6b7280; font-size: 11px; }
</style>
<script>
  if (typeof Handlebars !== 'undefined') {
    Handlebars.registerHelper('pieces', function (items) {
      return (items || []).reduce(function (sum, item) {
        return sum + (Number(item.quantity) || 0);
      }, 0);
    });
    Handlebars.registerHelper('breaklines', function (text) {
      var safe = Handlebars.Utils.escapeExpression(text == null ? '' : text);
      return new Handlebars.SafeString(safe.replace(/\\r?\\n/g, '<br>'));
    });
  }
</script>
</head>
<body>
  <div class="head">
    <div>
      <h1>Packing slip</h1>
      <div class="from">{{sender_name}}{{#if sender_address}}, {{sender_address}}{{/if}}</div>
    </div>
    {{#if tracking}}<img src="[[barcode: Code128 {{tracking}} ]]" alt="{{tracking}}">{{else}}{{#if order_id}}<img src="[[barcode: Code128 {{order_id}} ]]" alt="{{order_id}}">{{/if}}{{/if}}
  </div>
  <div class="cards">
    <div class="card to">
      <div class="label">Ship to</div>
      <div class="name">{{ship_to_name}}</div>
      {{#if ship_to_company}}<div>{{ship_to_company}}</div>{{/if}}
      <div>{{breaklines ship_to_address}}</div>
      {{#if ship_to_phone}}<div class="quiet">{{ship_to_phone}}</div>{{/if}}
    </div>
    <div class="card">
      <div class="label">Order</div>
      <dl>
        {{#if order_id}}<dt>Number</dt><dd>{{order_id}}</dd>{{/if}}
        {{#if order_date}}<dt>Ordered</dt><dd>{{order_date}}</dd>{{/if}}
        {{#if ship_date}}<dt>Shipped</dt><dd>{{ship_date}}</dd>{{/if}}
        {{#if ship_via}}<dt>Carrier</dt><dd>{{ship_via}}</dd>{{/if}}
      </dl>
    </div>
  </div>
  <table>
    <thead><tr><th></th><th>Item</th><th style="text-align:center">Quantity</th><th></th></tr></thead>
    <tbody>
      {{#each items}}
      <tr>
        <td><span class="box"></span></td>
        <td><b>{{this.name}}</b>{{#if this.description}}<div class="quiet">{{breaklines this.description}}</div>{{/if}}{{#if this.sku}}<div class="quiet">{{this.sku}}</div>{{/if}}</td>
        <td class="count">{{this.quantity}}</td>
        <td>{{#if this.sku}}<img src="[[barcode: Code128 {{this.sku}} ]]" alt="{{this.sku}}">{{/if}}</td>
      </tr>
      {{/each}}
    </tbody>
  </table>
  <div class="sum"><span>Items: <b>{{items.length}}</b></span><span>Pieces: <b>{{pieces items}}</b></span></div>
  {{#if note}}<div class="note">{{breaklines note}}</div>{{/if}}
  <div class="signs"><div>Packed by</div><div>Checked by</div><div>Date</div></div>
</body>
</html>
`,
};
