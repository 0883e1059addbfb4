/** Every example of every call, run as it stands in the documentation. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { calls } from '../../src/calls/index.ts';
import type { Client } from '../program/client.ts';
import { sendAs } from '../program/forms-of-request.ts';
import { sampleOf } from '../program/samples.ts';
import { served } from '../program/served.ts';

/** How fields are sent by each method. */
const formsOf = { GET: ['query'], POST: ['JSON', 'form', 'multipart'], DELETE: ['DELETE'] } as const;

describe('the examples of calls', () => {
  const octavo = served();
  /** Of an admin; the other calls of this server need none, and take any. */
  let key: string;
  before(async () => {
    key = /^oct_\S+$/m.exec(await octavo.command('keys', 'create', '--admin', 'examples'))?.[0] ?? '';
  });

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
            octavo.base + call.path,
            await filled(octavo.client, example.request),
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
