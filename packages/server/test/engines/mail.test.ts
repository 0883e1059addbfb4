/** What is in mails comes out: their text as a page that loads nothing, what is attached as files; hostile ones end in a refusal. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe } from 'node:test';
import type { Abilities } from '../../src/engines/capabilities.ts';
import type { Engine } from '../../src/engines/engine.ts';
import { createMailEngine, mailLimits, mailProgram } from '../../src/engines/mail/engine.ts';
import { Failure, type FailureName } from '../../src/errors.ts';
import { tiers } from '../../src/sandbox/open.ts';
import type { BoxPool } from '../../src/sandbox/sandbox.ts';
import { msgOf, storedRtf, type MsgContent } from '../program/msg.ts';
import { filesIn, openWorkshop } from './workshop.ts';

type Read = Abilities['mail.read']['gives'] & {
  /** The page: its head row by row, and its body. */
  readonly head: Readonly<Record<string, string>>;
  readonly body: string;
  readonly html: string;
  readonly files: readonly (readonly [name: string, content: string])[];
};

function opened(tier?: (typeof tiers)[number]) {
  const made = {
    pool: undefined as unknown as BoxPool,
    engine: undefined as unknown as Engine,
    directory: '',
  };
  const workshop = openWorkshop(tier, (sandbox, at) => {
    made.pool = sandbox.pool(mailProgram({ size: 1 }));
    made.engine = createMailEngine(made.pool, { directory: at });
  });
  async function read(mail: Buffer | string, by = made.engine): Promise<Read> {
    const bytes = typeof mail === 'string' ? Buffer.from(mail.replaceAll('\n', '\r\n')) : mail;
    const message = workshop.file(bytes, 'a "mail"');
    const own = workshop.context();
    made.directory = own.directory;
    assert.ok(by.abilities['mail.read']);
    const given = await by.abilities['mail.read']({ message }, own);
    const html = readFileSync(given.page.path, 'utf8');
    const [, table = '', body = ''] =
      /<table class="octavo-head">(.*?)<\/table>\n(.*)\n<\/body><\/html>\n$/s.exec(html) ?? [];
    const rows = [...table.matchAll(/<th>(.*?)<\/th><td>(.*?)<\/td>/gs)].map(([, label = '', value = '']) => [
      label,
      value,
    ]);
    const files = given.attachments.map(({ name, path }) => [name, readFileSync(path, 'utf8')] as const);
    return { ...given, html, head: Object.fromEntries(rows), body, files };
  }
  /** What a client hears; nothing of the call is left. */
  async function refusal(
    mail: Buffer | string,
    row: FailureName = 'mailDamaged',
    by = made.engine,
  ): Promise<string> {
    let said = '';
    await assert.rejects(read(mail, by), (error) => {
      assert.ok(error instanceof Failure, String(error));
      assert.equal(error.row, row);
      said = error.message;
      return true;
    });
    assert.deepEqual(filesIn(made.directory), []);
    return said;
  }
  return { ...workshop, made, read, refusal };
}

const mixed = (...parts: readonly string[]): string =>
  `From: a@example.com
Subject: parts
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=X

${parts.map((part) => `--X\n${part}\n`).join('')}--X--
`;
const htmlPart = (html: string): string => `Content-Type: text/html; charset=utf-8\n\n${html}`;
const pixel = 'iVBORw0KGgo=';

for (const tier of tiers) {
  describe(`the engine of mail in ${tier}`, { timeout: 60_000 }, () => {
    const { folder, test, made, read } = opened(tier);

    test('is ready, and leaves nothing of its probe', async () => {
      assert.deepEqual(await made.engine.probe(), { ready: true, says: 'Reads mail.' });
      assert.deepEqual(readdirSync(folder), ['boxes']);
    });

    test('reads both kinds, by what they are', async () => {
      const eml = await read(mixed('\ntext', 'Content-Disposition: attachment; filename=a.txt\n\nattached'));
      assert.deepEqual([eml.facts.subject, eml.files], ['parts', [['a.txt', 'attached\n']]]);
      const msg = await read(
        msgOf({ subject: 'mine', body: 'text', attachments: [{ name: 'b.txt', data: 'b' }] }),
      );
      assert.deepEqual([msg.facts.subject, msg.files], ['mine', [['b.txt', 'b']]]);
    });
  });
}

describe('messages of the internet', { timeout: 120_000 }, () => {
  const { test, read, refusal, made } = opened();

  test('become a page with a head, and data', async () => {
    const { head, body, facts, warnings, html } =
      await read(`From: =?utf-8?q?=C3=84nne_A.?= <anne@example.com>
To: "Bob, B." <bob@example.com>, c@example.com
Cc: Team: d@example.com, E <e@example.com>;
Date: Mon, 2 Mar 2026 10:00:00 +0100
Subject: =?iso-8859-1?Q?Gr=FC=DFe?= & <b>more</b>
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

J=F6rg <x> says: see https://example.com/a?b=3D1&c=3D2.
  kept blanks
`);
    assert.deepEqual(head, {
      From: 'Änne A. &lt;anne@example.com&gt;',
      To: 'Bob, B. &lt;bob@example.com&gt;, c@example.com',
      Cc: 'd@example.com, E &lt;e@example.com&gt;',
      Date: 'Mon, 2 Mar 2026 10:00:00 +0100',
      Subject: 'Grüße &amp; &lt;b&gt;more&lt;/b&gt;',
    });
    assert.equal(
      body,
      '<pre class="octavo-text">Jörg &lt;x&gt; says: see <a href="https://example.com/a?b=1&amp;c=2">https://example.com/a?b=1&amp;c=2</a>.\n  kept blanks\n</pre>',
    );
    assert.deepEqual(facts, {
      from: [{ name: 'Änne A.', address: 'anne@example.com' }],
      to: [
        { name: 'Bob, B.', address: 'bob@example.com' },
        { name: '', address: 'c@example.com' },
      ],
      cc: [
        { name: '', address: 'd@example.com' },
        { name: 'E', address: 'e@example.com' },
      ],
      bcc: [],
      date: 'Mon, 2 Mar 2026 10:00:00 +0100',
      subject: 'Grüße & <b>more</b>',
      bodyText: 'Jörg <x> says: see https://example.com/a?b=1&c=2.\n  kept blanks\n',
      bodyHtml: '',
    });
    assert.deepEqual(warnings, []);
    // Before anything that the message has a say in.
    assert.match(
      html,
      /^<!DOCTYPE html>\n<html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:;/,
    );
  });

  test('are shown as HTML where they have some, and as text where that is empty', async () => {
    const alternative = (html: string): string => `From: a@example.com
Content-Type: multipart/alternative; boundary=X

--X

the text
--X
${htmlPart(html)}
--X--
`;
    assert.equal((await read(alternative('<p>the <b>HTML</b>'))).body, '<p>the <b>HTML</b>\n');
    assert.match((await read(alternative('<html><body>&nbsp; <br></body></html>'))).body, /the text/);
  });

  test('have their pictures in the page, which are no attachments then', async () => {
    const picture = (head: string): string =>
      `Content-Type: image/png; name=p.png\nContent-Transfer-Encoding: base64\n${head}\n\n${pixel}`;
    const { body, files, warnings } = await read(
      mixed(
        htmlPart(
          `<img src="cid:a%40b"><img src='cid:a@b'><table background=cid:a@b><td style="background: url(&quot;https://e.com/p.png&quot;)">` +
            `<img src="http://example.com/c.png" alt="c"><img src="cid:none">`,
        ),
        picture('Content-ID: <a@b>'),
        picture('Content-Location: http://example.com/c.png'),
        picture('Content-ID: <a>\nContent-Disposition: attachment; filename=other.png'),
      ),
    );
    const data = `data:image/png;base64,${pixel}`;
    assert.equal(
      body,
      `<img src="${data}"><img src="${data}"><table background="${data}"><td style="background: url(&quot;data:,&quot;)"><img src="${data}" alt="c"><img>\n`,
    );
    assert.deepEqual(
      files.map(([name]) => name),
      ['other.png'],
    );
    assert.deepEqual(warnings, [
      'Pictures and styles that lie elsewhere are not fetched for mail: 1 were left out.',
    ]);
  });

  test('show pictures only as often as there is room for', async () => {
    const by = createMailEngine(made.pool, { directory: '', limits: { ...mailLimits, pageBytesMax: 30 } });
    const picture = `Content-Type: image/png\nContent-ID: <a>\nContent-Transfer-Encoding: base64\n\n${pixel}`;
    const { warnings } = await read(mixed(htmlPart('<img src=cid:a>'.repeat(5)), picture), by);
    assert.deepEqual(warnings, ['The message shows its pictures too often: 3 were left out.']);
  });

  test('lose all that acts, loads or leads elsewhere', async () => {
    const hostile = [
      '<script>alert(1)</script><SCRIPT SRC=//x.example/>no</script\n>',
      '<p onclick="a()" style="color: red" class=k>kept</p>',
      '<meta http-equiv=refresh content="0;url=http://x.example"><base href="http://x.example/"><link rel=stylesheet href=http://x.example/s.css>',
      '<iframe src="http://x.example"><p>inside</iframe><object data=x>fallback</object><embed src=x><frameset><frame src=x></frameset>',
      '<form action="http://x.example"><input name=a><button>go</button></form>',
      '<a href="java&#115;cript&colon;alert(1)">a</a><a href=" JAVASCRIPT:x">b</a><a href="data:text/html,x">c</a><a href="mailto:a@b">d</a>',
      '<svg><style><meta http-equiv=refresh content="0;url=//x"></style><script>1</script></svg><math><mi xlink:href="javascript:1">m</mi></math>',
      '<img src=x onerror=alert(1)><img src="file:///etc/passwd"><video poster="http://x.example/v"><source src=http://x.example/w></video>',
      '<style>@import "http://x.example/t.css"; @page { size: A0 } p { background: url(http://x.example/u) } b:after { content: "<" }</style>',
      '<template><p>t</template><noscript><p>n</noscript><!--[if mso]><p>c<![endif]--><![if !mso]>d<![endif]>',
      'a < b <3 <',
    ];
    const { body, warnings } = await read(`From: a@example.com\n${htmlPart(hostile.join('\n'))}`);
    assert.deepEqual(body.split('\n'), [
      '',
      '<p style="color: red" class="k">kept</p>',
      '',
      'fallback',
      'go',
      '<a>a</a><a>b</a><a>c</a><a href="mailto:a@b">d</a>',
      '<style>meta http-equiv=refresh content="0;url=//x"></style>m',
      '<img><img>',
      '<style>@left-out"; @left-out { size: A0 } p { background: url("data:,") } b:after { content: "" }</style>',
      '<p>t<p>nd',
      'a &lt; b &lt;3 &lt;',
      '',
    ]);
    assert.deepEqual(warnings, [
      'Pictures and styles that lie elsewhere are not fetched for mail: 3 were left out.',
    ]);
  });

  test('are read in any character set, and with characters in their head that do not belong there', async () => {
    const body = Buffer.concat([
      Buffer.from(
        'From: J\u00f6rg <a@b>\nSubject: \u00dcber\nContent-Type: text/plain; charset=koi8-r\n\n',
        'latin1',
      ),
      Buffer.from([0xf0, 0xd2, 0xc9, 0xd7, 0xc5, 0xd4]),
    ]);
    const { head, facts } = await read(body);
    assert.deepEqual(
      [head['From'], head['Subject'], facts.bodyText.trim()],
      ['Jörg &lt;a@b&gt;', 'Über', 'Привет'],
    );
    const utf8 = await read(Buffer.from('\ufeff\n\nFrom x Mon Mar 2\nSubject: Ü\n\nä'.slice(0)));
    assert.deepEqual([utf8.head['Subject'], utf8.facts.bodyText.trim()], ['Ü', 'ä']);
    const unknown = await read('Subject: a\nContent-Type: text/plain; charset=x-no-such\n\nplain');
    assert.equal(unknown.facts.bodyText.trim(), 'plain');
  });

  test('keep as files what is attached: messages, TNEF, parts without a name', async () => {
    const { files, attachments } = await read(
      mixed(
        '\ntext',
        'Content-Type: message/rfc822\n\nFrom: x@example.com\nSubject: inner\n\ninner text',
        'Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\nAQID',
        'Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR',
        'Content-Type: application/x-thing\n\nthing',
        'Content-Type: text/plain\nContent-Disposition: attachment; filename="../../etc/pass\twd"; modification-date="Mon, 2 Mar 2026 10:00:00 +0100"\n\nup',
      ),
    );
    assert.deepEqual(files, [
      ['attachment-1.eml', 'From: x@example.com\nSubject: inner\n\ninner text\n'],
      ['winmail.dat', '\u0001\u0002\u0003'],
      ['attachment-3.ics', 'BEGIN:VCALENDAR\n'],
      ['attachment-4', 'thing\n'],
      ['../../etc/passwd', 'up\n'],
    ]);
    assert.deepEqual(
      attachments.map(({ mediaType, modified }) => [mediaType, modified]),
      [
        ['message/rfc822', undefined],
        ['application/ms-tnef', undefined],
        ['text/calendar', undefined],
        ['application/x-thing', undefined],
        ['text/plain', '2026-03-02T09:00:00.000Z'],
      ],
    );
    assert.deepEqual(
      filesIn(made.directory).map((path) => basename(path)),
      [...[1, 2, 3, 4, 5].map((number) => `attached-${number}`), 'mail.html', 'mail.json'],
    );
  });

  test('are taken as they are where they are broken', async () => {
    const broken = mixed('\ntext', 'Content-Disposition: attachment; filename=a\n\ncut').replace(
      '--X--\n',
      '',
    );
    assert.deepEqual((await read(broken)).files, [['a', 'cut\n']]);
    const unbounded = await read('Subject: s\nContent-Type: multipart/mixed\n\n--X\n\ntext');
    assert.equal(unbounded.head['Subject'], 's');
    const base64 = await read('Subject: s\nContent-Transfer-Encoding: base64\n\ndGV4dA');
    assert.equal(base64.facts.bodyText, 'text');
    const encrypted = await read(
      'Subject: s\nContent-Type: application/pkcs7-mime; name=smime.p7m\nContent-Transfer-Encoding: base64\n\nMIAG',
    );
    assert.deepEqual(encrypted.warnings, [
      'The message is encrypted, or signed as a whole: its text was not read.',
    ]);
    assert.equal(encrypted.files[0]?.[0], 'smime.p7m');
  });

  test('are refused where they are none, and say which', async () => {
    assert.equal(
      await refusal('just a text'),
      'The message 1 ("a mail") is not an e-mail (EML, MSG), or is damaged.',
    );
    for (const none of ['', '%PDF-1.7\n1 0 obj', '<html><p>a: b</html>', Buffer.alloc(10_000)])
      await refusal(none);
  });

  test('are refused where they pass a limit, or cut to it with a warning', async () => {
    const limit = (mail: string | Buffer, by?: Engine): Promise<string> =>
      refusal(mail, 'documentTooComplex', by);
    const depth = Array.from(
      { length: 100 },
      (_, index) => `Content-Type: multipart/mixed; boundary=b${index}\n\n--b${index}\n`,
    );
    assert.match(await limit(`From: a@b\n${depth.join('')}`), /nesting depth of 64/);
    assert.match(await limit(`From: a@b\n${'X: y\n'.repeat(270_000)}`), /header size/);
    assert.match(
      await limit(
        Buffer.from(`From: a@b\nContent-Type: multipart/mixed; boundary=b\n\n${'--b\n\nx\n'.repeat(11_000)}`),
      ),
      /too many lines or parts/,
    );
    assert.match(
      await limit(Buffer.from(`From: a@b\n\n${'\n'.repeat(2_500_001)}`)),
      /too many lines or parts/,
    );
    const by = createMailEngine(made.pool, {
      directory: '',
      limits: { ...mailLimits, attachmentsMax: 2, bytesMax: 9_000 },
    });
    assert.match(await limit('a'.repeat(9_001), by), /more than 0 MB/);
    const { files, warnings } = await read(
      mixed(...[1, 2, 3].map((name) => `Content-Disposition: attachment; filename=${name}\n\n`)),
      by,
    );
    assert.deepEqual([files.length, warnings], [2, ['Only the first 2 of 3 attachments are taken.']]);
  });

  test('may have 1,000 attachments, of whatever names', async () => {
    const part = `Content-Disposition: attachment; filename="${'ü\u{1f600}'.repeat(100)}.txt"\nContent-Type: text/${'y'.repeat(200)}\n\nx`;
    const { files } = await read(mixed(...Array.from({ length: 1_010 }, () => part)));
    assert.deepEqual([files.length, files[0]?.[0].length], [1_000, 148]);
  });
});

describe('messages of Outlook', { timeout: 120_000 }, () => {
  const { test, read, refusal, made } = opened();
  const rtf = (text: string): MsgContent => ({ subject: 'r', rtf: storedRtf(text) });

  test('become a page with a head, pictures and attachments', async () => {
    const inner: MsgContent = {
      subject: 'inner',
      body: 'in',
      attachments: [{ name: 'i.txt', data: 'deep' }],
    };
    const { head, body, facts, files, attachments, warnings } = await read(
      msgOf({
        subject: 'Grüße <1>',
        from: ['Änne', 'a@example.com'],
        to: [['Bob', 'b@example.com']],
        cc: [['c@example.com', 'c@example.com']],
        body: 'plain',
        html: Buffer.from('<p>h\u00e4</p><img src="cid:p1">', 'latin1'),
        codePage: 1252,
        sent: Date.UTC(2026, 2, 2, 9),
        attachments: [
          { name: 'ü.txt', data: 'x'.repeat(10_000), type: 'text/plain' },
          { name: 'p.png', data: 'png', type: 'image/png', contentId: 'p1' },
          { message: inner },
          { linkName: 'gone' },
        ],
      }),
    );
    assert.deepEqual(head, {
      From: 'Änne &lt;a@example.com&gt;',
      To: 'Bob &lt;b@example.com&gt;',
      Cc: 'c@example.com',
      Date: 'Mon, 02 Mar 2026 09:00:00 GMT',
      Subject: 'Grüße &lt;1&gt;',
      Attachments: 'ü.txt (10 KB), inner.msg (4 KB)',
    });
    assert.equal(body, '<p>hä</p><img src="data:image/png;base64,cG5n">');
    assert.deepEqual([facts.bodyText, facts.to], ['plain', [{ name: 'Bob', address: 'b@example.com' }]]);
    assert.deepEqual(warnings, ['The message only links to 1 of its attachments: they are left out.']);
    assert.deepEqual(files[0], ['ü.txt', 'x'.repeat(10_000)]);
    const nested = await read(readFileSync(attachments[1]!.path));
    assert.deepEqual([nested.facts.subject, nested.files], ['inner', [['i.txt', 'deep']]]);
  });

  test('are read in their code page', async () => {
    const encode = (text: string): Uint8Array =>
      Buffer.from([...text].map((letter) => letter.charCodeAt(0) - (letter > '\u0400' ? 0x350 : 0)));
    const { facts } = await read(msgOf({ subject: 'Привет', body: 'мир', coded: { page: 1251, encode } }));
    assert.deepEqual([facts.subject, facts.bodyText], ['Привет', 'мир']);
  });

  test('give the HTML or the text that was put into RTF', async () => {
    const html = String.raw`{\rtf1\ansi\ansicpg1252\fromhtml1 \deff0{\fonttbl{\f0\fswiss A;}{\f1\fcharset204 B;}}{\colortbl;\red0;}
{\*\htmltag64 <p>}\htmlrtf \par{\htmlrtf0 a\'e4 \u8364 ?{\f1 \'ef}\tab b{\*\mhtmltag1 no}\htmlrtf\par}\htmlrtf0
{\*\htmltag84 &lt;}\htmlrtf <\htmlrtf0 {\*\htmltag72 </p>\par <b>}}`;
    assert.equal((await read(msgOf(rtf(html)))).body, '<p>aä €п\tb&lt;</p>\r\n<b>');
    const text = String.raw`{\rtf1\ansi\fromtext{\fonttbl{\f0 A;}}one\par two}`;
    const asText = await read(msgOf(rtf(text)));
    assert.deepEqual([asText.facts.bodyText, asText.warnings], ['one\r\ntwo', []]);
    const plain = String.raw`{\rtf1\ansi{\fonttbl{\f0 A;}}{\info{\title t}}{\b bold} text\line{\*\thing x}\{\}\~\emdash{\pict 00ff}}`;
    const formatted = await read(msgOf(rtf(plain)));
    assert.equal(formatted.facts.bodyText, 'bold text\r\n{}\u00a0\u2014');
    assert.deepEqual(formatted.warnings, [
      'The message is formatted as RTF: its text is given without formats.',
    ]);
    assert.equal((await read(msgOf({ ...rtf(plain), body: 'its own' }))).facts.bodyText, 'its own');
  });

  test('give RTF that is packed', async () => {
    // The example of MS-OXRTFCP 3.1.1, packed.
    const packed = Buffer.from(
      '2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0',
      'hex',
    );
    const { facts } = await read(msgOf({ rtf: packed }));
    assert.equal(facts.bodyText.trim(), 'hello world');
    const { warnings } = await read(msgOf({ rtf: packed.subarray(0, 10) }));
    assert.deepEqual(warnings, ['The formatted text of the message is damaged.']);
  });

  test('are refused where they are damaged or another kind of document, and never read for long', async () => {
    const whole = msgOf({
      subject: 'a',
      body: 'b'.repeat(9_000),
      attachments: [{ name: 'a', data: 'c'.repeat(5_000) }],
    });
    for (const length of [8, 511, 512, 1_024, 5_000]) await refusal(whole.subarray(0, length));
    const sectorOf = (place: number): number => whole.readUInt32LE(place);
    const edited = (edit: (bytes: Buffer) => void): Buffer => {
      const bytes = Buffer.from(whole);
      edit(bytes);
      return bytes;
    };
    const [table, directory] = [(sectorOf(76) + 1) * 512, (sectorOf(48) + 1) * 512];
    const hostile: readonly ((bytes: Buffer) => void)[] = [
      // The directory, a stream and the list of tables go in circles; the tree has a loop.
      (bytes) => bytes.writeUInt32LE(sectorOf(48), table + sectorOf(48) * 4),
      (bytes) => bytes.writeUInt32LE(0xffffffff, table + sectorOf(48) * 4),
      (bytes) => bytes.writeUInt32LE(sectorOf(48), directory + 116),
      (bytes) => bytes.writeUInt32LE(sectorOf(76), 68),
      (bytes) => bytes.writeUInt32LE(0x7fffffff, 72),
      (bytes) => bytes.writeUInt32LE(0x7fffffff, 44),
      (bytes) => bytes.writeUInt32LE(1, directory + 128 + 68),
      (bytes) => bytes.writeUInt32LE(0x7ffffff0, directory + 128 + 120),
      (bytes) => bytes.writeUInt32LE(0xfffff, directory + 76),
      (bytes) => bytes.writeUInt16LE(31, 30),
      (bytes) => bytes.fill('x', directory, directory + 64),
      (bytes) => bytes.writeUInt8(2, directory + 66),
      (bytes) =>
        void bytes.write(
          '__properties_versionX',
          bytes.indexOf(Buffer.from('__properties', 'utf16le')),
          'utf16le',
        ),
    ];
    for (const edit of hostile) {
      const bytes = edited(edit);
      // What does no harm may be read.
      await refusal(bytes).catch(async (error: unknown) => {
        if (!/Missing expected rejection/.test(String(error))) throw error;
        await read(bytes);
      });
    }
    const levels = storedRtf(String.raw`{\rtf1 ${'{'.repeat(2_000)}`);
    assert.match(await refusal(msgOf({ rtf: levels }), 'documentTooComplex'), /too many levels/);
    const long = Buffer.alloc(16);
    long.writeUInt32LE(0x7fffffff, 4);
    long.write('LZFu', 8, 'latin1');
    const huge = Buffer.concat([long, Buffer.alloc(4 * 1024 * 1024)]);
    assert.match(await refusal(msgOf({ rtf: huge }), 'documentTooComplex'), /too long/);
    assert.equal(made.pool.pids().length, 1);
  });
});
