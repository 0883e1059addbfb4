/** Every example of every operation, run as it stands in the documentation. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { bytesSource, info } from '@octavo/pdf';
import { operations } from '../../src/operations/index.ts';
import { Client } from '../program/client.ts';
import { manyPagesPdf, onePagePdf } from '../program/document.ts';
import { type Running, startOctavo } from '../program/server.ts';

const samples: Readonly<Record<string, () => Buffer>> = {
  'one-page.pdf': () => onePagePdf('one'),
  'two-pages.pdf': () => manyPagesPdf(2),
};

describe('the examples of the operations', () => {
  let root: string;
  let server: Running;
  let client: Client;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'octavo-examples-'));
    server = await startOctavo(join(root, 'data'));
    client = new Client(server.base);
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
});

/** One field of the query, with each `sample:<name>` uploaded and its link in its place. */
async function sent(client: Client, name: string, value: string): Promise<string> {
  const items = value.split(',').map(async (item) => {
    const sample = /^sample:(.+)$/.exec(item)?.[1];
    if (sample === undefined) return item;
    const make = samples[sample];
    assert.ok(make !== undefined, `there is no sample ${sample}`);
    return client.upload(sample, make());
  });
  return `${name}=${(await Promise.all(items)).join(',')}`;
}
