/** Documents through the real program, each in a box of its own. OCTAVO_TEST_TIMEOUTS sets the number of boxes that are ended for their time. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { bytesSource, info } from '@octavo/pdf';
import { createOfficeEngine } from '../../../src/engines/libreoffice/engine.ts';
import { encryptedWorkbook } from '../../program/encrypted-workbook.ts';
import { docx, newPage, odt, paragraphs } from '../../program/office.ts';
import { sampleOf } from '../../program/samples.ts';
import { until } from '../../sandbox/tiers.ts';
import { openOffice, skip } from './office.ts';

const timeouts = Number(process.env['OCTAVO_TEST_TIMEOUTS'] ?? 20);
const letter = docx(paragraphs('first') + newPage + paragraphs('second'));
const stored = (name: string) => readFileSync(new URL(`./documents/${name}`, import.meta.url));

describe('the engine of LibreOffice', { skip, timeout: Math.max(300_000, timeouts * 15_000) }, () => {
  const { folder, engine, pool, print, refusal, context, test, file } = openOffice();

  test('prints documents by what they are, whatever they are called', async () => {
    const made = await Promise.all([
      print(letter, 'letter.docx'),
      print(letter, 'table.csv'),
      print('{\\rtf1 one\\page two}', 'letter.html'),
      print(odt('<text:p>a</text:p>'), 'no-extension'),
      print(Buffer.from('\ufeffzwölf', 'utf16le'), 'a.txt'),
    ]);
    assert.deepEqual(
      made.map(({ pageCount }) => pageCount),
      [2, 2, 2, 1, 1],
    );
    for (const { bytes, pageCount } of made) assert.equal(info(bytesSource(bytes)).pageCount, pageCount);
  });

  test('prints one sheet of a workbook by its number or its name', async () => {
    const book = sampleOf('prices.xlsx');
    const pagesOf = async (sheet: string) => (await print(book, 'a.xlsx', { sheet })).pageCount;
    assert.deepEqual(await Promise.all(['', '1', 'sums'].map(pagesOf)), [2, 1, 1]);
    assert.match(await refusal(book, 'a.xlsx', { sheet: '3' }), /^449 .*there are 2 sheets: Prices, Sums/);
    const { bytes } = await print(book, 'a.xlsx', { sheet: '2', fitsPages: true });
    const [size] = info(bytesSource(bytes)).pages;
    assert.ok(size !== undefined && size.width < 500, JSON.stringify(size));
  });

  test('prints on A4 what names no paper', async () => {
    const made = await Promise.all([print('a', 'a.txt'), print('a;b', 'a.csv'), print('<p>a', 'a.html')]);
    for (const { bytes } of made) {
      const [size] = info(bytesSource(bytes)).pages;
      assert.deepEqual([Math.round(size?.width ?? 0), Math.round(size?.height ?? 0)], [595, 842]);
    }
  });

  test('prints no hidden sheets', async () => {
    const book = stored('hidden.xlsx');
    for (const fitsPages of [false, true])
      assert.equal((await print(book, 'a.xlsx', { fitsPages })).pageCount, 1, String(fitsPages));
    assert.match(await refusal(book, 'a.xlsx', { sheet: 'Sums' }), /^449 .*empty or hidden/);
  });

  test('says which fonts were not there', async () => {
    const fonts = '<w:rFonts w:ascii="No Such Font" w:hAnsi="No Such Font"/>';
    const body = `<w:p><w:r><w:rPr>${fonts}</w:rPr><w:t>text</w:t></w:r></w:p>`;
    const { warnings } = await print(docx(body), 'a.docx');
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? '', /^The font No Such Font is not installed: .+ was taken\.$/);
  });

  test('refuses what it cannot read', async () => {
    assert.match(
      await refusal(Buffer.from([1, 0, 2, 0]), 'a.docx'),
      /^442 The file \("a.docx"\) cannot be read/,
    );
    assert.match(await refusal(letter.subarray(0, 900), 'a.docx'), /^442/);
    assert.match(await refusal(docx('<w:p><w:r>'), 'a.docx'), /^442/);
  });

  test('opens a protected document by its password', async () => {
    // By another program: as Office 2010 and later do it, and as 2007 did.
    for (const given of [stored('agile.docx'), stored('standard.docx')]) {
      assert.match(await refusal(given, 'a.docx'), /^441/);
      assert.match(await refusal(given, 'a.docx', { context: { password: 'wrong' } }), /^441/);
      assert.equal((await print(given, 'a.docx', { context: { password: 'open sesame' } })).pageCount, 2);
    }
    // What Excel protects against changes alone, anybody may read.
    const open = encryptedWorkbook(sampleOf('prices.xlsx'), 'VelvetSweatshop');
    assert.equal((await print(open, 'a.xlsx')).pageCount, 2);
  });

  test('ends a document that takes too long, twice, and leaves nothing', async () => {
    // Each call is tried a second time.
    const calls = Array.from({ length: Math.ceil(timeouts / 2) }, () =>
      refusal(letter, 'a.docx', { context: { wallMsMax: 2 } }),
    );
    for (const said of await Promise.all(calls)) assert.match(said, /^442 .*breaks down over it/);
    const boxes = join(folder, 'boxes');
    const own = readdirSync(boxes)[0] ?? '';
    // What waits for the next call stays.
    await until(() => readdirSync(join(boxes, own)).filter((name) => name !== 'alive').length <= 1);
    assert.ok(pool().pids().length <= 1);
  });

  test('says at once what is known, and after a trial what was seen', async () => {
    assert.match((await engine().probe()).says, /soon tried/);
    const [first, second] = await Promise.all([engine().trial?.(), engine().trial?.()]);
    assert.match(first?.says ?? '', /^Turns documents into PDF by LibreOffice/);
    assert.equal(second, first, 'one trial for all who ask for it at one time');
    assert.equal(await engine().probe(), first);
  });

  test('ends with its call', async () => {
    const given = file(letter, 'a.docx');
    const own = context({ signal: AbortSignal.abort() });
    const ability = engine().abilities['office.to-pdf'];
    await assert.rejects(async () => ability?.({ document: given, sheet: '', fitsPages: false }, own), {
      name: 'BoxDied',
    });
    assert.ok(!existsSync(join(own.directory, 'result.pdf')));
  });
});

describe('the engine of LibreOffice without walls', { skip }, () => {
  it('says what has to be installed', async () => {
    const none = { tier: 'limited' as const, pool: () => assert.fail('It started a box.') };
    const engine = createOfficeEngine(none, { directory: '/nowhere', inspect: () => assert.fail() });
    assert.match(engine.absent?.why ?? '', /install bubblewrap/);
    assert.equal((await engine.probe()).absent, true);
  });
});
