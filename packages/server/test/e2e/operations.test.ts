/** Every example of every operation, sent in each form, waited for or not: all have to come to the same result. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { bytesSource, info } from '@octavo/pdf';
import { operations } from '../../src/operations/index.ts';
import type { Example, ResultShape } from '../../src/operations/operation.ts';
import { startReceiver } from '../net/receiver.ts';
import { sendAs } from '../program/forms-of-request.ts';
import { filled } from '../program/samples.ts';
import { served } from '../program/served.ts';

type Members = Readonly<Record<string, unknown>>;

/** Keys are drawn at random: of these results only what opens with the password is compared. */
const random = 'ownerPassword';

describe('the examples of operations', { timeout: 1_800_000 }, () => {
  const octavo = served({
    OCTAVO_ALLOW_SOURCES: '127.0.0.0/8',
    // To start a browser may take long on a machine that is busy.
    OCTAVO_SYNC_WAIT_SECONDS: '300',
  });

  /** The answer to an example that is waited for. */
  async function answerTo(form: string, path: string, values: readonly [string, string][]): Promise<Members> {
    const answer = await sendAs(form, octavo.base + path, values, '');
    const members = (await answer.json()) as Members;
    assert.equal(answer.status, 200, String(members['message']));
    return members;
  }

  for (const operation of operations.values()) {
    const { path, examples } = operation;
    it(`${path} has some, and each says what it expects`, () => {
      assert.ok(examples.length > 0);
      for (const { expect } of examples) assert.ok(Object.keys(expect).length > 0);
    });
    for (const example of examples) {
      it(`${path}: ${example.title}`, async (t) => {
        const values = await filled(octavo.client, example);
        const asked = await sendAs('query', octavo.base + path, values, '');
        const first = (await asked.json()) as Members;
        // What a program of the system does is skipped where there is none.
        if (asked.status === 501 && process.env['OCTAVO_REQUIRE_ENGINES'] !== '1')
          return t.skip(String(first['message']));
        assert.partialDeepStrictEqual(first, { error: false, status: 200, ...example.expect });
        assert.equal(typeof first['remainingCredits'], 'number');
        const shape = operation.shapeOf(
          operation.parse(new Map(values.map(([key, value]) => [key.toLowerCase(), [value]]))),
        );
        const expected = await resultOf(shape, first, example);
        for (const form of ['JSON', 'form', 'multipart']) {
          const answer = await answerTo(form, `/v1${path}`, values);
          assert.deepEqual(await resultOf(shape, answer, example), expected, form);
        }

        const accepted = await answerTo('JSON', path, [...values, ['async', 'True']]);
        const { jobId, url } = accepted as { jobId: string; url: string };
        await octavo.client.waitFor(jobId, 5);
        const checked = await octavo.client.json(`/job/check?jobid=${jobId}`);
        assert.deepEqual([checked['status'], checked['error'], checked['url']], ['success', false, url]);
        assert.deepEqual(checked['pageCount'], first['pageCount']);
        assert.deepEqual(checked['warnings'], first['warnings']);
        if (typeof shape.answers === 'object') assert.deepEqual(checked[shape.answers.member], expected);
        assert.deepEqual(await storedResult(shape, url, example), expected, 'async');

        await using receiver = await startReceiver((response) => response.writeHead(200).end());
        await answerTo('JSON', path, [...values, ['async', 'true'], ['callback', receiver.at('/done')]]);
        await receiver.count(1);
        const told = JSON.parse(receiver.received[0]?.body ?? '') as Members;
        assert.deepEqual([told['status'], told['pageCount']], ['success', first['pageCount']]);
        assert.deepEqual(await storedResult(shape, String(told['url']), example), expected, 'callback');
      });
    }
  }

  /** What a synchronous answer came to, so that it can be compared. */
  async function resultOf({ answers }: ResultShape, answer: Members, example: Example): Promise<unknown> {
    if (answers === 'url') return contentOf(String(answer['url']), example);
    assert.equal(answer['url'], undefined);
    if (answers !== 'urls') return answer[answers.member];
    return contentsOf(answer['urls'] as string[], example);
  }

  /** The same of what lies behind the `url` of an asynchronous one. */
  async function storedResult(
    { answers, makes }: ResultShape,
    url: string,
    example: Example,
  ): Promise<unknown> {
    if (answers === 'url') return contentOf(url, example);
    const got = await fetch(url);
    if (answers !== 'urls' && answers.dataUri !== undefined)
      return `data:${answers.dataUri};base64,${Buffer.from(await got.arrayBuffer()).toString('base64')}`;
    if (answers !== 'urls' && makes !== 'json') return got.text();
    assert.equal(got.headers.get('content-type'), 'application/json');
    const value: unknown = await got.json();
    return answers === 'urls' ? contentsOf(value as string[], example) : value;
  }

  async function contentsOf(links: readonly string[], example: Example): Promise<unknown> {
    assert.ok(Array.isArray(links));
    return Promise.all(links.map(async (link) => [link.split('/').at(-1), await contentOf(link, example)]));
  }

  async function contentOf(link: string, { request }: Example): Promise<unknown> {
    const { status, body } = await octavo.client.send('GET', link);
    assert.equal(status, 200);
    if (!body.subarray(0, 5).equals(Buffer.from('%PDF-')))
      return createHash('sha256').update(body).digest('hex');
    const { pages, encryption, information } = info(bytesSource(body), { password: request['userPassword'] });
    const { title, producer, created } = information;
    // Programs of the system write the time into what they make.
    const isDated = Date.now() - Date.parse(created?.iso ?? '') < 3_600_000;
    if (!isDated && !JSON.stringify(request).includes(random))
      return createHash('sha256').update(body).digest('hex');
    return { pages, encryption, title, producer };
  }
});
