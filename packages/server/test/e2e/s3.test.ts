import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { bytesSource, info } from '@octavo/pdf';
import { Client } from '../program/client.ts';
import { onePagePdf } from '../program/document.ts';
import { octavoBin, type Running, startOctavo } from '../program/server.ts';
import { bucketFor, s3, type TestBucket } from '../storage/s3-bucket.ts';

const run = promisify(execFile);
const skip = s3 === undefined && 'OCTAVO_TEST_S3 names no server';

describe('the main job, with files in S3', { skip }, () => {
  let root: string;
  let bucket: TestBucket;
  let server: Running;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'octavo-s3-'));
    bucket = await bucketFor('flow');
    server = await startOctavo(join(root, 'data'), { OCTAVO_STORAGE: bucket.setting });
  });
  after(async () => {
    await server?.stop();
    await rm(root, { recursive: true, force: true });
  });

  it('runs as it does with files on disk, and leaves none there', async () => {
    const client = new Client(server.base);
    await client.mergeTwo(onePagePdf('first'), onePagePdf('second'), 20);
    client.close();
    assert.equal((await bucket.names()).length, 3);
    for (const folder of ['partial', 'jobs', 'boxes'])
      assert.deepEqual(
        (await readdir(join(root, 'data', folder), { recursive: true })).filter((name) =>
          /pdf|^[0-9a-f]+\./.test(name),
        ),
        [],
      );
    await assert.rejects(readdir(join(root, 'data', 'files')), { code: 'ENOENT' });
    assert.match(server.printed(), /files +s3:\/\/octavo-flow/);
    assert.doesNotMatch(server.printed(), new RegExp(process.env['AWS_SECRET_ACCESS_KEY'] ?? '$^'));
  });

  it('takes and gives a large file, and parts of it', async () => {
    const client = new Client(server.base);
    const bytes = randomBytes(40 * 1024 * 1024);
    const url = await client.upload('large.bin', bytes);
    assert.ok(bytes.equals((await client.send('GET', url)).body));
    const answer = await fetch(url, { headers: { range: 'bytes=20000000-20000009' } });
    assert.equal(answer.status, 206);
    assert.ok(bytes.subarray(20_000_000, 20_000_010).equals(Buffer.from(await answer.arrayBuffer())));
    client.close();
  });

  it('sends a damaged file to nobody', async () => {
    const client = new Client(server.base);
    const url = await client.upload('a.pdf', onePagePdf('a'));
    const key = (await bucket.names()).toSorted((a, b) => versionOf(a) - versionOf(b)).at(-1) ?? '';
    const bytes = await bucket.get(key);
    bytes[9] = (bytes[9] as number) ^ 1;
    await bucket.put(key, bytes);
    const { status, body } = await client.send('GET', url);
    assert.deepEqual([status, (JSON.parse(body.toString()) as { status: number }).status], [500, 500]);
    client.close();
  });

  it('redirects downloads where the setting says so, to a link that needs nothing else', async () => {
    const client = new Client(server.base);
    const url = await client.upload('first page.pdf', onePagePdf('a'));
    client.close();
    const { port } = new URL(server.base);
    assert.equal(await server.stop(), 0);
    server = await startOctavo(
      join(root, 'data'),
      { OCTAVO_STORAGE: bucket.setting, OCTAVO_DOWNLOADS: 'redirect' },
      Number(port),
    );
    const first = await fetch(url, { redirect: 'manual' });
    assert.equal(first.status, 302);
    assert.equal(first.headers.get('cache-control'), 'no-store');
    const answer = await fetch(first.headers.get('location') ?? '');
    assert.equal(answer.headers.get('content-type'), 'application/pdf');
    assert.equal(answer.headers.get('content-disposition'), 'attachment; filename="first_page.pdf"');
    assert.equal(info(bytesSource(new Uint8Array(await answer.arrayBuffer()))).pageCount, 1);
    assert.equal((await fetch(url, { method: 'HEAD', redirect: 'manual' })).status, 200);
    // A source of our own is read from the bucket, whatever the setting.
    const merged = await fetch(`${server.base}/pdf/merge?url=${url},${url}`);
    assert.equal(((await merged.json()) as { pageCount: number }).pageCount, 2);
  });

  it('is looked at by the doctor, who names the setting that is wrong', async () => {
    await server.stop();
    const doctor = (storage: string) =>
      run(process.execPath, [octavoBin, 'doctor', '--data-dir', join(root, 'data'), '--storage', storage]);
    const { stdout } = await doctor(bucket.setting).catch((error: { stdout: string }) => error);
    assert.match(stdout, /^ok +storage +Files can be written and read/m);
    await assert.rejects(
      doctor(`s3://octavo-none?endpoint=${s3}`),
      /no such bucket: make it, or name another one in OCTAVO_STORAGE/,
    );
  });
});

function versionOf(key: string): number {
  return Number.parseInt(key.split('.')[1]?.slice(0, 13) ?? '', 36);
}
