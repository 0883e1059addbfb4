/** Pages of the web through the whole server, as clients ask for them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findBrowser } from '../../src/engines/chromium/places.ts';
import { grayPng } from '../program/png.ts';
import { served } from '../program/served.ts';

const skip = findBrowser() === undefined && process.env['OCTAVO_REQUIRE_ENGINES'] !== '1';

describe('pages of the web', { timeout: 600_000, skip: skip && 'there is no browser' }, () => {
  const octavo = served({ OCTAVO_SYNC_WAIT_SECONDS: '300' });

  it('show files of this server by their links, and nothing else of it', async () => {
    const link = await octavo.client.upload('logo.png', grayPng(20, 20));
    const html = `<img src="${link}"><img src="${octavo.base}/health">`;
    const { warnings } = await octavo.post('/pdf/convert/from/html?name=a.pdf', { html });
    assert.match(String(warnings), /^1 file of the page could not be loaded: localhost:\d+\.$/);
  });

  it('are uploaded HTML, which nobody asks over HTTP for, with the fields of the call', async () => {
    const url = await octavo.client.upload('page.html', Buffer.from('<h1 style="break-after:page">a</h1>b'));
    const made = await octavo.post('/pdf/convert/from/url', { url, paperSize: '100mm 50mm' });
    assert.deepEqual([made['pageCount'], made['warnings']], [2, undefined]);
    const picture = await octavo.post('/url/convert/to/png', { url });
    assert.deepEqual([picture['status'], picture['name']], [200, 'result.png']);
  });

  it('are filled in with data as text of JSON or CSV, or as JSON within JSON', async () => {
    const html = '{{#each rows}}<p style="break-after: page">{{this}}</p>{{/each}}<b>{{paid}}</b>';
    const data = { rows: ['a', 'b'], paid: true };
    for (const templateData of [JSON.stringify(data), data])
      assert.equal((await octavo.post('/pdf/convert/from/html', { html, templateData }))['pageCount'], 3);
    const stored = await octavo.post('/pdf/convert/from/html', {
      templateId: 1,
      templateData: { items: [] },
    });
    assert.equal(stored['pageCount'], 1);
    const rows = await octavo.post('/pdf/convert/from/html', { html, templateData: 'paid,b\ntrue,1\n' });
    assert.equal(rows['pageCount'], 1);
  });

  it('are refused in words: this machine, no link, no HTML, other papers', async () => {
    for (const [path, fields, status, says] of [
      ['/pdf/convert/from/url', { url: 'http://127.0.0.1:9999/' }, 403, /does not fetch from/],
      ['/pdf/convert/from/url', { url: 'file:///etc/passwd' }, 403, /does not fetch from/],
      ['/pdf/convert/from/html', {}, 400, /"html" is missing/],
      ['/pdf/convert/from/html', { html: 'a', paperSize: 'A9' }, 400, /one of Letter/],
      ['/pdf/convert/from/html', { html: 'a', margins: '30cm' }, 400, /less than the size of the paper/],
      ['/pdf/convert/from/html', { templateId: '987654' }, 447, /templateId/],
    ] as const) {
      const refused = await octavo.post(path, fields);
      assert.equal(refused['status'], status, JSON.stringify(refused));
      assert.match(String(refused['message']), says);
    }
  });
});
