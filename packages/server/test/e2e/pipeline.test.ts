import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { bytesSource, info } from '@octavo/pdf';
import { Client } from '../program/client.ts';
import { manyPagesPdf, onePagePdf } from '../program/document.ts';
import { type Running, startOctavo } from '../program/server.ts';

type Answer = Readonly<Record<string, unknown>>;

describe('a pipeline, from outside', () => {
  let root: string;
  let server: Running;
  let client: Client;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'octavo-pipeline-'));
    server = await startOctavo(join(root, 'data'));
    client = new Client(server.base);
  });
  after(async () => {
    client.close();
    await server.stop();
    await rm(root, { recursive: true, force: true });
  });

  const post = async (body: string | FormData): Promise<Answer> =>
    (await (await fetch(`${server.base}/v1/pipeline`, { method: 'POST', body })).json()) as Answer;
  const pages = async (link: unknown) =>
    info(bytesSource((await client.send('GET', String(link))).body)).pageCount;

  it('takes the files of a form', async () => {
    const form = new FormData();
    form.append('steps', '[{operation: "pdf/merge"}, {operation: "pdf/merge", url: "result,result"}]');
    form.append('name', 'folder/twice');
    for (const count of [1, 2])
      form.append('file', new Blob([new Uint8Array(manyPagesPdf(count))]), `${count}.pdf`);
    const { error, url, pageCount, name, credits } = await post(form);
    assert.deepEqual(
      { error, pageCount, name, credits },
      { error: false, pageCount: 6, name: 'twice.pdf', credits: 1 },
    );
    assert.equal(await pages(url), 6);
  });

  it('names the step that fails, to who waits and to who asks', async () => {
    const [good, bad] = [
      await client.upload('a.pdf', onePagePdf('a')),
      await client.upload('b.pdf', Buffer.from('no PDF')),
    ];
    const steps = [
      { operation: 'pdf/merge', url: [good, good] },
      { operation: 'pdf/merge', url: ['result', bad] },
    ];
    const { error, status, message } = await post(JSON.stringify({ steps }));
    assert.deepEqual([error, status], [true, 442]);
    assert.match(String(message), /^Step 2 \(pdf\/merge\): The document .*is not a PDF/);
    const { jobId } = await post(JSON.stringify({ steps, async: true }));
    let asked: Answer;
    do asked = await client.json(`/job/check?jobid=${String(jobId)}`);
    while (asked['status'] === 'working');
    assert.deepEqual([asked['status'], asked['message']], ['failed', message]);
  });

  it('is refused with the step that names no file of ours, or no operation', async () => {
    const url = await client.upload('a.pdf', onePagePdf('a'));
    const first = { operation: 'pdf/merge', url };
    const says = async (step: object) =>
      String((await post(JSON.stringify({ steps: [first, step] })))['message']);
    assert.match(
      await says({ operation: 'pdf/merge', url: `result,${server.base}/files/nonsense/a.pdf` }),
      /^Step 2 \(pdf\/merge\): A link in "url" /,
    );
    assert.match(await says({ operation: 'pdf/nonsense' }), /^Step 2: The field "operation" .* pdf\/merge/);
  });
});
