/** Text and tables found in PDFs, and PDFs split by text, asked for as clients ask. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { bytesSource, info } from '@octavo/pdf';
import { bare, send } from '../http/raw.ts';
import { sampleOf } from '../program/samples.ts';
import { type Answer, served } from '../program/served.ts';

describe('text that is looked for, from outside', { timeout: 120_000 }, () => {
  const octavo = served();
  let table: string;
  let chapters: string;
  before(async () => {
    table = await octavo.client.upload('table.pdf', sampleOf('table.pdf'));
    chapters = await octavo.client.upload('chapters.pdf', sampleOf('chapters.pdf'));
  });

  const texts = ({ body }: Answer) => (body as Answer[]).map(({ text }) => text);

  it('is told with its place, and where it is not found there is an empty list', async () => {
    const { error, body, pageCount } = await octavo.post('/pdf/find', { url: table, searchString: 'Bolt' });
    assert.deepEqual([error, pageCount, body.length], [false, 1, 1]);
    const [{ left, top, width, height, pageIndex, elements }] = body;
    assert.equal(pageIndex, 0);
    assert.ok(Math.abs(left - 72) < 1 && top > 90 && top < 108 && width > 10 && height > 5);
    assert.equal(elements.length, 1);
    assert.deepEqual((await octavo.post('/pdf/find', { url: table, searchString: 'bolt' })).body, []);
    const either = { url: table, searchString: 'bolt', caseSensitive: 'False', wordMatchingMode: '' };
    assert.deepEqual(texts(await octavo.post('/pdf/find', either)), ['Bolt']);
  });

  it('comes in a query as it is, and in JSON with single backslashes', async () => {
    const line = `GET /v1/pdf/find?url=${table}&searchString=\\d{1,}\\.\\d\\d&regexSearch=True`;
    assert.deepEqual(texts((await send(octavo.port, bare(line))).json() as Answer), ['1.50', '12.25']);
    const body = String.raw`{"url": "${table}", "searchString": "\d{1,}\.\d\d", "regexSearch": "true"}`;
    assert.deepEqual(texts(await octavo.post('/v1/pdf/find', body)), ['1.50', '12.25']);
  });

  it('is a bare list in the file of an asynchronous call', async () => {
    const { jobId, url } = await octavo.post('/pdf/find', { url: table, searchString: 'Nut', async: true });
    await octavo.client.waitFor(jobId, 5);
    const found = JSON.parse((await octavo.bytesOf(url)).toString()) as Answer[];
    assert.deepEqual(
      found.map(({ text }) => text),
      ['Nut'],
    );
  });

  for (const [what, fields, status, says] of [
    ['nothing to look for', {}, 400, /"searchString" is missing/],
    ['blanks alone', { searchString: '  ' }, 400, /searchString/],
    [
      'what cannot be linear',
      { searchString: '(a)\\1', regexSearch: true },
      400,
      /"searchString".*references/,
    ],
    ['looking ahead', { searchString: 'a(?=b)', regexSearch: true }, 400, /"searchString".*ahead/],
    ['no expression', { searchString: '(', regexSearch: true }, 400, /"searchString".*can be read/],
    ['a mode that there is not', { searchString: 'a', wordMatchingMode: 'Fuzzy' }, 400, /SmartMatch/],
    ['a page that there is not', { searchString: 'a', pages: '9' }, 449, /pages/],
  ] as const)
    it(`is refused with the field that is wrong: ${what}`, async () => {
      const answer = await octavo.post('/pdf/find', { url: table, ...fields });
      assert.equal(answer['status'], status);
      assert.match(answer['message'], says);
    });

  it('may be tables, whose rect fits the converters', async () => {
    const { body, error } = await octavo.post('/pdf/find/table', { url: table });
    assert.equal(error, false);
    const [{ PageIndex, rect, X, Columns }] = body.tables;
    assert.ok(Columns.length >= 2 && Math.abs(Columns[0] - X) < 20);
    const csv = await octavo.post('/pdf/convert/to/csv', {
      url: table,
      rect,
      pages: String(PageIndex),
      inline: true,
    });
    assert.equal(csv['body'], '"Item","Qty","Price",\r\n"Bolt","2","1.50",\r\n"Nut","10","12.25",\r\n');
  });

  it('divides a document', async () => {
    const pagesOf = async (fields: object) => {
      const { urls, warnings } = await octavo.post('/pdf/split2', { url: chapters, ...fields });
      const counts = await Promise.all(
        (urls as string[]).map(async (link) => info(bytesSource(await octavo.bytesOf(link))).pageCount),
      );
      return { counts, names: (urls as string[]).map((link) => link.split('/').at(-1)), warnings };
    };
    const all = await pagesOf({ searchString: 'chapter' });
    assert.deepEqual(
      [all.counts, all.names],
      [
        [2, 1],
        ['result_page1-2.pdf', 'result_page3.pdf'],
      ],
    );
    const some = { searchString: 'Chapter \\d', regexSearch: true, excludeKeyPages: 'true' };
    assert.deepEqual((await pagesOf(some)).names, ['result_page2.pdf']);
    assert.deepEqual((await pagesOf({ searchString: 'goes on' })).counts, [1, 2]);
    const none = await pagesOf({ searchString: 'CHAPTER', caseSensitive: true });
    assert.deepEqual(none.counts, [3]);
    assert.match(none.warnings.join(), /not found/);
  });

  it('divides no document by barcodes yet, and says so', async () => {
    const { status, message } = await octavo.post('/pdf/split2', {
      url: chapters,
      searchString: '[[barcode:qrcode /x/]]',
    });
    assert.equal(status, 501);
    assert.match(message, /barcodes/);
  });
});
