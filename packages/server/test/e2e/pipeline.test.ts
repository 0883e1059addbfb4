import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesSource, info } from '@octavo/pdf';
import { manyPagesPdf, onePagePdf } from '../program/document.ts';
import { type Answer, served } from '../program/served.ts';

describe('a pipeline, from outside', () => {
  const octavo = served();

  const post = (body: string | FormData) => octavo.post('/v1/pipeline', body);
  const pages = async (link: unknown) => info(bytesSource(await octavo.bytesOf(link))).pageCount;

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
      await octavo.client.upload('a.pdf', onePagePdf('a')),
      await octavo.client.upload('b.pdf', Buffer.from('no PDF')),
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
    do asked = await octavo.client.json(`/job/check?jobid=${String(jobId)}`);
    while (asked['status'] === 'working');
    assert.deepEqual([asked['status'], asked['message']], ['failed', message]);
  });

  it('is refused with the step that names no file of ours, or no operation', async () => {
    const url = await octavo.client.upload('a.pdf', onePagePdf('a'));
    const first = { operation: 'pdf/merge', url };
    const says = async (step: object) =>
      String((await post(JSON.stringify({ steps: [first, step] })))['message']);
    assert.match(
      await says({ operation: 'pdf/merge', url: `result,${octavo.base}/files/nonsense/a.pdf` }),
      /^Step 2 \(pdf\/merge\): A link in "url" /,
    );
    assert.match(await says({ operation: 'pdf/nonsense' }), /^Step 2: The field "operation" .* pdf\/merge/);
  });
});
