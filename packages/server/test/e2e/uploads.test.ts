/** Real client programs, and the bytes of those that are not here, in every form in which files come in. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { RawClient, withBody } from '../http/raw.ts';
import { onePagePdf } from '../program/document.ts';
import { dotnetMultipart, phpMultipart } from '../program/forms.ts';
import { type Running, startOctavo } from '../program/server.ts';

const run = promisify(execFile);
const pythonProgram = fileURLToPath(new URL('../program/upload.py', import.meta.url));
const bytes = onePagePdf('a file');
const base64 = bytes.toString('base64');
const megabyte = 1024 * 1024;

interface Answer {
  readonly error: boolean;
  readonly status: number;
  readonly message?: string;
  readonly url: string;
  readonly name: string;
  readonly hash: string;
}

describe('files come in', () => {
  let root: string;
  let server: Running;
  let port: number;
  let outside: string;
  const requests: IncomingMessage[] = [];
  /** The world outside: what stands at each path. */
  const pages: Record<string, RequestListener> = {};
  const world = createServer((request, response) => {
    requests.push(request);
    const page = pages[(request.url ?? '').split('?')[0] as string];
    if (page === undefined) response.writeHead(404).end();
    else page(request, response);
  });

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'octavo-ways-'));
    await writeFile(join(root, 'a file.pdf'), bytes);
    await writeFile(join(root, 'file.b64'), base64);
    await once(world.listen(0, '127.0.0.1'), 'listening');
    const worldPort = (world.address() as AddressInfo).port;
    outside = `http://127.0.0.1:${worldPort}`;
    server = await startOctavo(join(root, 'data'), {
      OCTAVO_ALLOW_SOURCES: `http://127.0.0.1:${worldPort}/`,
      OCTAVO_UPLOAD_MAX_MB: '3',
      OCTAVO_TEXT_MAX_MB: '1',
      OCTAVO_FETCH_MAX_SECONDS: '2',
    });
    port = Number(new URL(server.base).port);
  });
  after(async () => {
    await server.stop();
    world.closeAllConnections();
    world.close();
    await rm(root, { recursive: true, force: true });
  });

  const isStored = async ({ url, name }: Pick<Answer, 'url' | 'name'>, expected: string) => {
    assert.equal(name, expected);
    // Bytes that are written as they stand have a host of their own.
    const here = server.base + new URL(url).pathname;
    assert.deepEqual(Buffer.from(await (await fetch(here)).arrayBuffer()), bytes);
    const merged = (await (await fetch(`${server.base}/pdf/merge?url=${url}`)).json()) as {
      pageCount: number;
    };
    assert.equal(merged.pageCount, 1, 'it is a source');
  };
  const curl = async (...args: string[]): Promise<Answer> => {
    const { stdout } = await run('curl', ['-sS', ...args], { cwd: root });
    return JSON.parse(stdout) as Answer;
  };
  const ask = async (path: string, fields: Record<string, string>): Promise<Answer> =>
    (await (await fetch(`${server.base}${path}?${new URLSearchParams(fields)}`)).json()) as Answer;
  /** Names of all that is stored, or being stored. */
  const onDisk = async () =>
    (
      await Promise.all(
        ['files', 'partial'].map((name) => readdir(join(root, 'data', name), { recursive: true })),
      )
    )
      .flat()
      .filter((name) => name.includes('.'));

  const curls: [title: string, name: string, args: (base: string) => string[]][] = [
    ['-F', 'a file.pdf', (base) => ['-F', 'file=@a file.pdf', `${base}/file/upload`]],
    [
      '-F with another name of the field and of the file',
      'b.pdf',
      (base) => ['-F', 'upload=@a file.pdf;filename=b.pdf', `${base}/v1/file/upload`],
    ],
    [
      '--form under application/json, with attachments',
      'a file.pdf',
      (base) => [
        '-X',
        'POST',
        '-H',
        'Content-Type: application/json',
        '--form',
        'file=@a file.pdf',
        `${base}/file/upload`,
      ],
    ],
    ['--data-binary', 'b.pdf', (base) => ['--data-binary', '@a file.pdf', `${base}/file/upload?name=b.pdf`]],
    [
      '-T by POST, in chunks',
      'b.pdf',
      (base) => [
        '-X',
        'POST',
        '-T',
        'a file.pdf',
        '-H',
        'Transfer-Encoding: chunked',
        `${base}/file/upload?name=b.pdf`,
      ],
    ],
    ['-F with the text of a file', 'file', (base) => ['-F', 'file=<file.b64', `${base}/file/upload/base64`]],
    [
      '--data-urlencode',
      'file.pdf',
      (base) => [
        '--data-urlencode',
        `file=data:application/pdf;base64,${base64}`,
        `${base}/file/upload/base64`,
      ],
    ],
    [
      '--data-raw with JSON',
      'b.pdf',
      (base) => [
        '-H',
        'Content-Type: application/json',
        '--data-raw',
        JSON.stringify({ file: base64, name: 'b.pdf' }),
        `${base}/file/upload/base64`,
      ],
    ],
  ];
  for (const [title, name, args] of curls) {
    it(`from curl: ${title}`, async () => isStored(await curl(...args(server.base)), name));
  }

  it('from curl, and are hashed and deleted, by a POST without a body', async () => {
    const { url } = await curl('-F', 'file=@a file.pdf', `${server.base}/file/upload`);
    const hashed = await curl(
      '-H',
      'Content-Type: application/json',
      '-d',
      `{"url":"${url}"}`,
      `${server.base}/file/hash`,
    );
    assert.equal(hashed.hash, createHash('md5').update(bytes).digest('hex'));
    const gone = await curl('--location', '--request', 'POST', `${server.base}/file/delete?file=${url}`);
    assert.deepEqual([gone.error, gone.status], [false, 200]);
    assert.equal((await fetch(url)).status, 404);
    assert.equal((await curl('-d', `url=${url}`, `${server.base}/file/hash`)).status, 404);
  });

  it('from Python, in every form', async () => {
    const { stdout } = await run('python3', [pythonProgram, server.base, join(root, 'a file.pdf')]);
    const answers = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Answer);
    const names = ['a file.pdf', 'renamed.pdf', 'file.pdf', 'a file.pdf', 'file', 'copy.pdf'];
    assert.equal(answers.length, names.length);
    for (const [index, answer] of answers.entries()) await isStored(answer, names[index] as string);
  });

  it('from fetch with FormData, a Blob without a name too', async () => {
    for (const [file, name] of [
      [new File([new Uint8Array(bytes)], 'ä b.pdf'), 'ä b.pdf'],
      [new Blob([new Uint8Array(bytes)]), 'blob'],
    ] as const) {
      const body = new FormData();
      body.append('file', file);
      const answer = await fetch(`${server.base}/file/upload`, { method: 'POST', body });
      await isStored((await answer.json()) as Answer, name);
    }
  });

  it('from PHP, which waits for 100 Continue and names the whole path', async () => {
    const file = { path: '/var/www/html/a file.pdf', bytes };
    for (const [fields, name] of [
      [{}, 'a file.pdf'],
      [{ name: 'b.pdf' }, 'b.pdf'],
    ] as const) {
      const { head, body } = phpMultipart('/file/upload', fields, file);
      const client = await RawClient.open(port);
      client.write(head);
      assert.match(String(await client.interim()), /^HTTP\/1\.1 100 /);
      client.write(body);
      await isStored((await client.answer()).json(), name);
      client.close();
    }
  });

  it('from .NET: a form with its boundary in quotes, and JSON without a type', async () => {
    const json = withBody(
      'POST /file/upload/base64',
      ['Expect: 100-continue'],
      JSON.stringify({ file: base64 }),
    );
    for (const [sent, name] of [
      [dotnetMultipart('/file/upload', 'a.pdf', bytes), 'a.pdf'],
      [json, 'file'],
    ] as const) {
      const client = await RawClient.open(port);
      client.write(sent);
      await isStored((await client.answer()).json(), name);
      client.close();
    }
  });

  it('from links: with a user, by redirects, with a name of theirs, and without a trace in the log', async () => {
    pages['/secret'] = (request, response) => {
      const isKnown = request.headers.authorization === `Basic ${btoa('user:pass word')}`;
      response.writeHead(isKnown ? 302 : 401, { location: '/there?x=1,2&y' }).end();
    };
    pages['/there'] = (_, response) =>
      response.writeHead(200, { 'content-disposition': 'attachment; filename="../their.pdf"' }).end(bytes);
    const fields = { url: `${outside}/secret`, httpusername: 'user', httppassword: 'pass word' };
    await isStored(await ask('/file/upload/url', fields), 'their.pdf');
    await isStored(await ask('/file/upload/url', { ...fields, name: 'x/b.pdf' }), 'b.pdf');
    assert.equal((await ask('/file/hash', fields)).hash, createHash('md5').update(bytes).digest('hex'));
    const refused = await ask('/file/upload/url', { url: `${outside}/secret` });
    assert.deepEqual([refused.status, refused.error], [400, true]);
    assert.match(refused.message ?? '', /"url" could not be fetched: the server answered 401/);
    const merged = await ask('/pdf/merge', fields);
    assert.equal(merged.error, false, merged.message);
    assert.doesNotMatch(server.printed(), /pass word|\/secret|their\.pdf/);
  });

  it('from links only as far as settings let them, which the answers name', async () => {
    const stored = await onDisk();
    pages['/large'] = (_, response) => response.end(Buffer.alloc(3 * megabyte + 1));
    pages['/endless'] = (_, response) => {
      response.write(bytes);
    };
    pages['/cut'] = (_, response) => {
      response.writeHead(200, { 'content-length': 1_000 }).write('half', () => response.destroy());
    };
    for (const [path, status, says] of [
      ['/large', 413, /larger than 3 MB, the most/],
      ['/endless', 400, /"url" could not be fetched: it took longer than 2 seconds/],
      ['/cut', 400, /"url" could not be fetched/],
      ['/none', 400, /"url" could not be fetched: the server answered 404/],
    ] as const) {
      for (const call of ['/file/upload/url', '/file/hash']) {
        const answer = await ask(call, { url: outside + path });
        assert.deepEqual([answer.status, answer.error], [status, true], path);
        assert.match(answer.message ?? '', says);
      }
    }
    for (const url of [
      server.base,
      `${server.base}/health`,
      'http://169.254.169.254/',
      'file:///etc/passwd',
    ]) {
      for (const call of ['/file/upload/url', '/file/hash'])
        assert.equal((await ask(call, { url })).status, 403, url);
    }
    assert.deepEqual(await onDisk(), stored);
    for (const [failure, setting] of [
      ['uploadTooLarge', 'OCTAVO_UPLOAD_MAX_MB'],
      ['sourceUnreachable', 'OCTAVO_FETCH_MAX_SECONDS'],
    ])
      assert.match(
        server.printed(),
        new RegExp(`${failure}\\b.*\\b${setting}`),
        'the log names what to change',
      );
  });

  it('from a client that goes away: what was fetched for it is given up', async () => {
    const begun = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    const stored = await onDisk();
    pages['/waits'] = (_, response) => {
      response.once('close', ended.resolve).write(bytes, () => begun.resolve());
    };
    const client = await RawClient.open(port);
    client.write(`GET /file/upload/url?url=${outside}/waits HTTP/1.1\r\nHost: h\r\n\r\n`);
    await begun.promise;
    client.close();
    await ended.promise;
    while ((await onDisk()).length !== stored.length) await new Promise((resolve) => setImmediate(resolve));
  });

  it('as base64 in JSON only up to the limit of texts, and as a part up to that of files', async () => {
    const large = Buffer.alloc(2 * megabyte, 'x').toString('base64');
    const answer = await fetch(`${server.base}/file/upload/base64`, {
      method: 'POST',
      body: JSON.stringify({ file: large }),
    });
    assert.equal(answer.status, 413);
    assert.match(((await answer.json()) as Answer).message ?? '', /text of the request is larger than 1 MB/);
    const body = new FormData();
    body.append('file', large);
    const part = (await (
      await fetch(`${server.base}/file/upload/base64`, { method: 'POST', body })
    ).json()) as Answer;
    assert.equal(
      (await fetch(part.url, { method: 'HEAD' })).headers.get('content-length'),
      String(2 * megabyte),
    );
  });
});
