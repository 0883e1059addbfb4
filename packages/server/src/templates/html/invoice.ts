import type { BuiltIn } from '../built-in.ts';
import { invoiceData, invoiceScript } from './invoice-script.ts';

export const invoice: BuiltIn = {
  id: 1,
  title: 'Invoice',
  description: `An invoice on A4 with a QR code. ${invoiceData}`,
  body: `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Invoice {{invoice_id}}</title>
<style>
  * { box-sizing: border-box; margin: 0; padding: 0; }
  body {
    font: 13px/1.5 "Helvetica Neue", Helvetica, "Liberation Sans", Arial, sans-serif;
    color: #1f2937; padding: 36px 44px;
    -webkit-print-color-adjust: exact; print-color-adjust: exact;
  }
  .head { display: flex; justify-content: space-between; align-items: flex-start; }
  .issuer { font-size: 20px; font-weight: 700; letter-spacing: -.01em; color: #0f3d5e; }
  .quiet { color: #6b7280; }
  .title { text-align: right; }
  .title h1 { font-size: 34px; font-weight: 300; letter-spacing: .16em; text-transform: uppercase; color: #0f3d5e; line-height: 1.1; }
  .title .number { font-size: 14px; margin-top: 4px; }
  .rule { height: 4px; margin: 26px 0 28px; border-radius: 2px; background: linear-gradient(90deg, #0f3d5e 0 62%, #2f9e8f 62% 100%); }
  .facts { display: flex; gap: 32px; margin-bottom: 30px; }
  .facts > div { flex: 1; }
  .facts .dates { flex: 0 0 200px; }
  .label { font-size: 10px; font-weight: 700; letter-spacing: .12em; text-transform: uppercase; color: #2f9e8f; margin-bottom: 5px; }
  .strong { font-weight: 600; font-size: 14px; }
  .dates table { width: 100%; border-collapse: collapse; }
  .dates td { padding: 1px 0; }
  .dates td:last-child { text-align: right; font-variant-numeric: tabular-nums; }
  .items { width: 100%; border-collapse: collapse; }
  .items th {
    text-align: right; font-size: 10px; letter-spacing: .1em; text-transform: uppercase; font-weight: 700;
    color: #fff; background: #0f3d5e; padding: 9px 12px;
  }
  .items th:first-child { text-align: left; border-radius: 5px 0 0 5px; }
  .items th:last-child { border-radius: 0 5px 5px 0; }
  .items td { padding: 10px 12px; border-bottom: 1px solid #e5e7eb; text-align: right; vertical-align: top; font-variant-numeric: tabular-nums; white-space: nowrap; }
  .items td:first-child { text-align: left; white-space: normal; width: 58%; }
  .items tr { break-inside: avoid; }
  .below { display: flex; justify-content: space-between; gap: 36px; margin-top: 26px; break-inside: avoid; }
  .code { display: flex; gap: 16px; align-items: flex-start; max-width: 320px; }
  .code img { width: 96px; height: 96px; flex: none; }
  .sums { width: 270px; border-collapse: collapse; flex: none; align-self: flex-start; }
  .sums td { padding: 5px 12px; font-variant-numeric: tabular-nums; }
  .sums td:last-child { text-align: right; }
  .sums .total td { background: #eef6f5; color: #0f3d5e; font-size: 17px; font-weight: 700; padding: 11px 12px; }
  .sums .total td:first-child { border-radius: 5px 0 0 5px; }
  .sums .total td:last-child { border-radius: 0 5px 5px 0; }
  .stamp {
    display: inline-block; margin-top: 10px; padding: 3px 14px; border: 2px solid #2f9e8f; border-radius: 5px; color: #2f9e8f;
    font-weight: 700; letter-spacing: .18em; text-transform: uppercase; transform: rotate(-4deg);
  }
  .note { margin-top: 40px; padding-top: 14px; border-top: 1px solid #e5e7eb; color: #6b7280; font-size: 12px; break-inside: avoid; }
</style>
${invoiceScript}
</head>
<body>
  <div class="head">
    <div>
      <div class="issuer">{{#if issuer_company}}{{issuer_company}}{{else}}{{issuer_name}}{{/if}}</div>
      {{#if issuer_company}}{{#if issuer_name}}<div>{{issuer_name}}</div>{{/if}}{{/if}}
      <div class="quiet">{{breaklines issuer_address}}</div>
      {{#if issuer_email}}<div class="quiet">{{issuer_email}}</div>{{/if}}
      {{#if issuer_website}}<div class="quiet">{{issuer_website}}</div>{{/if}}
    </div>
    <div class="title">
      <h1>Invoice</h1>
      {{#if invoice_id}}<div class="number">No. <b>{{invoice_id}}</b></div>{{/if}}
      {{#if paid}}<div class="stamp">Paid</div>{{/if}}
    </div>
  </div>
  <div class="rule"></div>
  <div class="facts">
    <div>
      <div class="label">Bill to</div>
      <div class="strong">{{#if client_company}}{{client_company}}{{else}}{{client_name}}{{/if}}</div>
      {{#if client_company}}{{#if client_name}}<div>{{client_name}}</div>{{/if}}{{/if}}
      <div class="quiet">{{breaklines client_address}}</div>
      {{#if client_email}}<div class="quiet">{{client_email}}</div>{{/if}}
    </div>
    <div class="dates">
      <div class="label">Dates</div>
      <table>
        {{#if invoice_date}}<tr><td class="quiet">Issued</td><td>{{invoice_date}}</td></tr>{{/if}}
        {{#if invoice_dateDue}}<tr><td class="quiet">Due</td><td><b>{{invoice_dateDue}}</b></td></tr>{{/if}}
      </table>
    </div>
  </div>
  <table class="items">
    <thead><tr><th>Item</th><th>Quantity</th><th>Price</th><th>Amount</th></tr></thead>
    <tbody>
      {{#each items}}
      <tr>
        <td>{{this.name}}{{#if this.description}}<div class="quiet">{{breaklines this.description}}</div>{{/if}}</td>
        <td>{{orOne this.quantity}}</td>
        <td>{{money this.price}}</td>
        <td>{{money (getTotal this.quantity this.price)}}</td>
      </tr>
      {{/each}}
    </tbody>
  </table>
  <div class="below">
    <div class="code">
      <img src="[[barcode: QRCode Invoice {{invoice_id}} {{client_name}} ]]" alt="">
      <div class="quiet">Invoice {{invoice_id}}<br>{{client_name}}</div>
    </div>
    <table class="sums">
      <tr><td class="quiet">Subtotal</td><td>{{money (getSubtotal items)}}</td></tr>
      {{#if discount}}<tr><td class="quiet">Discount</td><td>&minus; {{money discount}}</td></tr>{{/if}}
      {{#if tax}}<tr><td class="quiet">Tax</td><td>{{money tax}}</td></tr>{{/if}}
      <tr class="total"><td>Total</td><td>{{money (getFinalAmount this)}}</td></tr>
    </table>
  </div>
  {{#if note}}<div class="note">{{breaklines note}}</div>{{/if}}
</body>
</html>
`,
};
