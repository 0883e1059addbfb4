import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { until } from '../database/harness.ts';
import { Client } from '../program/client.ts';
import { manyPagesPdf, onePagePdf } from '../program/document.ts';
import { boxes, isAlive } from '../program/processes.ts';
import { type Running, startOctavo } from '../program/server.ts';

describe('DELETE /jobs/ID', () => {
  let root: string;
  let server: Running;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'octavo-cancel-'));
    server = await startOctavo(join(root, 'data'), { OCTAVO_WORKERS: '1' });
  });
  after(async () => {
    await server.stop();
    await rm(root, { recursive: true, force: true });
  });

  it('ends the box of a job that runs, and the next job runs in another one', async () => {
    const client = new Client(server.base);
    const large = await client.upload('large.pdf', manyPagesPdf(60_000));
    const [box] = boxes(server.process.pid as number, 'octavo');
    assert.ok(box !== undefined);
    const sources = Array.from({ length: 20 }, () => large).join(',');
    const { jobId, url } = await client.json(`/pdf/merge?async=true&url=${sources}`);
    // Where its results go is there: it has its call.
    const jobs = join(root, 'data', 'jobs');
    await until(async () =>
      (await readdir(jobs, { recursive: true })).some((name) => name.includes('/made-')),
    );
    const cancelled = await client.send('DELETE', `${server.base}/jobs/${String(jobId)}`);
    assert.equal((JSON.parse(cancelled.body.toString()) as { status: string }).status, 'aborted');
    await until(() => !isAlive(box));
    assert.equal((await client.send('GET', String(url))).status, 404);
    await client.mergeTwo(onePagePdf('a'), onePagePdf('b'), 20);
    const state = await client.send('GET', `${server.base}/jobs/${String(jobId)}`);
    assert.equal((JSON.parse(state.body.toString()) as { status: string }).status, 'aborted');
    client.close();
  });

  it('holds where the server is killed: what was told to be aborted stays so, and nothing is aborted and a success', async () => {
    for (const answered of [true, false, false]) {
      const client = new Client(server.base);
      const large = await client.upload('large.pdf', manyPagesPdf(20_000));
      const { jobId, url } = await client.json(`/pdf/merge?async=true&url=${large},${large},${large}`);
      const cancelling = client.send('DELETE', `${server.base}/jobs/${String(jobId)}`).catch(() => undefined);
      if (answered) assert.equal((await cancelling)?.status, 200);
      const gone = once(server.process, 'exit');
      server.process.kill('SIGKILL');
      const told = (await cancelling)?.status === 200;
      await gone;
      client.close();
      server = await startOctavo(join(root, 'data'), { OCTAVO_WORKERS: '1' });
      const later = new Client(server.base);
      const link = `${server.base}/jobs/${String(jobId)}?wait=25`;
      const state = JSON.parse((await later.send('GET', link)).body.toString()) as { status: string };
      assert.ok(['aborted', ...(told ? [] : ['success'])].includes(state.status), state.status);
      const result = await later.send('GET', server.base + new URL(String(url)).pathname);
      assert.equal(result.status, state.status === 'success' ? 200 : 404);
      later.close();
    }
  });
});
