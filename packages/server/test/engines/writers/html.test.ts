import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page, Style } from '../../../src/engines/pdfium/page.ts';
import type { OpenPage } from '../../../src/engines/pdfium/writers/writer.ts';
import { across, down, pageWith, ruled, text } from '../layout/made-page.ts';
import { written } from './written.ts';

const shown = { as: 'html', isSimple: false } as const;
const simple = { as: 'html', isSimple: true } as const;

/** A page of which every style is changed. */
function styled(page: Page, own: Partial<Style>): Page {
  return { ...page, styles: page.styles.map((style) => ({ ...style, ...own })) };
}

/** Opening tags and their attributes. Throws where a `<` begins anything else than a tag of plain letters with quoted values. */
function tagsOf(html: string): { name: string; attributes: Record<string, string> }[] {
  const [, body = ''] = /^<!DOCTYPE html>\n(.*)$/s.exec(html) ?? [];
  const tags = [...body.matchAll(/<(\/?)([a-z]\w*)((?: [a-z][\w-]*="[^"<>]*")*)\/?>/g)];
  assert.equal(body.split('<').length - 1, tags.length, 'a < that begins no tag');
  return tags
    .filter(([, end]) => end === '')
    .map(([, , name = '', attributes = '']) => ({
      name,
      attributes: Object.fromEntries(
        [...attributes.matchAll(/ ([\w-]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]),
      ),
    }));
}

/** What a page shows that stands in the file, without tags. */
function textIn(html: string): string {
  const body = html.slice(html.indexOf('<body>'));
  const plain = body
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>');
  return plain.replaceAll('&quot;', '"').replaceAll('&amp;', '&').trim();
}

describe('HTML that looks like the page', () => {
  it('has words at their places, on their baselines, in their size and colour', async () => {
    const page = styled(pageWith([text(100, 200, 'Hello world', { size: 20 })]), {
      font: 'TimesNewRomanPS-BoldMT',
      isBold: true,
      color: '#aa0011',
    });
    const { text: html } = await written(shown, [page]);
    const tags = tagsOf(html);
    assert.deepEqual(tags.find(({ name }) => name === 'section')?.attributes, {
      id: 'page1',
      style: 'width:600pt;height:800pt',
    });
    const style = tags.find(({ name }) => name === 'p')?.attributes['style'] ?? '';
    assert.match(style, /^top:200pt;font:bold 20pt\/0 'Times New Roman',.*,serif;color:#aa0011$/);
    const spans = tags
      .filter(({ name }) => name === 'span')
      .map(({ attributes }) => attributes['style'] ?? '');
    // Five letters of half the size, and a blank of a quarter.
    assert.match(spans[0] ?? '', /^left:100pt(;|$)/);
    assert.match(spans[1] ?? '', /^left:155pt(;|$)/);
    assert.equal(textIn(html), 'Hello world');
  });

  it('makes words as wide as they are on the page', async () => {
    // In Helvetica the four letters are 667 + 556 + 222 + 222 thousandths of the size wide.
    const { text: html } = await written(shown, [pageWith([text(0, 100, 'Eell', { size: 10 })])]);
    assert.match(html, /scaleX\(1\.200\)/);
  });

  it('turns what is turned', async () => {
    const { text: html } = await written(shown, [pageWith([text(100, 200, 'Up', { angle: 270 })])]);
    assert.match(html, /<p style="top:200pt;.*<span style="left:100pt;transform:rotate\(270deg\)/);
  });

  it('has text that is not seen for those who select it', async () => {
    const page = styled(pageWith([text(0, 100, 'below')]), { isInvisible: true });
    const { text: html } = await written(shown, [page]);
    assert.match(html, /color:transparent">.*below/);
  });

  it('has fills below and lines', async () => {
    const fills = [{ left: 10, top: 20, right: 30, bottom: 40, color: '#00ff00' }];
    const { text: html } = await written(shown, [
      pageWith([], { fills, rulings: [across(50, 0, 100), down(60, 0, 100)] }),
    ]);
    const paths = tagsOf(html).filter(({ name }) => name === 'path');
    assert.deepEqual(
      paths.map(({ attributes }) => attributes),
      [
        { fill: '#00ff00', d: 'M10 20H30V40H10z' },
        { fill: '#000000', d: 'M0 49.75H100V50.25H0zM59.75 0H60.25V100H59.75z' },
      ],
    );
  });

  it('makes light letters legible where nothing dark is known behind them', async () => {
    const glyphs = text(100, 200, 'light');
    const fills = [{ left: 90, top: 180, right: 200, bottom: 210, color: '#003300' }];
    const page = (own: Page) => styled(own, { color: '#ffffff' });
    const lost = await written(shown, [page(pageWith([glyphs]))]);
    const seen = await written(shown, [page(pageWith([glyphs], { fills }))]);
    assert.match(lost.text, /text-shadow/);
    assert.doesNotMatch(seen.text, /text-shadow/);
  });

  it('has pictures in the file, and says which are missing', async () => {
    const picture = { id: 1, left: 1, top: 2, right: 11, bottom: 22, pixelWidth: 5, pixelHeight: 5 };
    const page = { ...pageWith([]), pictures: [picture, { ...picture, id: 2 }] };
    const bytes = Buffer.alloc(100_000, 'pixels');
    const open: OpenPage = {
      picture: async ({ id }) => (id === 1 ? { bytes, format: 'png' } : undefined),
    };
    const { text: html, warnings } = await written(shown, [page], { open });
    const images = tagsOf(html).filter(({ name }) => name === 'img');
    assert.deepEqual(
      images.map(({ attributes }) => attributes['src']),
      [`data:image/png;base64,${bytes.toString('base64')}`],
    );
    assert.equal(images[0]?.attributes['style'], 'left:1pt;top:2pt;width:10pt;height:20pt');
    assert.equal(warnings.length, 1);
  });

  it('shows which fields are on', async () => {
    const field = { left: 10, top: 10, right: 20, bottom: 20, name: 'a', value: 'Yes', options: [] };
    const fields = [
      { ...field, kind: 'check-box', isOn: true },
      { ...field, kind: 'radio-button', isOn: false },
    ] as const;
    // Of its appearance text comes too: the letter that a font of signs has for a mark.
    const page = { ...pageWith([text(12, 18, '4', { size: 8 })]), fields };
    const { text: html } = await written(shown, [page]);
    assert.equal(tagsOf(html).filter(({ name }) => name === 'path').length, 1);
    assert.equal(textIn(html), '');
  });

  it('leads to the web, to mails and to pages, and nowhere else', async () => {
    const uris = [
      'https://example.test/a?b=1&c="2"',
      'HTTP://example.test/',
      'mailto:a@example.test',
      'javascript:alert(1)',
      'JaVaScRiPt:alert(1)',
      ' javascript:alert(1)',
      'java\nscript:alert(1)',
      '\u0001javascript:alert(1)',
      'data:text/html,<script>alert(1)</script>',
      'vbscript:a',
      'file:///etc/passwd',
      'ftp://example.test/',
      '//example.test/',
      'example.test',
    ];
    const box = { left: 0, top: 0, right: 10, bottom: 10 };
    const links = uris.map((uri) => ({ ...box, uri, pageIndex: undefined }));
    const page = { ...pageWith([]), links: [...links, { ...box, uri: '', pageIndex: 1 }] };
    const { text: html } = await written(shown, [page]);
    const hrefs = tagsOf(html).flatMap(({ attributes }) => attributes['href'] ?? []);
    assert.deepEqual(hrefs, [
      'https://example.test/a?b=1&amp;c=%222%22',
      'http://example.test/',
      'mailto:a@example.test',
      '#page2',
    ]);
  });
});

describe('plain HTML', () => {
  it('is paragraphs and tables in their order, without a style', async () => {
    const page = pageWith(
      [
        text(50, 40, 'Before'),
        text(55, 112, 'a'),
        text(155, 112, 'b'),
        text(55, 132, 'c & d'),
        text(155, 132, 'e'),
        text(50, 240, 'After'),
      ],
      { rulings: ruled([50, 150, 250], [100, 120, 140]) },
    );
    const { text: html } = await written(simple, [page]);
    assert.equal(
      html.slice(html.indexOf('<section')),
      [
        '<section id="page1">',
        '<p>Before</p>',
        '<table>',
        '<tr><td>a</td><td>b</td></tr>',
        '<tr><td>c &amp; d</td><td>e</td></tr>',
        '</table>',
        '<p>After</p>',
        '</section>',
        '</body>',
        '</html>',
        '',
      ].join('\n'),
    );
    assert.doesNotMatch(html, /<style|style=/);
  });
});

describe('plain HTML of a page that is turned', () => {
  it('is the same', async () => {
    // A table and a line, as they stand when the page is turned by a quarter.
    const at = (x: number, y: number, content: string) => text(600 - y, x, content, { angle: 90 });
    const lines = ruled([50, 150, 250], [100, 120, 140]).map((ruling) =>
      ruling.isVertical
        ? across(ruling.at, 600 - ruling.to, 600 - ruling.from)
        : down(600 - ruling.at, ruling.from, ruling.to),
    );
    const cells = [
      at(55, 112, 'a'),
      at(155, 112, 'b'),
      at(55, 132, 'c'),
      at(155, 132, 'd'),
      at(50, 240, 'After'),
    ];
    const { text: html } = await written(simple, [pageWith(cells, { rulings: lines })]);
    assert.match(
      html,
      /<table>\n<tr><td>a<\/td><td>b<\/td><\/tr>\n<tr><td>c<\/td><td>d<\/td><\/tr>\n<\/table>\n<p>After<\/p>/,
    );
  });
});

describe('HTML of hostile pages', () => {
  const hostile = [
    '<script>alert(1)</script>',
    '"><img/src=x/onerror=alert(1)>',
    "'onmouseover='alert(1)",
    '</style><script>alert(1)</script>',
    '--><svg/onload=alert(1)>',
    '&lt;script&gt;',
    '<![CDATA[<script>]]>',
  ];
  const allowed = /^(?:html|head|meta|title|style|body|section|p|span|a|img|svg|path|table|tr|td|br)$/;
  const known =
    /^(?:id|style|href|src|alt|d|fill|width|height|viewBox|charset|http-equiv|content|name|colspan|rowspan)$/;

  for (const output of [shown, simple]) {
    it(`holds no tag, attribute or script but its own, ${output.isSimple ? 'plain' : 'as the page looks'}`, async () => {
      const glyphs = hostile.map((content, index) =>
        text(10, 40 + index * 60, content, { withoutBlanks: true }),
      );
      const name = 'x;}</style><script>"';
      const field = { left: 0, top: 700, right: 9, bottom: 709, options: [], isOn: true };
      const page: Page = {
        ...styled(pageWith(glyphs), { font: name, color: '"><script>' }),
        fills: [{ left: 0, top: 0, right: 9, bottom: 9, color: '"/><script>' }],
        fields: [
          { ...field, name, value: name, kind: 'text' },
          { ...field, name, value: name, kind: 'check-box' },
        ],
        links: hostile.map((uri) => ({ left: 0, top: 0, right: 9, bottom: 9, uri, pageIndex: undefined })),
      };
      const { text: html } = await written(output, [page]);
      for (const { name: tag, attributes } of tagsOf(html)) {
        assert.match(tag, allowed);
        for (const one of Object.keys(attributes)) assert.match(one, known);
        assert.doesNotMatch(attributes['style'] ?? '', /url|expression|import/);
      }
      for (const content of hostile) assert.ok(textIn(html).replaceAll(/\s/g, '').includes(content), content);
    });
  }

  it('allows nothing to run, and nothing to be loaded', async () => {
    for (const output of [shown, simple]) {
      const { text: html } = await written(output, []);
      const policy = tagsOf(html).find(
        ({ attributes }) => attributes['http-equiv'] === 'Content-Security-Policy',
      );
      const rules = policy?.attributes['content']?.split('; ') ?? [];
      assert.ok(rules.includes("default-src 'none'"));
      assert.ok(rules.every((rule) => !/script|https?:|\*/.test(rule)));
    }
  });
});
