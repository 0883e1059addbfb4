/** /pdf/merge2 as clients call it: what comes in one call, in which forms, and what they hear of files that are not taken. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesSource, info } from '@octavo/pdf';
import sharp from 'sharp';
import { sendAs } from '../program/forms-of-request.ts';
import { grayPng } from '../program/png.ts';
import { sampleOf } from '../program/samples.ts';
import { served } from '../program/served.ts';
import { zipOf } from '../program/zip.ts';

type Members = Readonly<Record<string, unknown>>;

describe('/pdf/merge2', { timeout: 120_000 }, () => {
  const octavo = served();

  async function call(form: string, values: readonly [string, string | File][]): Promise<Members> {
    return (await (await sendAs(form, `${octavo.base}/v1/pdf/merge2`, values, '')).json()) as Members;
  }
  const linkTo = (name: string, bytes: Uint8Array) => octavo.client.upload(name, bytes);
  /** Width and height of each page of a result, in whole points. */
  async function pagesOf(answer: Members): Promise<string[]> {
    assert.equal(answer['error'], false, String(answer['message']));
    const body = await octavo.bytesOf(answer['url']);
    const { pages } = info(bytesSource(body));
    assert.equal(answer['pageCount'], pages.length);
    return pages.map(({ width, height }) => `${Math.round(width)}x${Math.round(height)}`);
  }

  it('keeps the order of PDFs, pictures and what archives hold, whatever they are called', async () => {
    const archive = zipOf([
      { name: 'b.png', data: grayPng(192, 96) },
      { name: 'a.pdf', data: sampleOf('one-page.pdf') },
    ]);
    const links = await Promise.all([
      linkTo('picture.pdf', grayPng(96, 48)),
      linkTo('document.png', sampleOf('one-page.pdf')),
      linkTo('archive.jpg', archive),
      linkTo('last', grayPng(48, 96)),
    ]);
    const page = (await pagesOf(await call('JSON', [['url', links[1]!]])))[0]!;
    const expected = ['72x36', page, '144x72', page, '36x72'];
    for (const form of ['query', 'JSON', 'form', 'multipart'])
      assert.deepEqual(await pagesOf(await call(form, [['url', links.join(',')]])), expected, form);
  });

  it('takes file parts, as photographs come from a phone', async () => {
    const photograph = await sharp({ create: { width: 300, height: 200, channels: 3, background: 'navy' } })
      .withMetadata({ orientation: 6, density: 72 })
      .jpeg()
      .toBuffer();
    const part = (bytes: Uint8Array, name: string) => new File([Buffer.from(bytes)], name);
    const answer = await call('multipart', [
      ['name', 'album'],
      ['file[]', part(photograph, 'IMG_1.JPG')],
      ['file[]', part(sampleOf('one-page.pdf'), 'letter.pdf')],
      ['file[]', part(photograph, 'IMG_2.JPG')],
    ]);
    assert.equal(answer['name'], 'album.pdf');
    const pages = await pagesOf(answer);
    assert.deepEqual([pages[0], pages[2]], ['200x300', '200x300']);
  });

  it('opens protected documents with the password of the call', async () => {
    const links = [
      await linkTo('a.pdf', sampleOf('protected.pdf')),
      await linkTo('b.png', grayPng(96, 96)),
    ].join(',');
    assert.equal(
      (
        await pagesOf(
          await call('JSON', [
            ['url', links],
            ['password', 'open'],
          ]),
        )
      ).length,
      2,
    );
    assert.equal((await call('JSON', [['url', links]]))['status'], 441);
  });

  it('keeps the warnings of pictures, with the number of their input', async () => {
    const frames = { width: 32, height: 64, channels: 3, pageHeight: 32 } as const;
    const moving = await sharp(Buffer.alloc(32 * 64 * 3, 9), { raw: frames })
      .gif({ delay: [50, 50], keepDuplicateFrames: true })
      .toBuffer();
    const links = [await linkTo('a.pdf', sampleOf('one-page.pdf')), await linkTo('b.gif', moving)];
    const answer = await call('JSON', [['url', links.join(',')]]);
    assert.deepEqual(answer['warnings'], ['Document 2: It is moving; only its first picture is taken.']);
  });

  it('says what was repaired in which input, also behind an archive', async () => {
    const archive = zipOf([
      { name: 'a.pdf', data: sampleOf('one-page.pdf') },
      { name: 'b.png', data: grayPng(9, 9) },
      { name: 'c.pdf', data: sampleOf('one-page.pdf') },
    ]);
    const broken = sampleOf('one-page.pdf')
      .toString('latin1')
      .replace(/startxref\s+\d+/, 'startxref\n1');
    const links = [await linkTo('a.zip', archive), await linkTo('b.pdf', Buffer.from(broken, 'latin1'))];
    const { pageCount, warnings } = await call('JSON', [['url', links.join(',')]]);
    assert.equal(pageCount, 4);
    const said = warnings as string[];
    assert.ok(said.length > 0);
    for (const one of said) assert.match(one, /^Document 2: /);
  });

  type Refused = readonly [what: string, bytes: () => Uint8Array, says: RegExp];
  const refused: readonly Refused[] = [
    [
      'text',
      () => sampleOf('hello.txt'),
      /^The file 2 \("x\.bin"\) is not taken: it is none of PDF, pictures/,
    ],
    ['a broken PDF', () => Buffer.from('%PDF-1.7\n'), /^The document 2 \("x\.bin"\) is not a PDF/],
    ['half a picture', () => grayPng(96, 96).subarray(0, 60), /^The picture 2 \("x\.bin"\) is damaged/],
    [
      'an archive with a program',
      () =>
        zipOf([
          { name: 'a.png', data: grayPng(9, 9) },
          { name: 'in/b.js', data: 'text' },
        ]),
      /^The file 2 \("in\/b\.js"\) is not taken/,
    ],
    [
      'an archive in an archive',
      () => zipOf([{ name: 'b.zip', data: zipOf([{ name: 'c' }]) }]),
      /^The archive 2 \("x\.bin"\) is not taken: its file b\.zip is an archive too/,
    ],
  ];
  for (const [what, bytes, says] of refused)
    it(`refuses ${what}, and says which input it is`, async () => {
      const links = [await linkTo('a.png', grayPng(9, 9)), await linkTo('x.bin', bytes())];
      const answer = await call('JSON', [['url', links.join(',')]]);
      assert.deepEqual([answer['error'], answer['status']], [true, 442]);
      assert.match(String(answer['message']), says);
    });
});
