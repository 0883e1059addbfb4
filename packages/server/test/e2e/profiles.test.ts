import assert from 'node:assert/strict';
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { describe, it } from 'node:test';
import { bytesSource, info } from '@octavo/pdf';
import { startReceiver } from '../net/receiver.ts';
import { manyPagesPdf, onePagePdf } from '../program/document.ts';
import { type Answer, served } from '../program/served.ts';

const key = 'HelloThisKey1234';
const iv = '0mDI&qLv*ivTCd$*';
const longKey = 'Qweasd1234567890Qweasd1234567890';

function encrypted(bytes: Uint8Array, algorithm = 'aes-128-cbc', by = key): Buffer {
  const cipher = createCipheriv(algorithm, by, iv);
  return Buffer.concat([cipher.update(bytes), cipher.final()]);
}

function decrypted(bytes: Uint8Array, algorithm = 'aes-128-cbc', by = key): Buffer {
  const decipher = createDecipheriv(algorithm, by, iv);
  return Buffer.concat([decipher.update(bytes), decipher.final()]);
}

const opens = { DataDecryptionAlgorithm: 'AES128', DataDecryptionKey: key, DataDecryptionIV: iv };
const seals = { DataEncryptionAlgorithm: 'AES256', DataEncryptionKey: longKey, DataEncryptionIV: iv };

describe('profiles, from outside', { timeout: 120_000 }, () => {
  const octavo = served({
    OCTAVO_ALLOW_SOURCES: '127.0.0.0/8',
    OCTAVO_LOG_LEVEL: 'debug',
  });

  const pages = (bytes: Uint8Array) => info(bytesSource(bytes)).pageCount;
  const ended = async ({ jobId }: Answer): Promise<Answer> => {
    for (;;) {
      const state = await octavo.client.json(`/job/check?jobid=${String(jobId)}`);
      if (state['status'] !== 'working') return state;
    }
  };

  it('are read in the spellings of JSON, of a query and of a form', async () => {
    const url = await octavo.client.upload('a.pdf', onePagePdf('a'));
    const form = new FormData();
    form.append('url', url);
    form.append(
      'profiles',
      '\uFEFF{\r\n  "profiles": [\r\n    { "profile1": { "ImageOptimizationFormat": "JBIG2", // why\r\n } }\r\n  ]\r\n}',
    );
    const answers = [
      await octavo.post('/pdf/optimize', { url, profiles: { imageOptimizationFormat: 'jbig2' } }),
      await octavo.client.json(
        `/v1/pdf/optimize?url=${url}&profiles={%20'profiles':[{'profile1':{'ImageOptimizationFormat':'JBIG2'}}]}`,
      ),
      await octavo.post('/pdf/optimize', form),
    ];
    for (const { error, warnings } of answers) {
      assert.equal(error, false);
      assert.deepEqual(warnings, ['profiles: CCITT G4 is written for pictures of one bit, not JBIG2.']);
    }
    const refused = await octavo.post('/pdf/optimize', { url, profiles: "'JPEGQuality': '250'" });
    assert.equal(refused['status'], 444);
    assert.match(String(refused['message']), /profiles\.JPEGQuality must be a whole number from 0 to 100/);
  });

  it('warn of keys that are not known, to who waits and to who asks', async () => {
    const url = await octavo.client.upload('a.pdf', onePagePdf('a'));
    const profiles = "{ 'TextFromImagesAndVectorsAndFonts': '|' }";
    const warnings = ['profiles: TextFromImagesAndVectorsAndFonts is not known here.'];
    for (const path of ['/pdf/optimize', '/pdf/merge']) {
      assert.deepEqual((await octavo.post(path, { url, profiles }))['warnings'], warnings);
      assert.deepEqual(
        (await ended(await octavo.post(path, { url, profiles, async: true })))['warnings'],
        warnings,
      );
    }
  });

  it('bring fields of the request along, which are looked at as all are', async () => {
    await using receiver = await startReceiver((response) => response.writeHead(200).end());
    const url = await octavo.client.upload('a.pdf', onePagePdf('a'));
    const std_params = { callback: receiver.at('/hook'), async: 'True', name: 'inside.pdf', url };
    const accepted = await octavo.post('/pdf/merge', {
      url: 'http://10.0.0.1/',
      name: 'outside.pdf',
      profiles: { std_params },
    });
    assert.deepEqual([accepted['error'], accepted['name']], [false, 'inside.pdf']);
    await receiver.count(1);
    assert.equal(JSON.parse(receiver.received[0]?.body ?? '').jobId, accepted['jobId']);

    const unknown = `${octavo.base}/files/nonsense/a.pdf`;
    const { error, message } = await octavo.post('/pdf/merge', {
      url,
      profiles: { std_params: { url: unknown } },
    });
    assert.equal(error, true);
    assert.match(String(message), /"url"/);
  });

  it('open sources that are encrypted, and encrypt what comes of them', async () => {
    const links = [
      await octavo.client.upload('a.bin', encrypted(onePagePdf('a'))),
      await octavo.client.upload('b.bin', encrypted(manyPagesPdf(300))),
    ];
    const answer = await octavo.post('/pdf/merge', { url: links, profiles: { ...opens, ...seals } });
    assert.deepEqual([answer['error'], answer['pageCount'], answer['warnings']], [false, 301, undefined]);
    const stored = await octavo.bytesOf(answer['url']);
    assert.notEqual(stored.toString('latin1', 0, 5), '%PDF-');
    assert.equal(pages(decrypted(stored, 'aes-256-cbc', longKey)), 301);
    // The stored source is what it was.
    assert.equal(pages(decrypted(await octavo.bytesOf(links[1]))), 300);
  });

  it('say so where a key opens nothing, and tell nobody the key', async () => {
    const plain = await octavo.client.upload('a.pdf', Buffer.concat([onePagePdf('a'), Buffer.from('odd')]));
    const refused = await octavo.post('/pdf/merge', { url: plain, profiles: opens });
    assert.equal(refused['status'], 441);
    assert.match(String(refused['message']), /cannot be decrypted: .*DataDecryptionKey/);
    const other = await octavo.client.upload('b.bin', encrypted(onePagePdf('a'), 'aes-256-cbc', longKey));
    const wrong = await octavo.post('/pdf/merge', { url: other, profiles: opens });
    assert.ok([441, 442].includes(Number(wrong['status'])), JSON.stringify(wrong));
    const short = await octavo.post('/pdf/merge', {
      url: plain,
      profiles: { ...opens, DataDecryptionKey: 'short k3y' },
    });
    assert.equal(short['status'], 444);
    assert.match(String(short['message']), /profiles\.DataDecryptionKey must be text of 16 bytes/);
    const said = JSON.stringify([refused, wrong, short]) + octavo.printed();
    for (const secret of [key, longKey, iv, 'short k3y']) assert.ok(!said.includes(secret));
  });

  it('store results as base64 text, also of each of several files and of what was encrypted', async () => {
    const url = await octavo.client.upload('a.pdf', manyPagesPdf(300));
    const base64 = { outputDataFormat: 'Base64' };
    const one = (
      await octavo.bytesOf((await octavo.post('/pdf/merge', { url, profiles: base64 }))['url'])
    ).toString();
    assert.match(one, /^[A-Za-z0-9+/]{1000,}={0,2}$/);
    assert.equal(pages(Buffer.from(one, 'base64')), 300);

    const split = await octavo.post('/pdf/split', { url, pages: '1-2,3', profiles: { ...base64, ...seals } });
    const counts = await Promise.all(
      (split['urls'] as string[]).map(async (link) => {
        const text = (await octavo.bytesOf(link)).toString();
        return pages(decrypted(Buffer.from(text, 'base64'), 'aes-256-cbc', longKey));
      }),
    );
    assert.deepEqual(counts, [2, 1]);
  });

  it('seal a value in storage, not in the answer that waits for it', async () => {
    const url = await octavo.client.upload('a.pdf', onePagePdf('a'));
    const profiles = { ...seals, outputDataFormat: 'base64' };
    const answered = await octavo.post('/pdf/info', { url, profiles });
    assert.equal((answered['info'] as Answer)['PageCount'], 1);
    const { url: link } = await ended(await octavo.post('/pdf/info', { url, profiles, async: true }));
    const text = (await octavo.bytesOf(link)).toString();
    const value = decrypted(Buffer.from(text, 'base64'), 'aes-256-cbc', longKey).toString();
    assert.deepEqual(JSON.parse(value), answered['info']);
  });

  it('of a pipeline open the sources of its steps, and seal its result alone', async () => {
    const url = await octavo.client.upload('a.bin', encrypted(onePagePdf('a')));
    const answer = await octavo.post('/pipeline', {
      url,
      steps: [
        { operation: 'pdf/merge' },
        { operation: 'pdf/optimize' },
        { operation: 'pdf/merge', url: ['result', url] },
      ],
      profiles: { ...opens, ...seals, JPEGQuality: 30, Colour: 1 },
    });
    assert.deepEqual(answer['warnings'], ['profiles: Colour is not known here.']);
    assert.equal(pages(decrypted(await octavo.bytesOf(answer['url']), 'aes-256-cbc', longKey)), 2);
  });
});
