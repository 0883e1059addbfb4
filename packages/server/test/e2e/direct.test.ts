import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { onePagePdf } from '../program/document.ts';
import { octavoBin, type Running, startOctavo } from '../program/server.ts';
import { bucketFor, s3, type TestBucket } from '../storage/s3-bucket.ts';
import { type FaultyS3, faultyS3 } from '../storage/s3-faults.ts';

const run = promisify(execFile);
const skip = s3 === undefined && 'OCTAVO_TEST_S3 names no server';
const pdf = onePagePdf('a');

type Answer = Readonly<Record<string, unknown>>;
interface Presigned {
  readonly presignedUrl: string;
  readonly url: string;
}

describe('a server that sends uploads straight to its bucket', { skip }, () => {
  let root: string;
  let bucket: TestBucket;
  let between: FaultyS3;
  let server: Running;
  let env: Readonly<Record<string, string>>;
  let first: string;
  let second: string;
  let printed = '';

  const octavo = async (...words: string[]) =>
    (await run(process.execPath, [octavoBin, ...words, '--data-dir', join(root, 'data')])).stdout;
  const call = async (path: string, key = first, init: RequestInit = {}): Promise<Answer> => {
    const headers = { 'x-api-key': key, 'content-type': 'application/json' };
    return (await (await fetch(server.base + path, { headers, ...init })).json()) as Answer;
  };
  const post = (path: string, body: object, key = first) =>
    call(path, key, { method: 'POST', body: JSON.stringify(body) });
  const presign = async (more = `contentlength=${pdf.length}`, key = first) =>
    (await call(
      `/file/upload/get-presigned-url?name=my%20file.pdf&contenttype=application/pdf&${more}`,
      key,
    )) as unknown as Presigned;
  const send = async (link: string, bytes: Uint8Array = pdf, type = 'application/pdf') => {
    const headers = { 'content-type': type };
    const answer = await fetch(link, { method: 'PUT', body: Buffer.from(bytes), headers });
    await answer.arrayBuffer();
    return answer.status;
  };
  const sent = async (): Promise<Presigned> => {
    const links = await presign();
    assert.equal(await send(links.presignedUrl), 200);
    return links;
  };

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'octavo-direct-'));
    bucket = await bucketFor('direct');
    between = await faultyS3(s3 as string);
    env = {
      OCTAVO_STORAGE: bucket.setting.replace(s3 as string, between.endpoint),
      OCTAVO_UPLOADS: 'direct',
      OCTAVO_UPLOAD_MAX_MB: '3',
      OCTAVO_AUTH: 'keys',
      OCTAVO_LOG_LEVEL: 'debug',
    };
    server = await startOctavo(join(root, 'data'), env);
    first = /first key +(\S+)/.exec(server.printed())?.[1] ?? '';
    second = /^\S{20,}$/m.exec(await octavo('keys', 'create', 'second'))?.[0] ?? '';
  });
  after(async () => {
    await server?.stop();
    await between?.close();
    await rm(root, { recursive: true, force: true });
  });

  it('gives a link of the bucket where the length is known, and its own for everything else', async () => {
    for (const more of [`contentlength=${pdf.length}`, `size=${pdf.length}`]) {
      const { presignedUrl, url } = await presign(more);
      assert.ok(presignedUrl.startsWith(`${between.endpoint}/${bucket.location.bucket}/`), presignedUrl);
      assert.match(
        presignedUrl,
        /\/my_file\.pdf\?.*X-Amz-SignedHeaders=content-length%3Bcontent-type%3Bhost/,
      );
      assert.ok(Number(new URL(presignedUrl).searchParams.get('X-Amz-Expires')) <= 31 * 60);
      assert.match(url, /\/files\/[\w-]+\/my_file\.pdf$/);
    }
    for (const more of ['', 'contentlength=0', 'contentlength=']) {
      const own = await presign(more);
      assert.ok(own.presignedUrl.startsWith(`${server.base}/upload/`), own.presignedUrl);
      assert.equal(await send(own.presignedUrl, pdf, 'text/plain'), 200);
    }
  });

  it('lets the bucket refuse another type and another length', async () => {
    const { presignedUrl, url } = await presign();
    assert.equal(await send(presignedUrl, pdf, 'text/plain'), 403);
    assert.equal(await send(presignedUrl, pdf.subarray(1)), 403);
    assert.equal((await fetch(url)).status, 404);
    assert.equal(await send(presignedUrl), 200);
    assert.ok(pdf.equals(Buffer.from(await (await fetch(url)).arrayBuffer())));
    const plain = await post('/file/upload/get-presigned-url', { name: 'a', contentlength: pdf.length });
    assert.equal(await send(String(plain['presignedUrl']), pdf, 'application/octet-stream'), 200);
  });

  it('says at once what it would not take', async () => {
    for (const [more, status] of [
      [`contentlength=${3 * 1024 * 1024 + 1}`, 413],
      ['contentlength=-1', 400],
      ['contentlength=many', 400],
      [`contentlength=5&contenttype=${encodeURIComponent('a/b\r\nx-amz-acl: public-read')}`, 400],
      ['contentlength=5&contenttype=pdf', 400],
    ] as const)
      assert.equal(((await presign(more)) as unknown as Answer)['status'], status, more);
  });

  it('takes either link as the source of an operation, however it is written', async () => {
    const { presignedUrl, url } = await sent();
    const reads = () => between.seen.filter(({ path }) => path.includes('X-Amz-Signature')).length;
    const count = reads();
    for (const source of [url, presignedUrl, encodeURIComponent(presignedUrl)]) {
      // Pasted as it is, as some programs do, it ends at its first `&`.
      const merged = await call(`/pdf/merge?url=${source}`);
      assert.equal(merged['pageCount'], 1, String(merged['message']));
    }
    assert.equal((await post('/pdf/merge', { url: `${presignedUrl},${url}` }))['pageCount'], 2);
    const hash = createHash('md5').update(pdf).digest('hex');
    for (const link of [url, presignedUrl])
      assert.equal((await post('/file/hash', { url: link }))['hash'], hash);
    assert.match(
      String((await post('/file/upload/url', { url: presignedUrl }))['url']),
      /\/files\/[\w-]+\/my_file\.pdf$/,
    );
    assert.equal(reads(), count, 'nothing was asked for by its link');
  });

  it('gives what was sent last', async () => {
    const { presignedUrl, url } = await sent();
    await (await fetch(url)).arrayBuffer();
    const other = Buffer.from(pdf);
    other[other.length - 1] = (other.at(-1) as number) ^ 1;
    assert.equal(await send(presignedUrl, other), 200);
    assert.ok(other.equals(Buffer.from(await (await fetch(url)).arrayBuffer())));
  });

  it('takes no upload itself that was meant for the bucket', async () => {
    const { presignedUrl } = await presign();
    const path = /\/files\/(.*)\?/.exec(presignedUrl)?.[1];
    assert.equal(await send(`${server.base}/upload/${path}`), 403);
  });

  it('gives the files of one key to no other, by neither link', async () => {
    const { presignedUrl, url } = await sent();
    for (const link of [presignedUrl, url]) {
      const merged = await post('/pdf/merge', { url: link }, second);
      assert.equal(merged['status'], 404);
      assert.equal((await post('/file/hash', { url: link }, second))['status'], 404);
      assert.equal((await post('/file/delete', { url: link }, second))['status'], 404);
    }
    // Changed by a letter it is a link of somebody else, to an address that is not public.
    const changed = presignedUrl.replace(
      /\/files\/./,
      (text) => text.slice(0, -1) + (text.endsWith('A') ? 'B' : 'A'),
    );
    assert.equal((await post('/pdf/merge', { url: changed }))['status'], 404);
    assert.equal((await fetch(url)).status, 200);
  });

  it('deletes by either link, asked for before or not', async () => {
    for (const which of ['presignedUrl', 'url'] as const) {
      const links = await sent();
      assert.equal((await post('/file/delete', { url: links[which] }))['status'], 200);
      assert.equal((await fetch(links.url)).status, 404);
      assert.equal((await post('/file/delete', { url: links[which] }))['status'], 404);
    }
  });

  it('counts what is to come for the quota of a key', async () => {
    const made = await octavo('keys', 'create', 'third');
    const [key, id] = [/^\S{20,}$/m, /(?<=Key )\d+/].map((form) => form.exec(made)?.[0] ?? '') as [
      string,
      string,
    ];
    await octavo('keys', 'quota', id, '1', '0');
    const half = `contentlength=${600 * 1024}`;
    assert.ok((await presign(half, key)).presignedUrl.startsWith(between.endpoint));
    assert.equal(((await presign(half, key)) as unknown as Answer)['status'], 402);
  });

  it('has one sound version after it died while it was made', async () => {
    const { url } = await sent();
    const count = (await bucket.names()).length;
    const { port } = new URL(server.base);
    printed += server.printed();
    // The copy is made and its answer lost; who asks for it again dies.
    let copies = 0;
    between.fault = ({ method, path }) => {
      if (method !== 'PUT' || !/\.[0-9a-f]{64}\?x-id=CopyObject/.test(path)) return undefined;
      if (++copies === 1) return 'lost';
      server.process.kill('SIGKILL');
      return 'reset';
    };
    await assert.rejects(fetch(url));
    if (server.process.exitCode === null && server.process.signalCode === null)
      await once(server.process, 'exit');
    between.fault = () => undefined;
    server = await startOctavo(join(root, 'data'), env, Number(port));
    for (let look = 0; look < 2; look++)
      assert.ok(pdf.equals(Buffer.from(await (await fetch(url)).arrayBuffer())));
    assert.equal((await bucket.names()).length, count + 1);
  });

  it('writes no link and no credential to its log', () => {
    printed += server.printed();
    assert.match(printed, /get-presigned-url/);
    assert.doesNotMatch(printed, /X-Amz|Signature|\.incoming|OCTAVOSECRET/);
    assert.doesNotMatch(printed, new RegExp(process.env['AWS_SECRET_ACCESS_KEY'] ?? '$^'));
  });

  it('is looked at by the doctor, with what was sent and never asked for', async () => {
    await sent();
    await server.stop();
    const doctor = [octavoBin, 'doctor', '--data-dir', join(root, 'data')];
    const { stdout } = await run(process.execPath, doctor, { env: { ...process.env, ...env } }).catch(
      (error: { stdout: string }) => error,
    );
    const count = (await bucket.names()).filter((name) => !name.endsWith('.deleted')).length;
    assert.match(stdout, new RegExp(`${count} stored, and each is known`));
    await assert.rejects(
      octavo('doctor', '--uploads', 'direct'),
      /OCTAVO_UPLOADS=direct needs OCTAVO_STORAGE/,
    );
  });
});
