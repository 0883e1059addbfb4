import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Job } from '../../src/jobs/job.ts';
import { startEdge, type TestEdge } from './edge.ts';
import { bare, type RawAnswer, RawClient, send, withBody } from './raw.ts';

const link = 'http://a/b.pdf';

describe('the answer to an operation', () => {
  let edge: TestEdge;
  before(async () => {
    edge = await startEdge({ syncWaitMs: 60_000 });
  });
  after(() => edge.stop());
  const success = (job: Job): Partial<Job> => ({
    status: 'success',
    startedAt: new Date(job.createdAt.getTime() + 100),
    endedAt: new Date(job.createdAt.getTime() + 1_300),
    outcome: { storageKey: '2026010100/ab.1', sizeBytes: 9, pageCount: 6, warnings: [] },
    credits: 1,
  });
  const call = async (line: string, onAccept?: (job: Job) => Partial<Job>): Promise<RawAnswer> => {
    edge.queue.onAccept = onAccept;
    return send(edge.port, bare(line));
  };

  it('async: the id and the final link at once, before the job runs', async () => {
    const { body, status, headers, json } = await call(
      `GET /pdf/merge?async=True&name=result.pdf&url=${link},${link}`,
    );
    assert.equal(status, 200);
    const { url, jobId, ...rest } = json();
    assert.deepEqual(rest, {
      error: false,
      status: 200,
      name: 'result.pdf',
      credits: 0,
      remainingCredits: 1_000_000,
    });
    assert.match(url, /^http:\/\/h\/files\/[\w-]+\/result\.pdf$/);
    assert.equal(edge.queue.jobs.get(jobId)?.status, 'waiting');
    assert.equal(headers['content-length'], String(body.length));
    assert.doesNotMatch(body.toString(), /[\n ]/);
    assert.deepEqual(edge.queue.calls.at(-1)?.call.own, {
      url: [
        { kind: 'link', link },
        { kind: 'link', link },
      ],
      outlines: 'join',
    });
  });

  it('a result is kept for the default of the settings, or as long as the call asks, but not longer than they let it', async () => {
    await using short = await startEdge({ fileMinutes: 7, fileMinutesMax: 10 });
    const ask = async (query: string) =>
      (await send(short.port, bare(`GET /pdf/merge?async=1&url=http://a/b${query}`))).json();
    await ask('');
    await ask('&expiration=10');
    assert.deepEqual(
      short.queue.calls.map(({ call: { job } }) => job.expiration),
      [7, 10],
    );
    assert.match((await ask('&expiration=11')).message, /"expiration".* up to 10,/);
    assert.equal(short.queue.calls.length, 2);
  });

  it('sync: the result, when the job has ended', async () => {
    const { url, ...rest } = (await call(`GET /v1/pdf/merge?url=${link}&expiration=90`, success)).json();
    assert.match(url, /\/result\.pdf$/);
    assert.deepEqual(rest, {
      pageCount: 6,
      error: false,
      status: 200,
      name: 'result.pdf',
      credits: 1,
      duration: 1_300,
      remainingCredits: 1_000_000,
      outputLinkValidTill: '2026-01-01T01:30:00+00:00',
    });
  });

  it('sync: warnings, where there are some', async () => {
    const warned = (job: Job): Partial<Job> => {
      const ended = success(job);
      return { ...ended, outcome: { ...(ended.outcome as NonNullable<Job['outcome']>), warnings: ['w'] } };
    };
    assert.deepEqual((await call(`GET /pdf/merge?url=${link}`, warned)).json().warnings, ['w']);
  });

  it('sync: waits for the job to end', async () => {
    edge.queue.onAccept = undefined;
    const answered = send(edge.port, bare(`GET /pdf/merge?url=${link}`));
    await edge.queue.waiters(1);
    const [id, job] = [...edge.queue.jobs].at(-1) as [string, Job];
    edge.queue.end(id, success(job));
    assert.equal((await answered).json().pageCount, 6);
  });

  it('sync: a job that failed is answered with its own status, in the body and as HTTP', async () => {
    const answer = await call(`GET /pdf/merge?url=${link}`, (job) => ({
      status: 'failed',
      endedAt: job.createdAt,
      failure: { row: 'documentDamaged', status: 442, message: 'The document is damaged.' },
    }));
    assert.deepEqual([answer.status, answer.phrase], [442, 'Document Damaged']);
    assert.deepEqual(answer.json(), { error: true, status: 442, message: 'The document is damaged.' });
  });

  it('sync: a job that was stopped is an error too', async () => {
    const answer = await call(`GET /pdf/merge?url=${link}`, (job) => ({
      status: 'aborted',
      endedAt: job.createdAt,
    }));
    assert.deepEqual([answer.status, answer.json().error], [500, true]);
  });

  it('sync: past the time it says "use async", with the id of the job that goes on', async () => {
    await using hasty = await startEdge({ syncWaitMs: 1 });
    const answer = await send(hasty.port, bare(`GET /pdf/merge?url=${link}`));
    assert.deepEqual([answer.status, answer.phrase], [445, 'Took Too Long']);
    const { error, status, message, jobId } = answer.json();
    assert.deepEqual({ error, status }, { error: true, status: 445 });
    assert.match(message, /async=true/);
    assert.equal(hasty.queue.jobs.get(jobId)?.status, 'waiting');
  });

  it('sync: a client that goes away is not waited for', async () => {
    edge.queue.onAccept = undefined;
    const client = await RawClient.open(edge.port);
    client.write(bare(`GET /pdf/merge?url=${link}`));
    await edge.queue.waiters(1);
    client.close();
    await edge.queue.waiters(0);
    assert.equal([...edge.queue.jobs.values()].at(-1)?.status, 'waiting');
  });

  it('names results after the client, without its folders, with the right extension', async () => {
    const names: [string, string, string][] = [
      ['.%5Cresult.pdf', 'result.pdf', 'result.pdf'],
      ['/tmp/x/a.PDF', 'a.PDF', 'a.PDF'],
      ['f1040-filled', 'f1040-filled.pdf', 'f1040-filled.pdf'],
      ['result.tifpassword=', 'result.tifpassword=.pdf', 'result.tifpassword_.pdf'],
      ['Gr%C3%B6%C3%9Fe%20%26%20%23%2C%2B.pdf', 'Größe & #,+.pdf', 'Gro_e_.pdf'],
      ['..', 'result.pdf', 'result.pdf'],
    ];
    for (const [sent, name, last] of names) {
      const body = (await call(`GET /pdf/merge?async=1&url=${link}&name=${sent}`)).json();
      assert.deepEqual([body.name, body.url.split('/').at(-1)], [name, last]);
      assert.match(body.url, /^http:\/\/h\/files\/[A-Za-z0-9_-]+\/[A-Za-z0-9._-]+$/);
    }
  });

  it('a trailing slash is tolerated, the letter case of a path counts', async () => {
    assert.equal((await call(`GET /pdf/merge/?async=1&url=${link}`)).status, 200);
    assert.equal((await call(`GET /v1/pdf/merge/?async=1&url=${link}`)).status, 200);
    assert.equal((await call(`GET /PDF/merge?async=1&url=${link}`)).status, 404);
  });

  it('a whole link as the target of the request, as a proxy sends it', async () => {
    assert.equal((await call(`GET http://elsewhere/pdf/merge?async=1&url=${link}`)).status, 200);
    assert.equal((await call('GET http://elsewhere')).status, 404);
  });

  for (const line of [
    `GET /pdf/merge?async=1&url=${link}`,
    'GET /file/upload/get-presigned-url',
    'GET /job/check?jobid=1',
    'GET /nothing',
    'GET /pdf/merge',
    `GET /pdf/merge?async=1&name=Gr%C3%B6%C3%9Fe&url=${link}`,
  ]) {
    it(`comes in one write: ${line}`, async () => {
      edge.queue.onAccept = undefined;
      const client = await RawClient.open(edge.port);
      client.write(bare(line));
      const answer = await client.answer();
      // What JSON.parse would get from the first data event.
      assert.deepEqual(
        JSON.parse(answer.first.subarray(answer.first.indexOf('\r\n\r\n') + 4).toString()),
        answer.json(),
      );
      assert.equal(answer.headers['transfer-encoding'], undefined);
      assert.equal(typeof answer.json().error, 'boolean');
      client.close();
    });
  }

  it('is not compressed, whatever the client takes', async () => {
    const answer = await send(edge.port, bare('GET /version', 'Accept-Encoding: gzip, deflate, br'));
    assert.equal(answer.headers['content-encoding'], undefined);
    assert.equal(answer.json().name, 'octavo');
  });

  it('100-continue is answered at once, before the body', async () => {
    const client = await RawClient.open(edge.port);
    const body = `{"async":true,"url":"${link}"}`;
    client.write(bare('POST /pdf/merge', 'Expect: 100-continue', `Content-Length: ${body.length}`));
    const interim = await new Promise<string>((resolve) =>
      client.socket.once('data', (chunk) => resolve(String(chunk))),
    );
    assert.equal(interim, 'HTTP/1.1 100 Continue\r\n\r\n');
    client.close();
    const again = await RawClient.open(edge.port);
    again.write(bare('POST /pdf/merge', 'Expect: 100-continue', `Content-Length: ${body.length}`) + body);
    const answer = await again.answer();
    assert.deepEqual([answer.informed, answer.status], [[100], 200]);
    again.close();
  });

  it('an expectation that is not known is ignored', async () => {
    const sent = withBody('POST /pdf/merge', ['Expect: 200-ok'], `{"async":true,"url":"${link}"}`);
    assert.equal((await send(edge.port, sent)).status, 200);
  });

  it('comes in order on one connection', async () => {
    const client = await RawClient.open(edge.port);
    client.write(
      bare('GET /version') + withBody('POST /nothing', [], 'x'.repeat(500)).toString() + bare('GET /health'),
    );
    assert.equal((await client.answer()).json().name, 'octavo');
    assert.equal((await client.answer()).status, 404);
    assert.equal((await client.answer()).json().ready, true);
    client.close();
  });
});

describe('the links in an answer', () => {
  const presigned = async (edge: TestEdge, ...lines: string[]): Promise<string> => {
    const sent = ['GET /file/upload/get-presigned-url?name=a.pdf HTTP/1.1', ...lines, '', ''].join('\r\n');
    const { presignedUrl, url } = (await send(edge.port, sent)).json();
    assert.equal(new URL(presignedUrl).host, new URL(url).host);
    return url.slice(0, url.indexOf('/files/'));
  };
  let edge: TestEdge;
  before(async () => {
    edge = await startEdge();
  });
  after(() => edge.stop());

  it('have the host of the request', async () => {
    assert.equal(await presigned(edge, 'Host: localhost:8080'), 'http://localhost:8080');
    assert.equal(await presigned(edge, 'Host: [::1]:81'), 'http://[::1]:81');
    assert.equal(await presigned(edge, 'Host: my_octavo.lan'), 'http://my_octavo.lan');
  });

  it('have the address of the server where the host is none, or could break a link', async () => {
    for (const host of [
      'Host: ',
      'Host: a/b',
      'Host: a,b',
      'Host: a?b',
      'Host: a b',
      'Host: user@h',
      'Host: h:99999x',
      'X: y',
    ]) {
      assert.equal(await presigned(edge, host), `http://127.0.0.1:${edge.port}`);
    }
  });

  it('have the public address where one is set', async () => {
    await using other = await startEdge({ publicUrl: 'https://docs.example.com/octavo/' });
    assert.equal(await presigned(other, 'Host: inside'), 'https://docs.example.com/octavo');
  });

  it('hold nothing that a query or a list could break', async () => {
    for (const name of ['a&b=c#d.pdf', 'a,b;c|d.pdf', 'a%2520b+c.pdf', '%22%27%5C.pdf', 'ü/漢', '']) {
      const body = (
        await send(edge.port, bare(`GET /file/upload/get-presigned-url?name=${encodeURI(name)}`))
      ).json();
      for (const one of [body.url, body.presignedUrl])
        assert.match(one, /^http:\/\/h\/(files|upload)\/[\w-]+\/[A-Za-z0-9._-]+$/);
    }
  });
});

describe('API keys', () => {
  let edge: TestEdge;
  const seen: (string | undefined)[] = [];
  before(async () => {
    const { Failure } = await import('../../src/errors.ts');
    edge = await startEdge(
      {},
      {
        async authenticate(key) {
          seen.push(key);
          if (key === undefined || !/^tenant \d$/.test(key)) throw new Failure('keyRefused');
          return Number(key.at(-1));
        },
      },
    );
  });
  after(() => edge.stop());
  const asking = (line: string, key: string) => send(edge.port, bare(line, `x-api-key: ${key}`));

  it('are asked for before the body is read', async () => {
    const client = await RawClient.open(edge.port);
    // The body never comes.
    client.write(bare('POST /pdf/merge', 'Content-Length: 1000000'));
    const answer = await client.answer();
    assert.deepEqual([answer.status, answer.json().error], [401, true]);
    client.close();
  });

  it('are refused where they are wrong, also by job/check', async () => {
    for (const line of [
      'GET /pdf/merge?url=a',
      'GET /file/upload/get-presigned-url',
      'GET /job/check?jobid=1',
    ]) {
      assert.equal((await asking(line, 'nonsense')).status, 401);
      assert.equal((await send(edge.port, bare(line))).status, 401);
    }
  });

  it('come in the header, or in the query', async () => {
    assert.equal((await asking('GET /file/upload/get-presigned-url', 'tenant 1')).status, 200);
    assert.equal(
      (await send(edge.port, bare('GET /file/upload/get-presigned-url?x-api-key=tenant+2'))).status,
      200,
    );
    assert.equal(
      (await send(edge.port, bare('GET /file/upload/get-presigned-url?ApiKey=tenant+3'))).status,
      200,
    );
    assert.deepEqual(seen.slice(-3), ['tenant 1', 'tenant 2', 'tenant 3']);
  });

  it('are not asked for by what anybody may see', async () => {
    for (const path of ['/health', '/version'])
      assert.equal((await send(edge.port, bare(`GET ${path}`))).status, 200);
  });

  it('keep the jobs of others out of sight', async () => {
    const { jobId } = (await asking(`GET /pdf/merge?async=1&url=${link}`, 'tenant 1')).json();
    edge.queue.end(jobId, {
      status: 'failed',
      failure: { row: 'documentDamaged', status: 442, message: 'm' },
    });
    const check = `GET /job/check?force=1&jobid=${jobId}`;
    assert.equal((await asking(check, 'tenant 1')).json().status, 'failed');
    assert.equal((await asking(check, 'tenant 2')).json().status, 'unknown');
  });

  it('give each upload its owner', async () => {
    const { url } = (await asking('GET /file/upload/get-presigned-url', 'tenant 7')).json();
    assert.equal(edge.links.read(url.split('/')[4])?.tenant, 7);
    const file =
      '--e\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nx\r\n--e\r\nContent-Disposition: form-data; name="async"\r\n\r\n1\r\n--e--';
    const answer = await send(edge.port, withBody('POST /pdf/merge', ['x-api-key: tenant 8'], file));
    assert.equal(answer.status, 200);
    const own = edge.queue.calls.at(-1)?.call.own as { url: { token: string }[] };
    assert.equal(edge.links.read(own.url[0]?.token ?? '')?.tenant, 8);
  });

  it('never reach the log', async () => {
    assert.ok(edge.lines.length > 10);
    assert.doesNotMatch(JSON.stringify(edge.lines), /tenant|http:|files\/[\w-]{20}/);
  });
});

describe('a page', () => {
  it('is served as it is, to anybody, and loaded once it could be', async () => {
    let loads = 0;
    await using edge = await startEdge(
      {},
      {
        authenticate: () => Promise.reject(new Error('never asked')),
        pages: [
          {
            path: '/docs',
            contentType: 'text/html; charset=utf-8',
            load: async () => {
              if (++loads === 1) throw new Error('not this time');
              return '<!doctype html>ü';
            },
          },
        ],
      },
    );
    assert.equal((await send(edge.port, bare('GET /docs'))).status, 500);
    for (const path of ['/docs', '/docs/', '/v1/docs']) {
      const answer = await send(edge.port, bare(`GET ${path}`));
      assert.deepEqual([answer.status, answer.body.toString()], [200, '<!doctype html>ü']);
      assert.equal(answer.headers['content-type'], 'text/html; charset=utf-8');
    }
    assert.equal((await send(edge.port, bare('HEAD /docs'), { head: true })).headers['content-length'], '17');
    assert.equal(loads, 2);
  });
});

describe('the log', () => {
  it('has one line for each request, with the pattern of its route', async () => {
    await using edge = await startEdge();
    const { put } = await edge.presign('a.pdf');
    await send(edge.port, withBody(`PUT ${put}`, ['x-request-id: abc'], 'bytes'));
    await send(edge.port, bare('GET /nothing?secret=1'));
    await edge.server.close(1_000);
    const [, upload, nothing] = edge.lines.map(({ fields }) => fields);
    assert.equal(edge.lines.length, 3);
    assert.deepEqual(
      { ...upload, ms: 0 },
      {
        request: 'abc',
        method: 'PUT',
        route: '/upload/:token/:label',
        status: 200,
        ms: 0,
        bytes: 0,
        failure: undefined,
        setting: undefined,
        detail: undefined,
        aborted: undefined,
      },
    );
    assert.deepEqual([nothing?.route, nothing?.status, nothing?.failure], ['unknown', 404, 'pathUnknown']);
  });
});
