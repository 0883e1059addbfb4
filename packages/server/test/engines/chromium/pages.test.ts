/** What becomes of pages that mean no harm. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe } from 'node:test';
import sharp from 'sharp';
import { Failure, type FailureName } from '../../../src/errors.ts';
import { printSettings } from '../../../src/operations/printing.ts';
import { openBrowser } from './browser.ts';

const failsBy = (row: FailureName, says: RegExp) => (error: unknown) =>
  error instanceof Failure && error.row === row && says.test(error.message);

describe('a page that is a file', { timeout: 600_000 }, () => {
  const { print, page, engine, workshop, test } = openBrowser();

  test('is printed on the paper that was asked for, with head, foot and numbers', async () => {
    const printed = await print('<title>T</title><h1 style="break-after:page">One</h1>Two', {
      print: {
        paper: { width: 400, height: 300 },
        heedsPageSize: false,
        margins: { top: 50, right: 20, bottom: 50, left: 20 },
        header: '<span style="font-size:9px">Head of <b class="title"></b></span>',
        footer: '<span style="font-size:9px"><b class="pageNumber"></b>/<b class="totalPages"></b></span>',
      },
    });
    assert.equal(printed.facts.pageCount, 2);
    assert.deepEqual(
      printed.facts.pages.map(({ width, height }) => [Math.round(width), Math.round(height)]),
      [
        [400, 300],
        [400, 300],
      ],
    );
    assert.equal(printed.title, 'T');
    assert.deepEqual(printed.warnings, []);
    const text = await printed.text();
    assert.match(text, /Head of T\s+One\s+1\/2[^]*Head of T\s+Two\s+2\/2/);
  });

  test('says its own size, where nobody asked for paper', async () => {
    const html = '<style>@page{size:200px 400px}</style>a';
    const [own] = (await print(html)).facts.pages;
    assert.deepEqual([own?.width, own?.height], [150, 300]);
  });

  test('is read in the encoding that it has', async () => {
    const latin = Buffer.from('<meta charset="iso-8859-1">Gr\xfc\xdfe', 'latin1');
    assert.match(await (await print(latin)).text(), /Grüße/);
    assert.match(await (await print('<p>Grüße')).text(), /Grüße/);
  });

  test('has what its scripts write, also a moment later, and what the script of the call does', async () => {
    const html =
      '<body><script>setTimeout(()=>document.body.append("late"),150);localStorage.a="kept"</script>';
    const script = 'document.body.append(" then "+localStorage.a)';
    const printed = await print(html, { browsing: { script } });
    assert.match(await printed.text(), /late then kept/);
    const failed = await print('a', { browsing: { script: 'throw new Error("no such thing")' } });
    assert.match(failed.warnings.join(), /script of the call failed: Error: no such thing/);
  });

  test('may be a template, with helpers of its own, data as relaxed JSON, and barcodes', async () => {
    const html = `<script>Handlebars.registerHelper('twice', (n) => n * 2)</script>
      <p>{{name}} {{twice 21}} {{#if paid}}paid{{else}}open{{/if}} {{#each items}}[{{this.n}}]{{/each}}</p>
      <img src="[[barcode: QRCode {{name}} ]]"><img src="[[barcode: NoSuchCode 1 ]]">`;
    const printed = await print(html, { data: "{ name: 'A & B', paid: true, items: [{n:1},{n:2}], }" });
    assert.match(await printed.text(), /A & B 42 paid \[1\]\[2\]/);
    assert.match(printed.warnings.join(), /Barcode 2 of the HTML is left out/);
  });

  test('takes data as CSV, whose truths are texts', async () => {
    const html = '<p>{{client}}: {{#if paid}}paid{{else}}open{{/if}}, {{#if sent}}sent{{else}}here{{/if}}';
    const printed = await print(html, { data: 'client,paid,sent\n"Ada, Ltd.",true,false\n' });
    assert.match(await printed.text(), /Ada, Ltd\.: paid, here/);
  });

  test('is refused with what Handlebars says, where it is no template', async () => {
    await assert.rejects(print('{{#each a}}', { data: '{}' }), failsBy('templateFailed', /Parse error/));
    await assert.rejects(print('{{nope 1}}', { data: '{}' }), failsBy('templateFailed', /nope/));
    await assert.rejects(print('{{a}}', { data: '{ "a": ' }), failsBy('fieldInvalid', /templateData/));
  });

  test('may be an SVG, and what cannot be loaded is told by hosts alone', async () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30"><text y="20">drawn</text></svg>';
    assert.match(await (await print(svg)).text(), /drawn/);
    const { warnings } = await print('a<img src="http://gone.test/secret?key=1"><img src="logo.png">');
    assert.match(warnings.join(), /^2 files of the page could not be loaded: .*gone\.test/);
    assert.doesNotMatch(warnings.join(), /secret|key/);
  });

  test('becomes a picture of its whole height, within bounds', async () => {
    const asked = { browsing: printSettings({ mediaType: 'screen' }).browsing, width: 1_280 } as const;
    const draw = async (html: string, as: 'png' | 'jpg') => {
      const made = await engine().abilities['web.to-picture']?.(
        { ...asked, page: page(html), as },
        workshop.context(),
      );
      const { format, width, height } = await sharp(readFileSync(made?.file.path ?? '')).metadata();
      return { format, width, height, warnings: made?.warnings };
    };
    assert.deepEqual(await draw('<body style="margin:0"><div style="height:2000px">a', 'png'), {
      format: 'png',
      width: 1_280,
      height: 2_000,
      warnings: [],
    });
    const tall = await draw('<div style="height:90000px">a', 'jpg');
    assert.deepEqual([tall.format, tall.height], ['jpeg', 16_384]);
    assert.match(tall.warnings?.join() ?? '', /ends at 16384 pixels/);
  });
});
