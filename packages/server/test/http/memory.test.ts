import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const megabyte = 1024 * 1024;
const growthMax = 64 * megabyte;

/** Memory of the server while large files come in. The sizes are set by the growth that is promised, not by what is typical. */
describe('memory of the server', () => {
  let child: ChildProcess;
  let base: string;
  before(async () => {
    child = fork(fileURLToPath(new URL('memory-child.ts', import.meta.url)), [tmpdir()], {
      // The second as bin/octavo.js sets it.
      execArgv: ['--conditions=octavo-source', '--semi-space-growth-factor=1'],
    });
    const [{ port }] = (await once(child, 'message')) as [{ port: number }];
    base = `http://127.0.0.1:${port}`;
    // What is loaded and compiled by the first upload is no growth by the size.
    await upload(await presign(), 8, '', '');
    await upload(`${base}/pdf/merge`, 8, ...form);
    await upload(`${base}/file/upload/base64`, 8, ...base64Form, 'octavo01');
  });
  after(async () => {
    child.send('stop');
    await once(child, 'exit');
  });
  const ask = async (message: string): Promise<number> => {
    child.send(message);
    const [{ peakBytes }] = (await once(child, 'message')) as [{ peakBytes: number }];
    return peakBytes;
  };
  const presign = async (): Promise<string> => {
    const answer = await fetch(`${base}/file/upload/get-presigned-url?name=a.pdf`);
    return ((await answer.json()) as { presignedUrl: string }).presignedUrl;
  };
  /** The least of a few times: what is garbage by then, and not collected yet, depends on what else the machine does. */
  const growth = async (work: () => Promise<void>): Promise<number> => {
    let least = Infinity;
    for (let time = 0; time < 3 && least >= growthMax; time++) {
      const start = await ask('reset');
      await work();
      least = Math.min(least, (await ask('peak')) - start);
    }
    return least;
  };

  it('grows by less than 64 MB while a file of 1 GB is uploaded', async (t) => {
    const link = await presign();
    const grown = await growth(() => upload(link, 1024, '', ''));
    t.diagnostic(`grew by ${Math.round(grown / megabyte)} MB`);
    assert.ok(grown < growthMax, `grew by ${Math.round(grown / megabyte)} MB`);
  });

  it('grows by less than 64 MB while a file of 400 MB comes as a part of a call', async (t) => {
    const grown = await growth(() => upload(`${base}/pdf/merge`, 400, ...form));
    t.diagnostic(`grew by ${Math.round(grown / megabyte)} MB`);
    assert.ok(grown < growthMax, `grew by ${Math.round(grown / megabyte)} MB`);
  });

  it('grows by less than 64 MB while 400 MB of base64 come as a part', async (t) => {
    const link = `${base}/file/upload/base64`;
    const grown = await growth(() => upload(link, 400, ...base64Form, 'octavo01'));
    t.diagnostic(`grew by ${Math.round(grown / megabyte)} MB`);
    assert.ok(grown < growthMax, `grew by ${Math.round(grown / megabyte)} MB`);
  });
});

const base64Form = [
  '--edge\r\nContent-Disposition: form-data; name="file"\r\n\r\n',
  '\r\n--edge--\r\n',
] as const;

const form = [
  '--edge\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n',
  '\r\n--edge\r\nContent-Disposition: form-data; name="async"\r\n\r\ntrue\r\n--edge--\r\n',
] as const;

/** Sends so many megabytes between a head and a tail, and expects 200. */
async function upload(
  url: string,
  megabytes: number,
  head: string,
  tail: string,
  text = 'bytes of a document\r\n-',
): Promise<void> {
  const sent = request(url, { method: new URL(url).pathname.startsWith('/upload/') ? 'PUT' : 'POST' });
  const answered = once(sent, 'response');
  sent.write(head);
  const chunk = Buffer.alloc(megabyte, text);
  for (let count = 0; count < megabytes; count++) if (!sent.write(chunk)) await once(sent, 'drain');
  sent.end(tail);
  const [response] = (await answered) as [IncomingMessage];
  response.resume();
  assert.equal(response.statusCode, 200);
  await once(response, 'close');
}
