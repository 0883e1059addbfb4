import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createEcho } from './echo.ts';
import { startEdge, type TestEdge, uploadAt } from './edge.ts';
import { bare, RawClient, send, withBody } from './raw.ts';

/** What a client sends, byte by byte, and the fields that must come of it. The marks name the rule of the wire contract. */
interface Row {
  readonly name: string;
  readonly sent: string | Buffer;
  /** Exactly these fields. A file part reads `part NAME = BYTES`. */
  readonly fields: Readonly<Record<string, readonly unknown[]>>;
}

const json = 'Content-Type: application/json';
const octets = 'Content-Type: application/octet-stream';
const urlencoded = 'Content-Type: application/x-www-form-urlencoded';
const post = (headers: string[], body: string | Buffer, query = '') =>
  withBody(`POST /echo${query}`, headers, body);
const part = (name: string, value: string, ...more: string[]) =>
  ['--edge', `Content-Disposition: form-data; name="${name}"`, ...more, '', value, ''].join('\r\n');
const file = (name: string, fileName: string, value: string) =>
  `--edge\r\nContent-Disposition: form-data; name="${name}"; filename="${fileName}"\r\nContent-Type: application/pdf\r\n\r\n${value}\r\n`;
const form = (...parts: string[]) => `${parts.join('')}--edge--\r\n`;
const multipart = 'Content-Type: multipart/form-data; boundary=edge';
const utf8 = (text: string) => Buffer.from(text).toString('latin1');
const pdf = '%PDF-1.7\r\n\0\xff--edgy\r\n--\r\n';

const queries: Row[] = [
  {
    name: 'a raw list of links in the query (1.1)',
    sent: bare('GET /echo?async=True&name=result.pdf&url=http://h/files/a/s.pdf,http://h/files/b/s.pdf'),
    fields: { async: ['True'], name: ['result.pdf'], url: ['http://h/files/a/s.pdf,http://h/files/b/s.pdf'] },
  },
  {
    name: 'a content type on a GET without a body: octet-stream (1.2)',
    sent: bare('GET /echo?url=u', octets),
    fields: { url: ['u'] },
  },
  {
    name: 'a content type on a GET without a body: JSON, Delphi (1.2)',
    sent: bare('GET /echo?url=u', json),
    fields: { url: ['u'] },
  },
  {
    name: 'a Windows path as a name (3.1)',
    sent: bare('GET /echo?name=.%5Csample1.pdf'),
    fields: { name: ['.\\sample1.pdf'] },
  },
  {
    name: 'raw brackets, quotes, backslashes and bars',
    sent: bare(`GET /echo?profiles={'a':[1]}&x="\\d|"&imagesString=100;1|2`),
    fields: { profiles: ["{'a':[1]}"], x: ['"\\d|"'], imagesstring: ['100;1|2'] },
  },
  { name: 'raw UTF-8', sent: bare(utf8('GET /echo?name=Größe漢.pdf')), fields: { name: ['Größe漢.pdf'] } },
  { name: 'raw Latin-1', sent: bare('GET /echo?name=Gr\xf6\xdfe.pdf'), fields: { name: ['Größe.pdf'] } },
  {
    name: 'a raw blank',
    sent: bare('GET /echo?name=my file.pdf&url=u'),
    fields: { name: ['my file.pdf'], url: ['u'] },
  },
  { name: 'a plus as a blank', sent: bare('GET /echo?text=a+b%2Bc'), fields: { text: ['a b+c'] } },
  {
    name: 'a raw number sign',
    sent: bare('GET /echo?color=#FF0000&url=u'),
    fields: { color: ['#FF0000'], url: ['u'] },
  },
  {
    name: 'a raw question mark in a value',
    sent: bare('GET /echo?url=https://a/b?x=1'),
    fields: { url: ['https://a/b?x=1'] },
  },
  {
    name: 'broken escapes stay text',
    sent: bare('GET /echo?a=100%&b=%zz%41&c=%E9t%C3%A9'),
    fields: { a: ['100%'], b: ['%zzA'], c: ['\u00e9t\u00c3\u00a9'] },
  },
  { name: 'an empty name (1.5)', sent: bare('POST /echo?='), fields: {} },
  {
    name: 'names and pairs that are nothing',
    sent: bare('GET /echo?&&=x&flag&url=u&'),
    fields: { url: ['u'] },
  },
  {
    name: 'names in any letter case (20)',
    sent: bare('GET /echo?URL=a&EncryptionAlgorithm=AES&Async=1'),
    fields: { url: ['a'], encryptionalgorithm: ['AES'], async: ['1'] },
  },
  {
    name: 'x, x[], x[1] and a repeated x are one list (13)',
    sent: bare('GET /echo?url=a&url[]=b&URL[1]=c&url%5B%5D=d'),
    fields: { url: ['a', 'b', 'c', 'd'] },
  },
  {
    name: 'empty texts are absent (14)',
    sent: bare('GET /echo?pages=&password=&url=u'),
    fields: { url: ['u'] },
  },
  {
    name: 'a spoilt name (18)',
    sent: bare('GET /echo?name=result.tifpassword=&pages='),
    fields: { name: ['result.tifpassword='] },
  },
  {
    name: 'names of prototypes are names',
    sent: bare('GET /echo?__proto__=a&constructor=b&toString=c'),
    fields: JSON.parse('{"__proto__":["a"],"constructor":["b"],"tostring":["c"]}'),
  },
  { name: 'NUL characters go', sent: bare('GET /echo?na%00me=a%00b&x=%00'), fields: { name: ['ab'] } },
  {
    name: 'a query of 64 KB',
    sent: bare(`GET /echo?text=${'x'.repeat(65_536)}`),
    fields: { text: ['x'.repeat(65_536)] },
  },
];

const bodies: Row[] = [
  {
    name: 'JSON',
    sent: post([json], '{"url":"a","async":true,"n":3,"o":{"p":[1]},"none":null}'),
    fields: { url: ['a'], async: [true], n: [3], o: [{ p: [1] }] },
  },
  {
    name: 'JSON without a content type (3, 1.7)',
    sent: post([], '{"name":"protected.pdf"}'),
    fields: { name: ['protected.pdf'] },
  },
  {
    name: 'JSON as octet-stream, left over from an upload (1.7)',
    sent: post([octets], '{"url":"a"}'),
    fields: { url: ['a'] },
  },
  { name: 'JSON as a form (4)', sent: post([urlencoded], '{"url":"a=b&c"}'), fields: { url: ['a=b&c'] } },
  {
    name: 'JSON under a header that is none',
    sent: post(['Content-Type: ;;/=,'], '{"url":"a"}'),
    fields: { url: ['a'] },
  },
  {
    name: 'JSON under a charset that is wrong',
    sent: post(['Content-Type: application/json; charset=utf-16'], '{"url":"a"}'),
    fields: { url: ['a'] },
  },
  {
    name: 'JSON after a byte order mark and blanks',
    sent: post([json], '\xef\xbb\xbf \r\n{"url":"a"}'),
    fields: { url: ['a'] },
  },
  {
    name: 'JSON with lists (13)',
    sent: post([json], '{"searchStrings":["a","b"],"searchString":["c"]}'),
    fields: { searchstrings: ['a', 'b'], searchstring: ['c'] },
  },
  {
    name: 'JSON with an invalid escape (1.10)',
    sent: post([json], String.raw`{"searchString":"\d{1,}\.\d\d","ok":"a\n\"b\" \u00e9"}`),
    fields: { searchstring: [String.raw`\d{1,}\.\d\d`], ok: ['a\n"b" é'] },
  },
  {
    name: 'JSON with raw line ends in a text (17)',
    sent: post([json], '{"profiles":"{\n\t\'a\': 1 }"}'),
    fields: { profiles: ["{\n\t'a': 1 }"] },
  },
  {
    name: 'JSON with single quotes, bare names and a last comma',
    sent: post([json], `{url: 'a\\d', async: True && 1,}`.replace('True && 1', 'true')),
    fields: { url: ['a\\d'], async: [true] },
  },
  {
    name: 'JSON with the name of a prototype',
    sent: post([json], '{"__proto__":{"async":true},"url":"a","o":{"__proto__":{"x":1},"y":2}}'),
    fields: JSON.parse('{"__proto__":[{"async":true}],"url":["a"],"o":[{"y":2}]}'),
  },
  {
    name: 'JSON with NUL characters and half of a pair',
    sent: post([json], String.raw`{"a\u0000":"x\u0000y","b":{"c\u0000":"\ud800"}}`),
    fields: { a: ['xy'], b: [{ c: '\ufffd' }] },
  },
  { name: 'JSON in Windows-1252', sent: post([json], '{"name":"Gr\xf6\xdfe"}'), fields: { name: ['Größe'] } },
  {
    name: 'a form',
    sent: post([urlencoded], 'url=a%2Cb&text=a+b&empty='),
    fields: { url: ['a,b'], text: ['a b'] },
  },
  {
    name: 'a form as JSON (2)',
    sent: post([json], 'url=https%3A%2F%2Fa%2Fb&inline=True'),
    fields: { url: ['https://a/b'], inline: ['True'] },
  },
  { name: 'a form without a content type', sent: post([], 'url=a'), fields: { url: ['a'] } },
  {
    name: 'a form that ends in a line end',
    sent: post([urlencoded], 'url=a&pages=0-\r\n'),
    fields: { url: ['a'], pages: ['0-'] },
  },
  {
    name: 'a template that begins with a byte order mark (1.9)',
    sent: post([urlencoded], 'template=%EF%BB%BF---+a'),
    fields: { template: ['\ufeff--- a'] },
  },
  {
    name: 'query and body, the body on top (6)',
    sent: post([json], '{"name":"body","Pages":""}', '?name=query&pages=1&url=a'),
    fields: { name: ['body'], pages: ['1'], url: ['a'] },
  },
  {
    name: 'a GET with a JSON body',
    sent: withBody('GET /echo?a=1', [json], '{"url":"a"}'),
    fields: { a: ['1'], url: ['a'] },
  },
  {
    name: 'a POST without length and body (7, 1.5)',
    sent: bare('POST /echo?file=http://h/files/a/s.pdf', 'x-api-key: k'),
    fields: { file: ['http://h/files/a/s.pdf'] },
  },
  {
    name: 'a POST with a length of 0 labelled as a form (7)',
    sent: post([urlencoded], '', '?url=a'),
    fields: { url: ['a'] },
  },
  {
    name: 'an empty chunked body (1.4)',
    sent: `${bare('POST /echo?url=a', urlencoded, 'Transfer-Encoding: chunked')}0\r\n\r\n`,
    fields: { url: ['a'] },
  },
  {
    name: 'a chunked body, in pieces of a byte',
    sent: `${bare('POST /echo', 'Transfer-Encoding: chunked')}${[...'{"url":"a"}'].map((one) => `1\r\n${one}\r\n`).join('')}0\r\n\r\n`,
    fields: { url: ['a'] },
  },
  {
    name: 'a large text in one field (9)',
    sent: post([urlencoded], `html=${'<p>'.repeat(400_000)}`),
    fields: { html: ['<p>'.repeat(400_000)] },
  },
];

const parts: Row[] = [
  {
    name: 'multipart',
    sent: post([multipart], form(part('url', 'a,b'), part('async', 'True'), part('pages', ''))),
    fields: { url: ['a,b'], async: ['True'] },
  },
  {
    name: 'multipart as JSON with attachment parts (1, 1.8)',
    sent: post(
      ['Content-Type: application/json; boundary=edge'],
      form(part('url', 'a')).replace('form-data', 'attachment'),
    ),
    fields: { url: ['a'] },
  },
  {
    name: 'multipart without a content type',
    sent: post([], form(part('url', 'a'))),
    fields: { url: ['a'] },
  },
  {
    name: 'multipart whose header names another boundary',
    sent: post(['Content-Type: multipart/form-data; boundary=other'], form(part('url', 'a'))),
    fields: { url: ['a'] },
  },
  {
    name: 'a GET with a multipart body (5, 1.3)',
    sent: withBody('GET /echo', [multipart], form(part('url', 'a'), part('searchString', 'b'))),
    fields: { url: ['a'], searchstring: ['b'] },
  },
  {
    name: 'an empty form, curl (7)',
    sent: post([multipart], '--edge--\r\n', '?url=a'),
    fields: { url: ['a'] },
  },
  {
    name: 'an empty form without a line end',
    sent: post([multipart], '--edge--', '?url=a'),
    fields: { url: ['a'] },
  },
  {
    name: 'an empty form, .NET (7)',
    sent: post([multipart], '--edge\r\n\r\n--edge--\r\n', '?url=a'),
    fields: { url: ['a'] },
  },
  {
    name: 'a list of parts (13)',
    sent: post([multipart], form(part('searchStrings[]', 'a'), part('searchStrings[]', 'b'))),
    fields: { searchstrings: ['a', 'b'] },
  },
  {
    name: 'names without quotes, .NET',
    sent: post(
      [multipart],
      form(
        '--edge\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Disposition: form-data; name=url\r\n\r\na\r\n',
      ),
    ),
    fields: { url: ['a'] },
  },
  {
    name: 'headers in any letter case, folded',
    sent: post([multipart], form('--edge\r\ncontent-DISPOSITION: form-data;\r\n NAME="url"\r\n\r\na\r\n')),
    fields: { url: ['a'] },
  },
  {
    name: 'line ends without a carriage return',
    sent: post([multipart], form(part('url', 'a')).replaceAll('\r\n', '\n')),
    fields: { url: ['a'] },
  },
  {
    name: 'a line that only begins like the boundary',
    sent: post([multipart], form(part('text', 'a\r\n--edges\r\n--edg\r\n-'))),
    fields: { text: ['a\r\n--edges\r\n--edg\r\n-'] },
  },
  {
    name: 'text in UTF-8',
    sent: post([multipart], form(part('text', utf8('Größe漢')))),
    fields: { text: ['Größe漢'] },
  },
  {
    name: 'parts without a name are skipped',
    sent: post([multipart], form('--edge\r\nContent-Type: text/plain\r\n\r\nx\r\n', part('url', 'a'))),
    fields: { url: ['a'] },
  },
  {
    name: 'a preamble line and an epilogue',
    sent: post([multipart], `\r\n${form(part('url', 'a'))}more`),
    fields: { url: ['a'] },
  },
  {
    name: 'a file, with other fields (12)',
    sent: post([multipart], form(file('file', 'a b.pdf', pdf), part('async', 'true'))),
    fields: { file: [`part a b.pdf = ${pdf}`], async: ['true'] },
  },
  {
    name: 'two files of a list, in order (12)',
    sent: post(
      [multipart],
      form(file('file[]', 'one.pdf', pdf), part('name', 'r.pdf'), file('file[]', 'two.pdf', 'x')),
    ),
    fields: { file: [`part one.pdf = ${pdf}`, 'part two.pdf = x'], name: ['r.pdf'] },
  },
  {
    name: 'a file in a GET (5)',
    sent: withBody('GET /echo', [multipart], form(file('file', 'a.pdf', pdf))),
    fields: { file: [`part a.pdf = ${pdf}`] },
  },
  {
    name: 'a file without a name for it',
    sent: post([multipart], form(part('file', pdf))),
    fields: { file: [`part  = ${pdf}`] },
  },
  {
    name: 'a file with an empty name for it',
    sent: post([multipart], form(file('file', '', 'x'))),
    fields: { file: ['part  = x'] },
  },
  {
    name: 'an input of a page that was left empty',
    sent: post([multipart], form(file('file', '', ''), part('url', 'a'))),
    fields: { url: ['a'] },
  },
  {
    name: 'a file of no bytes',
    sent: post([multipart], form(file('file', 'a.pdf', ''))),
    fields: { file: ['part a.pdf = '] },
  },
  {
    name: 'a file name with a quote, a path and UTF-8',
    sent: post([multipart], form(file('file', utf8('C:\\dir\\"ü;".pdf').replaceAll('"', '\\"'), 'x'))),
    fields: { file: ['part C:\\dir\\"ü;".pdf = x'] },
  },
  {
    name: 'a file name in the extended form',
    sent: post(
      [multipart],
      form(
        `--edge\r\nContent-Disposition: form-data; name="file"; filename="_.pdf"; filename*=UTF-8''%C3%BC.pdf\r\n\r\nx\r\n`,
      ),
    ),
    fields: { file: ['part ü.pdf = x'] },
  },
  {
    name: 'a data URI as text (22)',
    sent: post([multipart], form(part('file', 'data:image/gif;base64,R0lG'))),
    fields: { file: ['data:image/gif;base64,R0lG'] },
  },
  {
    name: 'a link in a field called file',
    sent: post([multipart], form(part('file', 'http://a/b.pdf'))),
    fields: { file: ['http://a/b.pdf'] },
  },
  {
    name: 'a file and a data object (1.11)',
    sent: post(
      [multipart],
      form(file('file', 'a.pdf', pdf), part('data', "{async: true, pages: '', password: '' }")),
    ),
    fields: { file: [`part a.pdf = ${pdf}`], async: [true] },
  },
  {
    name: 'a data object beside fields of their own, which win',
    sent: post([multipart], form(part('data', '{"url":"a","name":"b"}'), part('name', 'c'))),
    fields: { url: ['a'], name: ['c'] },
  },
  {
    name: 'a data field that is no object',
    sent: post([multipart], form(part('data', '{not'))),
    fields: { data: ['{not'] },
  },
];

describe('reading a request', () => {
  let edge: TestEdge;
  const echo = createEcho();
  before(async () => {
    edge = await startEdge({}, { operations: new Map([['/echo', echo.operation]]) });
  });
  after(() => edge.stop());

  for (const row of [...queries, ...bodies, ...parts]) {
    it(row.name, async () => {
      const answer = await send(edge.port, row.sent);
      assert.equal(answer.status, 200, answer.body.toString());
      assert.deepEqual(await readable(edge, echo.last()), row.fields);
    });
  }

  it('takes a large body behind a raw request line, as slowly as it can be stored', async () => {
    const bytes = Buffer.alloc(30_000_000, 'bytes of a document\r\n-');
    const body = Buffer.concat([
      Buffer.from('--edge\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'),
      bytes,
      Buffer.from('\r\n--edge--'),
    ]);
    const client = await RawClient.open(edge.port);
    client.write(withBody('POST /echo?name=\xe9 \xe9', [], body));
    const answer = await client.answer();
    assert.deepEqual([answer.status, answer.headers.connection], [200, 'close']);
    const [kept] = echo.last().file as [{ token: string }];
    const stored = await uploadAt(edge, `/files/${kept.token}/x`);
    assert.equal(stored?.sizeBytes, bytes.length);
    await client.closed();
  });

  it('reads multipart however the bytes are cut', async () => {
    const row = parts.find((one) => one.name.startsWith('two files')) as Row;
    const bytes = row.sent as Buffer;
    for (const size of [1, 2, 3, 7, 41]) {
      const client = await RawClient.open(edge.port);
      client.socket.setNoDelay(true);
      for (let at = 0; at < bytes.length; at += size) {
        // The write is awaited so that the pieces leave one by one.
        await new Promise((resolve) => client.socket.write(bytes.subarray(at, at + size), resolve));
      }
      assert.equal((await client.answer()).status, 200);
      assert.deepEqual(await readable(edge, echo.last()), row.fields);
      client.close();
    }
  });
});

/** Replaces each part by its name and the bytes that were stored for it. */
async function readable(
  edge: TestEdge,
  fields: Readonly<Record<string, readonly unknown[]>>,
): Promise<object> {
  const out = new Map<string, unknown[]>();
  for (const [name, values] of Object.entries(fields)) {
    out.set(name, await Promise.all(values.map((value) => readablePart(edge, value))));
  }
  return Object.fromEntries(out);
}

async function readablePart(edge: TestEdge, value: unknown): Promise<unknown> {
  if (typeof value !== 'object' || value === null || !('part' in value)) return value;
  const { part: name, token } = value as unknown as { part: string; token: string };
  const stored = await uploadAt(edge, `/files/${token}/x`);
  if (stored === null) return `part ${name} was not stored`;
  return `part ${name} = ${stored.bytes.toString('latin1')}`;
}
