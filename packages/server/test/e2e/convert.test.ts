/** PDFs as text, CSV, JSON and XML, asked for as clients ask. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import sharp from 'sharp';
import { bare, send } from '../http/raw.ts';
import { sampleOf } from '../program/samples.ts';
import { served } from '../program/served.ts';

const table = '"Item","Qty","Price",\r\n"Bolt","2","1.50",\r\n"Nut","10","12.25",\r\n';
const withSemicolons = table.replaceAll(',', ';');

describe('PDFs as text, from outside', { timeout: 120_000 }, () => {
  const octavo = served();
  let url: string;
  before(async () => {
    url = await octavo.client.upload('table.pdf', sampleOf('table.pdf'));
  });

  const textOf = async (link: unknown) => (await octavo.bytesOf(link)).toString();
  const part = (name = 'table.pdf') => new File([new Uint8Array(sampleOf(name))], name);

  it('take the document as a part of a form, and all options in a part of relaxed JSON', async () => {
    const form = new FormData();
    form.append('file', part());
    form.append('data', "{async: true, pages: '', password: '' }");
    const { error, jobId, url: link } = await octavo.post('/pdf/convert/to/csv', form);
    assert.equal(error, false);
    assert.match(link, /\/result\.csv$/);
    await octavo.client.waitFor(jobId, 5);
    assert.equal(await textOf(link), table);
  });

  it('take profiles in a query with its brackets as they are', async () => {
    const profiles = `%7B%0A%20%20%22profiles%22:%20[%0A%7B%20%22profile1%22:%20%7B%20%22CSVSeparatorSymbol%22:%20%22;%22%20%7D%20%7D%20]%7D`;
    const line = `GET /v1/pdf/convert/to/csv?inline=True&name=result&url=${url}&profiles=${profiles}`;
    assert.equal((await send(octavo.port, bare(line))).json().body, withSemicolons);
  });

  it('take profiles in JSON as a text, with keys and values in any spelling, and say which they do not know', async () => {
    const { body, warnings } = await octavo.post('/pdf/convert/to/csv', {
      url,
      inline: 'true',
      profiles: "'csvseparatorsymbol': ';', 'TextFromImagesAndVectorsAndFonts': '|', 'TrimSpaces': 'True'",
    });
    assert.equal(body, withSemicolons);
    assert.deepEqual(warnings, ['profiles: TextFromImagesAndVectorsAndFonts is not known here.']);
  });

  it('read a part of the page', async () => {
    const rect = '60 80 60 60';
    const { body } = await octavo.post('/pdf/convert/to/text', { url, inline: true, rect });
    assert.equal(body, 'Item\r\nBolt\r\nNut\r\n');
  });

  it('give JSON as a value in the answer, and as a file of the same', async () => {
    const { body } = await octavo.post('/pdf/convert/to/json2', { url, inline: true });
    const { url: link, name } = await octavo.post('/pdf/convert/to/json2', { url, name: 'all' });
    assert.equal(name, 'all.json');
    assert.deepEqual(JSON.parse(await textOf(link)), body);
    assert.equal(body.document.page.row[2].column[2].text.text, '12.25');
  });

  it('give a table that was found as it is', async () => {
    const { body: found } = await octavo.post('/pdf/find/table', { url });
    const [{ PageIndex, rect }] = found.tables;
    const { body } = await octavo.post('/pdf/convert/to/json2', {
      url,
      inline: true,
      pages: String(PageIndex),
      rect,
    });
    const texts = body.document.page.row.map(({ column }: any) => column.map((cell: any) => cell.text.text));
    assert.deepEqual(texts, [
      ['Item', 'Qty', 'Price'],
      ['Bolt', '2', '1.50'],
      ['Nut', '10', '12.25'],
    ]);
  });

  it('are in job/check too where they would be in the answer, unless they are encrypted', async () => {
    const checked = async (profiles: string) => {
      const call = { url, inline: true, async: true, profiles };
      const { jobId } = await octavo.post('/pdf/convert/to/csv', call);
      await octavo.client.waitFor(jobId, 5);
      return octavo.client.json(`/job/check?jobid=${jobId}`);
    };
    assert.equal((await checked(''))['body'], table);
    const encrypted = await checked(
      "'DataEncryptionAlgorithm': 'AES128', 'DataEncryptionKey': 'HelloThisKey1234', 'DataEncryptionIV': 'TreloThisKey1234'",
    );
    assert.equal(encrypted['status'], 'success');
    assert.equal('body' in encrypted, false);
  });

  const aPicture = async () => {
    const pixels = { width: 40, height: 20, channels: 3 as const, background: 'white' };
    return octavo.client.upload('scan', await sharp({ create: pixels }).png().toBuffer());
  };

  it('make a page without text of a picture, and say so', async () => {
    const picture = await aPicture();
    const { error, pageCount, body, warnings } = await octavo.post('/pdf/convert/to/text', {
      url: picture,
      inline: true,
    });
    assert.deepEqual([error, pageCount, body], [false, 1, '']);
    assert.match(warnings.join(' '), /picture/);
  });

  it('have the pictures of a page in JSON where they are asked for', async () => {
    const { body } = await octavo.post('/pdf/convert/to/json2', {
      url: await aPicture(),
      inline: true,
      profiles: '{ "SaveImages": "Embed", "ImageFormat": "JPEG" }',
    });
    const { type, format, data } = body.document.page.image;
    assert.deepEqual([type, format], ['base64encoded', 'JPEG']);
    const shown = await sharp(Buffer.from(data, 'base64')).metadata();
    assert.deepEqual([shown.format, shown.width, shown.height], ['jpeg', 40, 20]);
  });

  it('say of what is neither a document nor a picture that it is no document', async () => {
    const link = await octavo.client.upload('hello.txt', sampleOf('hello.txt'));
    const { status, message } = await octavo.post('/pdf/convert/to/xml', { url: link });
    assert.equal(status, 442);
    assert.match(message, /not a PDF/);
  });

  it('say of a picture that is damaged that it is', async () => {
    const link = await octavo.client.upload('a.png', Buffer.from('\x89PNG\r\n\x1a\n and no more', 'latin1'));
    const { status, message } = await octavo.post('/pdf/convert/to/csv', { url: link });
    assert.equal(status, 442);
    assert.match(message, /picture .*damaged/);
  });

  for (const [path, fields, status, says] of [
    ['csv', { rect: '1 2 3' }, 400, /"rect".*x y width height/],
    ['csv', { pages: '7' }, 449, /pages/],
    ['text-simple', { lineEnding: 'x' }, 400, /"lineEnding".*crlf, lf, cr/],
    ['json2', { profiles: { OutputTransformation: '$[?(@.x)]' } }, 444, /OutputTransformation.*JSONPath/],
    ['csv', { profiles: { CSVSeparatorSymbol: '\n' } }, 444, /CSVSeparatorSymbol/],
  ] as const)
    it(`refuse ${JSON.stringify(fields)} with ${status}, and say what is valid`, async () => {
      const answer = await octavo.post(`/pdf/convert/to/${path}`, { url, ...fields });
      assert.equal(answer['status'], status);
      assert.match(answer['message'], says);
    });
});
