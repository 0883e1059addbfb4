/** /pdf/convert/from/email as clients call it: what is in a message is in the document, and nobody hears that it was read. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { attachments, bytesSource, encrypt, info, memorySink } from '@octavo/pdf';
import { startReceiver } from '../net/receiver.ts';
import { onePagePdf } from '../program/document.ts';
import { msgOf } from '../program/msg.ts';
import { grayPng } from '../program/png.ts';
import { sampleOf } from '../program/samples.ts';
import { served } from '../program/served.ts';
import { zipOf } from '../program/zip.ts';

type Members = Readonly<Record<string, unknown>>;

/** Browsers round sizes of paper to pixels. */
const tens = (points: number): number => Math.round(points / 10) * 10;

describe('/pdf/convert/from/email', { timeout: 300_000 }, () => {
  const octavo = served({
    OCTAVO_ALLOW_SOURCES: '127.0.0.0/8',
    OCTAVO_PAGE_RESOURCES: 'public',
    OCTAVO_SYNC_WAIT_SECONDS: '120',
  });

  async function call(mail: Uint8Array, fields: Members = {}): Promise<Members & { readonly code: number }> {
    const url = await octavo.client.upload('mail', mail);
    const answer = await fetch(`${octavo.base}/v1/pdf/convert/from/email`, {
      method: 'POST',
      body: JSON.stringify({ url, ...fields }),
    });
    return { ...((await answer.json()) as Members), code: answer.status };
  }
  /** What a result has: its pages in points, the files in it, and its text. */
  async function converted(t: TestContext, mail: Uint8Array, fields: Members = {}) {
    const answer = await call(mail, fields);
    if (answer.code === 501 && process.env['OCTAVO_REQUIRE_ENGINES'] !== '1')
      return t.skip(String(answer['message']));
    assert.equal(answer.code, 200, String(answer['message']));
    const body = await octavo.bytesOf(answer['url']);
    const { pages } = info(bytesSource(body));
    assert.equal(answer['pageCount'], pages.length);
    const files = new Map<string, Buffer>();
    attachments(bytesSource(body), {
      sink: ({ name }) => {
        const sink = memorySink();
        return { ...sink, finish: () => void files.set(name, Buffer.from(sink.bytes())) };
      },
    });
    const text = await fetch(
      `${octavo.base}/pdf/convert/to/text-simple?inline=true&url=${String(answer['url'])}`,
    );
    const sizes = pages.map(({ width, height }) => `${tens(width)}x${tens(height)}`);
    return {
      sizes,
      files,
      text: String(((await text.json()) as Members)['body']),
      warnings: answer['warnings'] ?? [],
    };
  }

  it('shows who wrote what to whom, and what is attached as pages and as files', async (t) => {
    const found = await converted(t, sampleOf('letter.eml'));
    if (!found) return;
    assert.deepEqual(found.sizes, ['600x840', '610x790', '70x40']);
    assert.match(found.text, /From\s+Ada <ada@example\.com>\s+To\s+Charles <charles@example\.com>/);
    assert.match(found.text, /Subject\s+The engine/);
    assert.match(found.text, /Attachments\s+plan\.pdf \(\d+ bytes\), picture\.png/);
    assert.match(found.text, /It runs\./);
    assert.match(found.text, /plan/);
    assert.deepEqual(
      [...found.files],
      [
        ['picture.png', Buffer.from(grayPng(96, 48))],
        ['plan.pdf', Buffer.from(onePagePdf('plan'))],
      ],
    );
    assert.deepEqual(found.warnings, []);
  });

  it('shows a message of Outlook with one in it, and leaves out what is not wanted', async (t) => {
    const mail = msgOf({
      subject: 'outer',
      from: ['Ada', 'ada@example.com'],
      html: Buffer.from('<p>the outer text<img src="cid:p">'),
      attachments: [
        { name: 'p.png', data: grayPng(48, 48), type: 'image/png', contentId: 'p' },
        { message: { subject: 'inner', body: 'the inner text' } },
      ],
    });
    const found = await converted(t, mail, {
      paperSize: 'A5',
      orientation: 'landscape',
      margins: '5mm',
      footer: '<i>the foot</i>',
    });
    if (!found) return;
    assert.deepEqual(found.sizes, ['600x420', '600x420']);
    assert.match(found.text, /the outer text[^]*the inner text/);
    assert.deepEqual([...found.files.keys()], ['inner.msg']);
    const alone = await converted(t, mail, {
      embedAttachments: false,
      convertAttachments: 'False',
      profiles: "{ 'paperSize': 'letter', 'orientation': 'landscape' }",
    });
    assert.deepEqual([alone?.sizes, alone?.files.size, alone?.warnings], [['790x610'], 0, []]);
  });

  it('embeds what becomes no pages, and names it', async (t) => {
    const locked = memorySink();
    encrypt(bytesSource(onePagePdf('secret')), locked, { userPassword: 'unknown' });
    const attached: readonly (readonly [name: string, data: Uint8Array])[] = [
      ['locked.pdf', locked.bytes()],
      ['cut.pdf', Buffer.from('%PDF-1.7 and no more')],
      ['tool.exe', Buffer.from('MZ\u0090\u0000\u0003\u0000')],
      ['empty', Buffer.alloc(0)],
      ['good.zip', zipOf([{ name: 'a.pdf', data: onePagePdf('zipped') }])],
    ];
    const mail = msgOf({
      subject: 'all kinds',
      body: 'text',
      attachments: attached.map(([name, data]) => ({ name, data })),
    });
    const found = await converted(t, mail);
    if (!found) return;
    assert.equal(found.sizes.length, 2);
    assert.match(found.text, /zipped/);
    assert.deepEqual(new Set(found.files.keys()), new Set(attached.map(([name]) => name)));
    const warnings = found.warnings as string[];
    assert.equal(warnings.length, 4, warnings.join('\n'));
    for (const [index, name] of ['locked.pdf', 'cut.pdf', 'tool.exe', 'empty'].entries())
      assert.ok(warnings[index]?.startsWith(`"${name}" becomes no pages: `), warnings[index]);
  });

  it('fetches nothing for a message, nor for what is attached to it, and runs nothing of it', async (t) => {
    await using tracker = await startReceiver((response) => response.writeHead(200).end());
    const at = tracker.at('/seen');
    const hostile = `<img src="${at}"><link rel=stylesheet href="${at}"><style>@import "${at}"; body { background: url(${at}) }</style>
<iframe src="${at}"></iframe><meta http-equiv=refresh content="0;url=${at}"><script>document.write('changed'); fetch('${at}')</script>
<svg><image href="${at}"/></svg><video poster="${at}"></video><object data="${at}"></object><p onclick="x">the text`;
    const mail = Buffer.from(
      `From: a@example.com\nContent-Type: multipart/mixed; boundary=X\n\n--X\nContent-Type: text/html\n\n${hostile}\n--X\nContent-Type: text/html\nContent-Disposition: attachment; filename=a.html\n\n<html><p>the other<img src="${at}"><img src="file:///etc/passwd">\n--X--\n`,
    );
    const found = await converted(t, mail);
    if (!found) return;
    assert.match(found.text, /the text[^]*the other/);
    assert.doesNotMatch(found.text, /changed/);
    assert.deepEqual(tracker.received, []);
    assert.match(
      String(found.warnings),
      /not fetched for mail: 4 were left out\.,"a\.html": 1 file of the page could not be loaded/,
    );
  });

  it('says what is no message, and which value does not fit', async () => {
    const none = await call(Buffer.from('just a text'));
    assert.deepEqual([none.code, none['status']], [442, 442]);
    assert.match(String(none['message']), /is not an e-mail \(EML, MSG\), or is damaged/);
    const paper = await call(sampleOf('letter.eml'), { paperSize: 'B17' });
    assert.equal(paper.code, 400);
    assert.match(String(paper['message']), /"paperSize" is not valid: one of Letter, Legal/);
  });
});
