import type { BuiltIn } from '../built-in.ts';
import { invoiceData, invoiceScript } from './invoice-script.ts';

export const letterInvoice: BuiltIn = {
  id: 3,
  title: 'Invoice as a letter',
  description: `The same data as a plain letter in black, with the address where the window of an envelope is. ${invoiceData}`,
  body: `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Invoice {{invoice_id}}</title>
<style>
  * { box-sizing: border-box; margin: 0; padding: 0; }
  body { font: 12.5px/1.55 Georgia, "Liberation Serif", "Times New Roman", serif; color: #111; padding: 30px 52px 30px 66px; }
  .sender { text-align: center; padding-bottom: 14px; border-bottom: 1px solid #111; }
  .sender .name { font-size: 22px; letter-spacing: .06em; }
  .sender .line { font-size: 11px; color: #444; }
  .upper { display: flex; justify-content: space-between; margin-top: 42px; min-height: 120px; }
  .window .from { font-size: 8.5px; color: #444; border-bottom: .5px solid #888; margin-bottom: 6px; padding-bottom: 1px; }
  .window { width: 310px; }
  .facts { border-collapse: collapse; align-self: flex-end; }
  .facts td { padding: 1px 0 1px 18px; }
  .facts td:last-child { text-align: right; }
  h1 { font-size: 19px; font-weight: 400; margin: 40px 0 14px; }
  h1 b { font-weight: 700; }
  .items { width: 100%; border-collapse: collapse; }
  .items th { font-weight: 400; font-style: italic; text-align: right; border-bottom: 1px solid #111; padding: 5px 0 5px 14px; }
  .items th:nth-child(2), .items td:nth-child(2) { text-align: left; }
  .items th:first-child, .items td:first-child { text-align: left; padding-left: 0; width: 30px; }
  .items td { text-align: right; padding: 7px 0 7px 14px; border-bottom: .5px solid #bbb; vertical-align: top; white-space: nowrap; }
  .items td:nth-child(2) { white-space: normal; }
  .items tr { break-inside: avoid; }
  .detail { color: #555; font-size: 11.5px; }
  .sums { margin-left: auto; margin-top: 14px; border-collapse: collapse; width: 260px; break-inside: avoid; }
  .sums td { padding: 3px 0; }
  .sums td:last-child { text-align: right; }
  .sums .total td { border-top: 1px solid #111; border-bottom: 3px double #111; font-weight: 700; font-size: 15px; padding: 7px 0; }
  .end { margin-top: 38px; display: flex; justify-content: space-between; gap: 30px; break-inside: avoid; }
  .end img { height: 66px; }
  .paid { font-variant: small-caps; font-size: 17px; letter-spacing: .1em; }
</style>
${invoiceScript}
</head>
<body>
  <div class="sender">
    <div class="name">{{#if issuer_company}}{{issuer_company}}{{else}}{{issuer_name}}{{/if}}</div>
    <div class="line">{{oneLine issuer_address}}{{#if issuer_email}} &middot; {{issuer_email}}{{/if}}{{#if issuer_website}} &middot; {{issuer_website}}{{/if}}</div>
  </div>
  <div class="upper">
    <div class="window">
      <div class="from">{{#if issuer_company}}{{issuer_company}}{{else}}{{issuer_name}}{{/if}}{{#if issuer_address}}, {{oneLine issuer_address}}{{/if}}</div>
      {{#if client_company}}<div>{{client_company}}</div>{{/if}}
      {{#if client_name}}<div>{{client_name}}</div>{{/if}}
      <div>{{breaklines client_address}}</div>
    </div>
    <table class="facts">
      {{#if invoice_date}}<tr><td>Date</td><td>{{invoice_date}}</td></tr>{{/if}}
      {{#if invoice_dateDue}}<tr><td>To be paid by</td><td>{{invoice_dateDue}}</td></tr>{{/if}}
    </table>
  </div>
  <h1>Invoice {{#if invoice_id}}<b>{{invoice_id}}</b>{{/if}}</h1>
  <table class="items">
    <thead><tr><th></th><th>Description</th><th>Quantity</th><th>Price</th><th>Amount</th></tr></thead>
    <tbody>
      {{#each items}}
      <tr>
        <td class="detail">{{position @index}}</td>
        <td>{{this.name}}{{#if this.description}}<div class="detail">{{breaklines this.description}}</div>{{/if}}</td>
        <td>{{orOne this.quantity}}</td>
        <td>{{money this.price}}</td>
        <td>{{money (getTotal this.quantity this.price)}}</td>
      </tr>
      {{/each}}
    </tbody>
  </table>
  <table class="sums">
    <tr><td>Subtotal</td><td>{{money (getSubtotal items)}}</td></tr>
    {{#if discount}}<tr><td>Less discount</td><td>&minus; {{money discount}}</td></tr>{{/if}}
    {{#if tax}}<tr><td>Tax</td><td>{{money tax}}</td></tr>{{/if}}
    <tr class="total"><td>Total</td><td>{{money (getFinalAmount this)}}</td></tr>
  </table>
  <div class="end">
    <div>{{#if paid}}<div class="paid">Paid with thanks</div>{{/if}}{{breaklines note}}</div>
    {{#if invoice_id}}<img src="[[barcode: Code128 {{invoice_id}} ]]" alt="">{{/if}}
  </div>
</body>
</html>
`,
};
