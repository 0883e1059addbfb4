/** Every example of every operation and call, run as it stands in the documentation. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { bytesSource, info } from '@octavo/pdf';
import { calls } from '../../src/calls/index.ts';
import { operations } from '../../src/operations/index.ts';
import { Client } from '../program/client.ts';
import { manyPagesPdf, onePagePdf } from '../program/document.ts';
import { octavoBin, type Running, startOctavo } from '../program/server.ts';

const samples: Readonly<Record<string, () => Buffer>> = {
  'one-page.pdf': () => onePagePdf('one'),
  'two-pages.pdf': () => manyPagesPdf(2),
  'hello.txt': () => Buffer.from('Hello\n'),
};

/** How fields are sent by each method. */
const formsOf = { GET: ['query'], POST: ['JSON', 'form', 'multipart'], DELETE: ['DELETE'] } as const;

describe('the examples', () => {
  let root: string;
  let server: Running;
  let client: Client;
  /** Of an admin; the other calls of this server need none, and take any. */
  let key: string;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'octavo-examples-'));
    server = await startOctavo(join(root, 'data'));
    client = new Client(server.base);
    const words = ['keys', 'create', '--admin', 'examples', '--data-dir', join(root, 'data')];
    const { stdout } = await promisify(execFile)(process.execPath, [octavoBin, ...words]);
    key = /^oct_\S+$/m.exec(stdout)?.[0] ?? '';
  });
  after(async () => {
    client.close();
    await server.stop();
    await rm(root, { recursive: true, force: true });
  });

  for (const operation of operations.values()) {
    it(`${operation.path} has some, and each says what it expects`, () => {
      assert.ok(operation.examples.length > 0);
      for (const { expect } of operation.examples) assert.ok(Object.keys(expect).length > 0);
    });
    for (const example of operation.examples) {
      for (const prefix of ['', '/v1']) {
        it(`${prefix}${operation.path}: ${example.title}`, async () => {
          const query = await Promise.all(
            Object.entries(example.request).map(([name, value]) => sent(client, name, value)),
          );
          const answer = await client.json(`${prefix}${operation.path}?${query.join('&')}`);
          assert.partialDeepStrictEqual(answer, { error: false, status: 200, ...example.expect });
          const result = await client.send('GET', String(answer['url']));
          assert.equal(info(bytesSource(result.body)).pageCount, example.expect.pageCount);
        });
      }
    }
  }

  for (const call of calls) {
    it(`${call.path} has some, and each says what it expects`, () => {
      assert.ok(call.examples.length > 0);
      for (const { expect } of call.examples) assert.ok(Object.keys(expect).length > 0);
    });
    for (const example of call.examples) {
      const hasPart = Object.values(example.request).some((value) => value.startsWith('part:'));
      const forms = hasPart ? ['multipart'] : call.methods.flatMap((method) => formsOf[method]);
      for (const form of forms) {
        it(`${call.path}, ${form}: ${example.title}`, async () => {
          const answer = await sendAs(
            form,
            server.base + call.path,
            await filled(client, example.request),
            key,
          );
          const members = (await answer.json()) as Record<string, unknown>;
          assert.equal(answer.status, 200, String(members['message']));
          assert.partialDeepStrictEqual(members, { error: false, ...example.expect });
          const { url } = members;
          if (url !== undefined && !('presignedUrl' in members))
            assert.equal((await fetch(String(url))).status, 200);
        });
      }
    }
  }
});

/** The values of an example with documents in the place of their names. */
async function filled(
  client: Client,
  request: Readonly<Record<string, string>>,
): Promise<[string, string | File][]> {
  return Promise.all(
    Object.entries(request).map(async ([name, value]): Promise<[string, string | File]> => {
      const [, kind, sample = ''] = /^(sample|part|base64|job):(.+)$/.exec(value) ?? [];
      if (kind === undefined) return [name, value];
      const bytes = sampleOf(sample);
      if (kind === 'sample') return [name, await client.upload(sample, bytes)];
      if (kind === 'job') return [name, await mergedBy(client, sample)];
      if (kind === 'part') return [name, new File([new Uint8Array(bytes)], sample)];
      return [name, `data:application/pdf;base64,${bytes.toString('base64')}`];
    }),
  );
}

/** The id of a job that has ended. */
async function mergedBy(client: Client, name: string): Promise<string> {
  const link = await client.upload(name, sampleOf(name));
  const { jobId } = await client.json(`/pdf/merge?async=true&url=${link}`);
  await client.waitFor(String(jobId), 20);
  return String(jobId);
}

function sendAs(
  form: string,
  pattern: string,
  all: readonly [string, string | File][],
  key: string,
): Promise<Response> {
  const inPath = ([name]: readonly [string, unknown]) => pattern.includes(`{${name}}`);
  const link = all
    .filter(inPath)
    .reduce((url, [name, value]) => url.replace(`{${name}}`, String(value)), pattern);
  const values = all.filter((one) => !inPath(one));
  const texts = values as [string, string][];
  const headers = { 'x-api-key': key };
  const post = (body: string | URLSearchParams | FormData) => fetch(link, { method: 'POST', headers, body });
  if (form === 'query') return fetch(`${link}?${new URLSearchParams(texts)}`, { headers });
  if (form === 'DELETE') return fetch(`${link}?${new URLSearchParams(texts)}`, { method: form, headers });
  if (form === 'JSON') return post(JSON.stringify(Object.fromEntries(texts)));
  if (form === 'form') return post(new URLSearchParams(texts));
  const body = new FormData();
  for (const [name, value] of values) body.append(name, value);
  return post(body);
}

/** One field of the query, with each `sample:<name>` uploaded and its link in its place. */
async function sent(client: Client, name: string, value: string): Promise<string> {
  const items = value.split(',').map(async (item) => {
    const sample = /^sample:(.+)$/.exec(item)?.[1];
    if (sample === undefined) return item;
    return client.upload(sample, sampleOf(sample));
  });
  return `${name}=${(await Promise.all(items)).join(',')}`;
}

function sampleOf(name: string): Buffer {
  const make = samples[name];
  assert.ok(make !== undefined, `there is no sample ${name}`);
  return make();
}
