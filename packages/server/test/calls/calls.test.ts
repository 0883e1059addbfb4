import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { calls } from '../../src/calls/index.ts';
import { Failure } from '../../src/errors.ts';
import type { Job } from '../../src/jobs/job.ts';
import { type FileLink, slotOf, tokenOf } from '../../src/links/links.ts';
import { startEdge, type TestEdge } from '../http/edge.ts';
import { bare, RawClient, send, withBody } from '../http/raw.ts';

describe('the calls', () => {
  it('stand in files of their own path', async () => {
    for (const call of calls) {
      const file = (await import(`../../src/calls${call.path.replaceAll(/[{}]/g, '')}.ts`)) as {
        default: unknown;
      };
      assert.equal(file.default, call);
    }
  });
});

describe('/job/check', () => {
  let edge: TestEdge;
  let id: string;
  before(async () => {
    edge = await startEdge();
    id = (await send(edge.port, bare('GET /pdf/merge?async=1&url=http://a/b&name=merged'))).json().jobId;
  });
  after(() => edge.stop());
  const check = async (sent: string | Buffer) => {
    const answer = await send(edge.port, sent);
    assert.equal(answer.status, 200);
    const body = answer.json();
    assert.deepEqual([typeof body.status, typeof body.error], ['string', 'boolean']);
    return body;
  };
  const set = (changes: Partial<Job>) =>
    edge.queue.jobs.set(id, { ...(edge.queue.jobs.get(id) as Job), ...changes });
  const part = (name: string) =>
    `--e\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${id}\r\n--e--`;

  it('reads the id however it is sent', async () => {
    const forms = [
      bare(`GET /job/check?jobid=${id}`),
      bare(`GET /v1/job/check?jobId=${id.toUpperCase()}`),
      bare(`POST /job/check?JOBID=%20${id.replaceAll('-', '')}+`),
      withBody('POST /job/check', ['Content-Type: application/json'], `{"jobid":"${id}"}`),
      withBody('POST /job/check', [], `{"jobId":"${id}"}`),
      withBody('POST /job/check', ['Content-Type: application/x-www-form-urlencoded'], `jobid=${id}`),
      withBody('POST /job/check', ['Content-Type: multipart/form-data; boundary=e'], part('jobid')),
    ];
    for (const sent of forms) {
      assert.deepEqual(await check(sent), {
        status: 'working',
        progress: 0,
        stage: 'waiting',
        jobId: id,
        error: false,
        remainingCredits: 1_000_000,
      });
    }
  });

  it('says "working" while the job waits, and while it runs', async () => {
    for (const status of ['waiting', 'working'] as const) {
      set({ status });
      assert.equal((await check(bare(`GET /job/check?jobid=${id}`))).status, 'working');
    }
  });

  describe('of a job whose answer holds its result', () => {
    const store = async (bytes: string) => {
      const token = tokenOf(await edge.file(bytes, 'result')) ?? '';
      const stored = await edge.storage.find(slotOf(edge.links.read(token) as FileLink));
      return { storageKey: stored?.key ?? '', sizeBytes: bytes.length };
    };
    const checkResult = async (bytes: string, isText: boolean, gone = false) => {
      const stored = gone ? { storageKey: '', sizeBytes: 9 } : await store(bytes);
      const inline = { member: 'body', isText };
      set({ status: 'success', outcome: { ...stored, pageCount: 1, warnings: [], inline } });
      return check(bare(`GET /job/check?jobid=${id}`));
    };

    it('has it too: text as it is, JSON as its value', async () => {
      assert.equal((await checkResult('"a",\r\n', true)).body, '"a",\r\n');
      assert.deepEqual((await checkResult('{"document":{}}', false)).body, { document: {} });
    });

    it('has its link alone where it is longer than 1 MB, or was deleted', async () => {
      assert.equal((await checkResult('x'.repeat(1024 * 1024), true)).body.length, 1024 * 1024);
      for (const answer of [
        await checkResult('x'.repeat(1024 * 1024 + 1), true),
        await checkResult('', true, true),
      ]) {
        assert.equal(answer.body, undefined);
        assert.match(answer.url, /^http/);
      }
    });
  });

  it('says "success" with the link that was promised', async () => {
    const started = edge.nowMs + 500;
    set({
      status: 'success',
      startedAt: new Date(started),
      endedAt: new Date(started + 1_200),
      outcome: { storageKey: 'k', sizeBytes: 1, pageCount: 6, warnings: [] },
      credits: 1,
    });
    const { url, ...rest } = await check(bare(`GET /job/check?jobid=${id}`));
    const token = edge.queue.jobs.get(id)?.resultToken;
    assert.equal(url, `http://h/files/${token}/merged.pdf`);
    assert.deepEqual(rest, {
      status: 'success',
      message: 'Success',
      progress: 1,
      name: 'merged.pdf',
      pageCount: 6,
      jobDuration: 1_200,
      duration: 1_200,
      credits: 1,
      outputLinkValidTill: '2026-01-01T01:00:00+00:00',
      jobId: id,
      error: false,
      remainingCredits: 1_000_000,
    });
  });

  it('passes on warnings', async () => {
    set({ outcome: { storageKey: 'k', sizeBytes: 1, pageCount: undefined, warnings: ['w'] } });
    const body = await check(bare(`GET /job/check?jobid=${id}`));
    assert.deepEqual([body.warnings, 'pageCount' in body], [['w'], false]);
  });

  it('says "failed" or "aborted" with the reason, and without an error: the call itself worked', async () => {
    set({ status: 'failed', failure: { row: 'passwordWrong', status: 441, message: 'A reason.' } });
    assert.deepEqual(await check(bare(`GET /job/check?jobid=${id}`)), {
      status: 'failed',
      message: 'A reason.',
      jobId: id,
      error: false,
      remainingCredits: 1_000_000,
    });
    set({ status: 'aborted', failure: undefined });
    const aborted = await check(bare(`GET /job/check?jobid=${id}`));
    assert.deepEqual([aborted.status, aborted.message], ['aborted', 'The job was stopped.']);
  });

  it('says "working" of a job that is not known, and "unknown" only when forced', async () => {
    for (const unknown of [
      '123',
      '00000000-0000-0000-0000-000000000000',
      "'; DROP TABLE job",
      'x'.repeat(9_000),
    ]) {
      const sent = (force: string) => bare(`GET /job/check?jobid=${encodeURIComponent(unknown)}${force}`);
      assert.equal((await check(sent(''))).status, 'working');
      assert.equal((await check(sent('&force=false'))).status, 'working');
      assert.equal((await check(sent('&force=True'))).status, 'unknown');
    }
  });

  it('ends a loop that asks for nothing, or nonsense', async () => {
    for (const sent of [
      bare('GET /job/check'),
      bare('GET /job/check?jobid='),
      withBody('POST /job/check', [], '{"jobid":'),
      withBody('POST /job/check', [], '{"jobid":{}}'),
      bare(`GET /job/check?jobid=${'x'.repeat(11_000)}`),
    ]) {
      const body = await check(sent);
      assert.deepEqual([body.status, body.error], ['failed', true]);
      assert.ok(body.message.length > 10);
    }
  });

  it('waits for the end where it is asked to, as long as the server lets it', async () => {
    await using quick = await startEdge({ syncWaitMs: 60_000 });
    const accepted = await send(quick.port, bare('GET /pdf/merge?async=1&url=http://a/b'));
    const job = accepted.json().jobId as string;
    for (const wait of ['true', '3600']) {
      const asking = send(quick.port, bare(`GET /job/check?jobid=${job}&wait=${wait}`));
      await quick.queue.waiters(1);
      quick.queue.end(job, { status: 'failed' });
      assert.equal((await asking).json().status, 'failed');
      quick.queue.jobs.set(job, {
        ...(quick.queue.jobs.get(job) as Job),
        status: 'working',
        endedAt: undefined,
      });
    }
    await using short = await startEdge({ syncWaitMs: 10 });
    const other = await send(short.port, bare('GET /pdf/merge?async=1&url=http://a/b'));
    const waited = await send(short.port, bare(`GET /job/check?jobid=${other.json().jobId}&wait=20`));
    assert.deepEqual([waited.status, waited.json().status], [200, 'working']);
    for (const wait of ['-1', 'soon', '3601', '1.5']) {
      const refused = await send(short.port, bare(`GET /job/check?jobid=${other.json().jobId}&wait=${wait}`));
      assert.match(refused.json().message, /"wait" is not valid: a whole number of seconds/);
    }
  });

  it('waits no longer than its client, and than the server', async () => {
    await using server = await startEdge({ syncWaitMs: 60_000 });
    const accepted = await send(server.port, bare('GET /pdf/merge?async=1&url=http://a/b'));
    const line = bare(`GET /job/check?jobid=${accepted.json().jobId}&wait=true`);
    const leaving = await RawClient.open(server.port);
    leaving.write(line);
    await server.queue.waiters(1);
    leaving.socket.destroy();
    await server.queue.waiters(0);
    const staying = send(server.port, line);
    await server.queue.waiters(1);
    const closed = server.server.close(60_000);
    const answer = await staying;
    assert.deepEqual([answer.json().status, answer.headers.connection], ['working', 'close']);
    await closed;
  });

  it('says "working" while the database is away: the job goes on, and so should the client', async () => {
    edge.queue.refusal = new Failure('databaseDown');
    const body = await check(bare(`GET /job/check?jobid=${id}`));
    edge.queue.refusal = undefined;
    assert.deepEqual(
      [body.status, body.error, body.message],
      ['working', false, new Failure('databaseDown').message],
    );
  });

  it('says 500 where the server made a mistake', async () => {
    edge.queue.refusal = new Error('bug');
    assert.equal((await send(edge.port, bare(`GET /job/check?jobid=${id}`))).status, 500);
    edge.queue.refusal = undefined;
  });
});

describe('/jobs/ID', () => {
  it('is a job: GET tells of it, DELETE cancels it, with and without /v1', async () => {
    await using edge = await startEdge();
    const accepted = await send(edge.port, bare('GET /pdf/merge?async=1&url=http://a/b'));
    const id = accepted.json().jobId as string;
    for (const line of [`GET /jobs/${id}`, `GET /v1/jobs/${id.toUpperCase()}?jobid=another`]) {
      const answer = await send(edge.port, bare(line));
      assert.equal(answer.status, 200);
      assert.partialDeepStrictEqual(answer.json(), { jobId: id, status: 'working', error: false });
    }
    const waiting = send(edge.port, bare(`GET /jobs/${id}?wait=20`));
    await edge.queue.waiters(1);
    for (const line of [`DELETE /jobs/${id}`, `DELETE /v1/jobs/${id}`]) {
      const answer = await send(edge.port, bare(line));
      assert.equal(answer.status, 200);
      assert.partialDeepStrictEqual(answer.json(), { jobId: id, status: 'aborted', error: false });
    }
    assert.equal((await waiting).json().status, 'aborted');
  });

  it('is unknown where it is nobody’s, or somebody else’s', async () => {
    let tenant = 1;
    await using edge = await startEdge({}, { authenticate: () => tenant });
    const accepted = await send(edge.port, bare('GET /pdf/merge?async=1&url=http://a/b'));
    tenant = 2;
    for (const id of [accepted.json().jobId, '1', 'x%2Fy', '00000000-0000-0000-0000-000000000000'])
      for (const method of ['GET', 'DELETE']) {
        const answer = await send(edge.port, bare(`${method} /jobs/${id}`));
        assert.deepEqual([answer.status, answer.json().message], [404, new Failure('jobUnknown').message]);
      }
    assert.equal(edge.queue.jobs.get(accepted.json().jobId)?.status, 'waiting');
    assert.equal((await send(edge.port, bare('POST /jobs/1'))).status, 405);
  });

  it('ends a call that waits for it, which hears why', async () => {
    await using edge = await startEdge();
    const waiting = send(edge.port, bare('GET /pdf/merge?url=http://a/b'));
    await edge.queue.waiters(1);
    const [id] = edge.queue.jobs.keys();
    const { row, status, message } = new Failure('jobCancelled');
    edge.queue.end(id as string, { status: 'aborted', failure: { row, status, message } });
    const answer = await waiting;
    assert.deepEqual([answer.status, answer.json().message], [409, message]);
  });
});

describe('/file/upload/get-presigned-url', () => {
  let edge: TestEdge;
  before(async () => {
    edge = await startEdge();
  });
  after(() => edge.stop());
  const presign = async (sent: string | Buffer) => {
    const answer = await send(edge.port, sent);
    assert.equal(answer.status, 200, answer.body.toString());
    return answer.json();
  };
  const read = (link: string) => edge.links.read(link.split('/')[4] as string);

  it('answers two links for one file, and its name', async () => {
    const path =
      '/file/upload/get-presigned-url?contenttype=application/octet-stream&name=sample1.pdf&encrypt=true';
    const { presignedUrl, url, ...rest } = await presign(bare(`GET ${path}`));
    assert.deepEqual(rest, { name: 'sample1.pdf', error: false, status: 200, remainingCredits: 1_000_000 });
    const [upload, file] = [read(presignedUrl), read(url)];
    assert.deepEqual({ ...upload, putUntil: undefined }, file);
    assert.equal(upload?.putUntil, edge.nowMs + 30 * 60_000);
    assert.equal(file?.expiresAt, edge.nowMs + 60 * 60_000);
    assert.notEqual((await presign(bare(`GET ${path}`))).url, url);
  });

  const names: [string, string, string][] = [
    ['name=.%5Csample1.pdf', 'sample1.pdf', 'sample1.pdf'],
    ['name=C:%5CMy%20Files%5Ca%20b.pdf', 'a b.pdf', 'a_b.pdf'],
    ['name=/tmp/x/y.pdf', 'y.pdf', 'y.pdf'],
    ['name=%E6%BC%A2%E5%AD%97.pdf', '漢字.pdf', '_.pdf'],
    ['contenttype=application/octet-stream', 'file', 'file'],
    ['name=', 'file', 'file'],
    ['name=dir/', 'file', 'file'],
    ['name=a%0d%0ab%00.pdf', 'ab.pdf', 'a_b.pdf'],
  ];
  for (const [query, name, last] of names) {
    it(`names the file: ${query}`, async () => {
      const body = await presign(bare(`GET /file/upload/get-presigned-url?${query}`));
      assert.equal(body.name, name);
      for (const one of [body.url, body.presignedUrl]) assert.equal(one.split('/').at(-1), last);
    });
  }

  it('keeps the file as long as it is asked to, and takes POST too', async () => {
    const long = await presign(
      withBody('POST /v1/file/upload/get-presigned-url', [], '{"name":"a.pdf","expiration":1440}'),
    );
    assert.equal(read(long.url)?.expiresAt, edge.nowMs + 1_440 * 60_000);
    const short = await presign(bare('GET /file/upload/get-presigned-url?expiration=5'));
    assert.equal(read(short.presignedUrl)?.putUntil, edge.nowMs + 5 * 60_000);
    assert.equal(
      (await send(edge.port, bare('GET /file/upload/get-presigned-url?expiration=-1'))).status,
      400,
    );
  });

  it('keeps it for the default of the settings otherwise, and no longer than they let it', async () => {
    await using short = await startEdge({ fileMinutes: 7, fileMinutesMax: 10 });
    const ask = (query: string) =>
      send(short.port, bare(`GET /file/upload/get-presigned-url?name=a.pdf${query}`));
    for (const [query, minutes] of [
      ['', 7],
      ['&expiration=', 7],
      ['&expiration=0', 7],
      ['&expiration=10', 10],
    ] as const)
      assert.equal(
        short.links.read(tokenOf((await ask(query)).json().url) ?? '')?.expiresAt,
        short.nowMs + minutes * 60_000,
      );
    const refused = await ask('&expiration=11');
    assert.equal(refused.status, 400);
    assert.match(refused.json().message, /"expiration".* up to 10,/);
  });

  it('needs no database', async () => {
    edge.queue.refusal = new Failure('databaseDown');
    await presign(bare('GET /file/upload/get-presigned-url'));
    edge.queue.refusal = undefined;
  });
});

describe('/health and /version', () => {
  it('say whether work is taken, by status too', async () => {
    let ready = true;
    await using edge = await startEdge(
      {},
      { health: async () => ({ ready, details: { database: { says: 'It is up.' } } }) },
    );
    const good = await send(edge.port, bare('GET /health'));
    assert.equal(good.status, 200);
    assert.deepEqual(good.json(), {
      database: { says: 'It is up.' },
      ready: true,
      error: false,
      status: 200,
    });
    ready = false;
    const bad = await send(edge.port, bare('GET /health'));
    assert.deepEqual([bad.status, bad.headers['retry-after'], bad.json().error], [503, '2', true]);
    assert.equal((await send(edge.port, bare('HEAD /health'), { head: true })).status, 503);
  });

  it('say which server this is', async () => {
    await using edge = await startEdge();
    assert.deepEqual((await send(edge.port, bare('GET /version'))).json(), {
      name: 'octavo',
      version: '0.0.0-test',
      error: false,
      status: 200,
    });
  });
});
