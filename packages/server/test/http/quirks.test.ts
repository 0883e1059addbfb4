/**
 * Whole requests as client programs write them, and the call that each of them means. `reading.test.ts` holds byte by byte how fields
 * are found; this is about what operations make of them.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { NewJob } from '../../src/jobs/job.ts';
import { startEdge, type TestEdge } from './edge.ts';
import { bare, send, withBody } from './raw.ts';

interface Row {
  /** What kind of program it comes from. */
  readonly program: string;
  readonly sent: string | Buffer;
  readonly operation: string;
  /** Among others. */
  readonly own: object;
  readonly job?: object;
  readonly name?: string;
  readonly warnings?: readonly string[];
}

const octets = 'Content-Type: application/octet-stream';
const urlencoded = 'Content-Type: application/x-www-form-urlencoded';
const json = 'Content-Type: application/json';
const part = (name: string, value: string, disposition = 'form-data') =>
  `--edge\r\nContent-Disposition: ${disposition}; name="${name}"\r\n\r\n${value}\r\n`;
const link = (text: string) => ({ kind: 'link', link: text });
const u = 'http://h/files/a/sample.pdf';
const settings = { JPEGQuality: 25, ImageOptimizationFormat: 'JPEG' };

const rows: readonly Row[] = [
  {
    program: 'Python: a GET with a type and no body, links pasted into the query',
    sent: bare(
      'GET /pdf/merge?async=True&name=result.pdf&url=http://h/files/a/1.pdf,http://h/files/b/2.pdf',
      octets,
    ),
    operation: '/pdf/merge',
    own: { url: [link('http://h/files/a/1.pdf'), link('http://h/files/b/2.pdf')] },
    job: { async: true, name: 'result.pdf' },
    name: 'result.pdf',
  },
  {
    program: 'Python: a form whose profile has pluses for blanks',
    sent: withBody(
      'POST /v1/pdf/optimize',
      [urlencoded],
      `url=${u}&password=&profiles=%7B+%22profiles%22%3A+%5B+%7B+%22profile1%22%3A+%7B+%22JPEGQuality%22%3A+25+%7D+%7D+%5D+%7D`,
    ),
    operation: '/pdf/optimize',
    own: { url: link(u), profiles: settings },
    job: { password: '' },
  },
  {
    program: 'PHP page: a POST with an empty chunked body, all in the query, line ends and brackets too',
    sent: `${bare(
      `POST /pdf/optimize?name=f1040&url=${u}&profiles=%7B%0A%20%20%22profiles%22:%20[%0A%20%20{%20%22profile1%22:%20{%20%22JPEGQuality%22:%2225%22}}]}`,
      urlencoded,
      'Transfer-Encoding: chunked',
      'Expect: 100-continue',
    )}0\r\n\r\n`,
    operation: '/pdf/optimize',
    own: { url: link(u), profiles: settings },
    name: 'f1040.pdf',
  },
  {
    program: 'PHP: TRUE becomes "1", and what was not filled in comes empty',
    sent: withBody(
      'POST /pdf/edit/rotate',
      [json],
      `{"url":"${u}","async":"1","pages":"","angle":"90","password":""}`,
    ),
    operation: '/pdf/edit/rotate',
    own: { url: link(u), pages: '', angle: '90' },
    job: { async: true, password: '' },
  },
  {
    program: 'C#: a profile in the query and JSON in the body',
    sent: withBody(
      `POST /v1/pdf/optimize?name=r.pdf&url=${u}&profiles=%7B%20'profiles':%20%5B%20%7B%20'profile1':%20%7B%20'JPEGQuality':%2025%20%7D%20%7D%20%5D%20%7D`,
      [json],
      '{"name":"body.pdf","async":false}',
    ),
    operation: '/pdf/optimize',
    own: { url: link(u), profiles: settings },
    job: { name: 'body.pdf', async: false },
  },
  {
    program: 'C# UploadString: JSON without a type, names in PascalCase, texts for booleans',
    sent: withBody(
      'POST /pdf/security/add',
      [],
      `{"name": "protected.pdf", "url": "${u}", "OwnerPassword": "12345", "EncryptionAlgorithm": "AES_256bit", "AllowPrintDocument": "True", "AllowFillForms": "false"}`,
    ),
    operation: '/pdf/security/add',
    own: {
      ownerPassword: '12345',
      encryptionAlgorithm: 'AES_256bit',
      allowPrintDocument: true,
      allowFillForms: false,
    },
    name: 'protected.pdf',
  },
  {
    program: 'PowerShell: JSON under the type of a form',
    sent: withBody('POST /pdf/split', [urlencoded], `{"url":"${u}","pages":"1-2,3-","async":"True"}`),
    operation: '/pdf/split',
    own: { pages: '1-2,3-' },
    job: { async: true },
  },
  {
    program: 'cURL: a form under the type of JSON, its parts as attachments',
    sent: withBody(
      'POST /pdf/security/remove',
      ['Content-Type: application/json; boundary=edge'],
      `${part('url', u, 'attachment')}${part('password', 's3cret', 'attachment')}${part('async', 'false', 'attachment')}--edge--\r\n`,
    ),
    operation: '/pdf/security/remove',
    own: { url: link(u) },
    job: { password: 's3cret', async: false },
  },
  {
    program: 'batch file: a profile with single quotes, raw in the query',
    sent: bare(
      `GET /pdf/optimize?url=${u}&profiles={ 'profiles': [ { 'profile1': { 'JPEGQuality': '25' } } ] }`,
    ),
    operation: '/pdf/optimize',
    own: { profiles: settings },
  },
  {
    program: 'Node.js: a GET with a form',
    sent: withBody(
      'GET /pdf/edit/delete-pages',
      ['Content-Type: multipart/form-data; boundary=edge'],
      `${part('url', u)}${part('pages', '1-2')}--edge--\r\n`,
    ),
    operation: '/pdf/edit/delete-pages',
    own: { url: link(u), pages: '1-2' },
  },
  {
    program: 'Node.js: the profile as an object, with a key that only other operations have',
    sent: withBody(
      'POST /pdf/optimize',
      [json],
      `{"url":"${u}","profiles":{"profiles":[{"profile1":{"FastMode":true,"jpegQuality":25}}]}}`,
    ),
    operation: '/pdf/optimize',
    own: { profiles: settings },
    warnings: ['profiles: FastMode is not known here.'],
  },
  {
    program: 'Node.js "From File": the document and its options in one form, these as a JavaScript object',
    sent: withBody(
      'POST /pdf/optimize',
      ['Content-Type: multipart/form-data; boundary=edge'],
      `--edge\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.7\r\n${part('data', `{async: true, password: '', profiles: "{'JPEGQuality': 25}" }`)}--edge--\r\n`,
    ),
    operation: '/pdf/optimize',
    own: { url: { kind: 'part', name: 'a.pdf' }, profiles: settings },
    job: { async: true },
  },
  {
    program: 'Java: a name that was a Windows path',
    sent: bare(`GET /pdf/merge?url=${u}&name=.%5Cresult.pdf`),
    operation: '/pdf/merge',
    own: { url: [link(u)] },
    name: 'result.pdf',
  },
  {
    program: 'JavaScript: a forgotten ampersand',
    sent: bare(`GET /pdf/merge?name=result.tifpassword=&pages=&url=${u}`),
    operation: '/pdf/merge',
    own: { url: [link(u)] },
    name: 'result.tifpassword=.pdf',
  },
  {
    program: 'JavaScript: a link without a scheme',
    sent: withBody('POST /v1/pdf/optimize', [json], '{"url":"h.example.com/cloud-api/f1040.pdf"}'),
    operation: '/pdf/optimize',
    own: { url: link('h.example.com/cloud-api/f1040.pdf') },
  },
  {
    program: 'pages as a JSON list of numbers and ranges',
    sent: withBody('POST /pdf/edit/rotate', [json], `{"url":"${u}","angle":180,"pages":[1,2,"4-5"]}`),
    operation: '/pdf/edit/rotate',
    own: { pages: '1,2,4-5', angle: '180' },
  },
  {
    program: 'pages as the text of such a list',
    sent: bare(`GET /pdf/edit/rotate?url=${u}&angle=270&pages=[0,"3-"]`),
    operation: '/pdf/edit/rotate',
    own: { pages: '0,3-' },
  },
  {
    program: 'no-code tool: everything in the profile',
    sent: withBody(
      'POST /v1/pdf/merge',
      [json],
      `{"url":"http://h/outside.pdf","profiles":"{'std_params': {'url': '${u}', 'async': 'True', 'callback': 'https://h.example.com/'}}"}`,
    ),
    operation: '/pdf/merge',
    own: { url: [link(u)] },
    job: { async: true, callback: 'https://h.example.com/' },
  },
];

describe('the request of a client program', () => {
  let edge: TestEdge;
  before(async () => {
    edge = await startEdge();
    // What it comes to is told elsewhere: those who wait are to be answered at once.
    edge.queue.onAccept = (job) => ({
      status: 'aborted',
      endedAt: job.createdAt,
    });
  });
  after(() => edge.stop());

  for (const { program, sent, operation, own, job = {}, name, warnings = [] } of rows) {
    it(`is understood: ${program}`, async () => {
      const earlier = edge.queue.calls.length;
      const answer = await send(edge.port, sent);
      assert.equal(edge.queue.calls.length, earlier + 1, answer.body.toString());
      const accepted = edge.queue.calls.at(-1) as NewJob;
      assert.equal(accepted.operation, operation);
      assert.partialDeepStrictEqual(accepted.call.own, own);
      assert.partialDeepStrictEqual(accepted.call.job, job);
      assert.deepEqual(accepted.call.warnings, warnings);
      if (name !== undefined) assert.equal(accepted.resultName, name);
    });
  }
});
