import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, RequestListener } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { FailureName } from '../../src/errors.ts';
import { Failure } from '../../src/errors.ts';
import type { DownloadOptions, DownloadTarget } from '../../src/net/download.ts';
import { createDownload } from '../../src/net/download.ts';

const loopback = ['127.0.0.0/8', '::1'];
const never = new AbortController().signal;

/** A server of the world outside, and a way to download from it. */
async function openWorld(t: TestContext, listener: RequestListener, own: Partial<DownloadOptions> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'octavo-net-'));
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    listener(request, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const { port } = server.address() as AddressInfo;
  const options = { allow: loopback, bytesMax: 1_000_000, timeoutMs: 20_000, ...own };
  const path = join(folder, 'file');
  return {
    port,
    path,
    requests,
    base: `http://127.0.0.1:${port}`,
    get: (link: string, target: Partial<DownloadTarget> = {}) =>
      createDownload(options)(link, { path, username: '', password: '', signal: never, ...target }),
  };
}

function fails(row: FailureName, says?: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof Failure, String(error));
    assert.equal(error.row, row, error.message);
    if (says) assert.match(error.message, says);
    assert.doesNotMatch(error.message, /\d+\.\d+\.\d+\.\d+|::/);
    return true;
  };
}

const answer =
  (body: string, headers: Record<string, string> = {}, status = 200): RequestListener =>
  (_, response) =>
    response.writeHead(status, headers).end(body);

describe('download', { timeout: 60_000 }, () => {
  it('brings the bytes to the path', async (t) => {
    const world = await openWorld(t, answer('the file'));
    assert.deepEqual(await world.get(`${world.base}/some/a%20b.pdf?x=1#y`), {
      sizeBytes: 8,
      name: 'a b.pdf',
    });
    assert.equal(readFileSync(world.path, 'utf8'), 'the file');
    assert.equal(world.requests[0]?.url, '/some/a%20b.pdf?x=1');
    assert.equal(world.requests[0]?.headers['accept-encoding'], 'identity');
    assert.equal(world.requests[0]?.headers.authorization, undefined);
  });

  for (const [disposition, name] of [
    ['attachment; filename="report.pdf"', 'report.pdf'],
    ['attachment; filename=report.pdf; size=3', 'report.pdf'],
    ['attachment; filename="a\\"b.pdf"', 'a"b.pdf'],
    ['attachment; filename="x.pdf"; filename*=UTF-8\'\'%e2%82%ac.pdf', '€.pdf'],
    ['attachment; filename="../../etc/passwd"', 'passwd'],
    ['attachment; filename="..\\\\..\\\\boot.ini"', 'boot.ini'],
    ["attachment; filename*=UTF-8''%00%0a%2fetc%2fpass%00wd", 'passwd'],
    ["attachment; filename*=UTF-8''%ff", '%ff'],
    ['inline', 'link.pdf'],
  ] as const) {
    it(`is named by ${disposition}`, async (t) => {
      const world = await openWorld(t, answer('x', { 'content-disposition': disposition }));
      assert.equal((await world.get(`${world.base}/link.pdf`)).name, name);
    });
  }

  it('refuses every spelling of an address that is not allowed, without connecting', async (t) => {
    const world = await openWorld(t, answer('secret'), { allow: [] });
    const { port } = world;
    for (const host of [
      '127.0.0.1',
      '127.1',
      '2130706433',
      '0x7f000001',
      '0x7f.0.0.1',
      '017700000001',
      '0177.0.0.1',
      '127.0.0.1.',
      '１２７.0.0.1',
      '0',
      'localhost',
      'LOCALHOST',
      '[::1]',
      '[::]',
      '[::ffff:127.0.0.1]',
      '[::ffff:7f00:1]',
      '[64:ff9b::7f00:1]',
      '169.254.169.254',
    ]) {
      await assert.rejects(world.get(`http://${host}:${port}/`), fails('sourceRefused'), host);
    }
    assert.equal(world.requests.length, 0);
    assert.ok(!existsSync(world.path));
  });

  it('connects to the address that it has checked, whatever the name stands for next', async (t) => {
    const answers = ['127.0.0.1', '10.0.0.1'];
    const resolve = async () => [{ address: answers.shift() ?? '10.0.0.1', family: 4 }];
    const world = await openWorld(t, answer('the file'), { resolve });
    await world.get(`http://rebinding.example:${world.port}/`);
    assert.equal(world.requests[0]?.headers.host, `rebinding.example:${world.port}`);
    await assert.rejects(world.get(`http://rebinding.example:${world.port}/`), fails('sourceRefused'));
  });

  it('reaches a private address by an allowed start of its link', async (t) => {
    const world = await openWorld(t, answer('the file'), { allow: [] });
    const own = createDownload({ allow: [`${world.base}/pub/`], bytesMax: 100, timeoutMs: 10_000 });
    const target = { path: world.path, username: '', password: '', signal: never };
    assert.equal((await own(`${world.base}/pub/a.pdf`, target)).sizeBytes, 8);
    await assert.rejects(own(`${world.base}/other/a.pdf`, target), fails('sourceRefused'));
  });

  it('checks each redirect anew', async (t) => {
    const targets = [
      'http://10.0.0.1/',
      'http://169.254.169.254/latest/meta-data',
      'http://[::ffff:10.0.0.1]/',
      'file:///etc/passwd',
      'gopher://127.0.0.1/',
      'data:text/plain,x',
    ];
    const world = await openWorld(t, (request, response) => {
      response.writeHead(302, { location: targets[Number(request.url?.slice(1))] }).end();
    });
    for (const [index, target] of targets.entries()) {
      await assert.rejects(world.get(`${world.base}/${index}`), fails('sourceRefused'), target);
    }
  });

  it('follows five redirects and no more', async (t) => {
    const world = await openWorld(t, (request, response) => {
      const left = Number(request.url?.slice(1));
      if (left === 0) response.end('the file');
      else response.writeHead([301, 302, 303, 307, 308][left % 5] ?? 302, { location: `/${left - 1}` }).end();
    });
    assert.equal((await world.get(`${world.base}/5`)).sizeBytes, 8);
    rmSync(world.path);
    await assert.rejects(world.get(`${world.base}/6`), fails('sourceUnreachable', /redirects too often/));
  });

  it('counts bytes, announced or not', async (t) => {
    const world = await openWorld(
      t,
      (request, response) => {
        const body = Buffer.alloc(request.url === '/fits' ? 1_000 : 1_001);
        if (request.url === '/announced') response.setHeader('content-length', body.length);
        response.write(body);
        response.end();
      },
      { bytesMax: 1_000 },
    );
    assert.equal((await world.get(`${world.base}/fits`)).sizeBytes, 1_000);
    rmSync(world.path);
    for (const path of ['/announced', '/chunked']) {
      await assert.rejects(world.get(world.base + path), fails('uploadTooLarge'));
      assert.ok(!existsSync(world.path));
    }
  });

  it('refuses what is compressed', async (t) => {
    const world = await openWorld(t, (request, response) => {
      response
        .writeHead(200, { 'content-encoding': request.url?.slice(1) ?? '' })
        .end(gzipSync('a'.repeat(10_000)));
    });
    for (const encoding of ['gzip', 'br', 'deflate', 'x-unknown', 'identity,gzip']) {
      await assert.rejects(world.get(`${world.base}/${encoding}`), fails('sourceUnreachable', /compressed/));
    }
    assert.ok((await world.get(`${world.base}/identity`)).sizeBytes > 0);
  });

  for (const status of [204, 206, 301, 400, 401, 404, 500]) {
    it(`says what the server answered: ${status}`, async (t) => {
      const world = await openWorld(t, answer('', {}, status));
      const says = status === 301 ? /redirects to nowhere/ : new RegExp(`answered ${status}`);
      await assert.rejects(world.get(world.base), fails('sourceUnreachable', says));
    });
  }

  it('ends what takes too long, goes silent or breaks off, and leaves no file', async (t) => {
    const world = await openWorld(
      t,
      (request, response) => {
        if (request.url === '/silent') return;
        response.writeHead(200, { 'content-length': '1000' });
        response.write('begin');
        if (request.url === '/broken') setImmediate(() => response.destroy());
      },
      { timeoutMs: 30_000, idleMsMax: 100 },
    );
    await assert.rejects(world.get(`${world.base}/silent`), fails('sourceUnreachable', /went silent/));
    await assert.rejects(world.get(`${world.base}/stalls`), fails('sourceUnreachable', /sends too slowly/));
    await assert.rejects(world.get(`${world.base}/broken`), fails('sourceUnreachable', /connection failed/));
    assert.ok(!existsSync(world.path));
  });

  it('has a limit of time for the whole', async (t) => {
    const world = await openWorld(
      t,
      (_, response) => {
        const drip = setInterval(() => response.write('.'), 10);
        response.on('close', () => clearInterval(drip));
      },
      { timeoutMs: 200 },
    );
    await assert.rejects(
      world.get(world.base),
      fails('sourceUnreachable', /took longer than [\d.]+ seconds/),
    );
    assert.ok(!existsSync(world.path));
    const slow = await openWorld(t, answer(''), { timeoutMs: 50, resolve: () => new Promise(() => {}) });
    const alive = setTimeout(() => {}, 30_000);
    await assert.rejects(
      slow.get('http://slow.example/'),
      fails('sourceUnreachable', /took longer than [\d.]+ seconds/),
    );
    clearTimeout(alive);
  });

  it('ends with the reason of its signal', async (t) => {
    const abort = new AbortController();
    const world = await openWorld(t, (_, response) => {
      response.write('begin');
      abort.abort(new Error('the job was ended'));
    });
    await assert.rejects(world.get(world.base, { signal: abort.signal }), /the job was ended/);
    assert.ok(!existsSync(world.path));
  });

  it('says when nobody is there', async (t) => {
    const resolve = async (name: string) => {
      if (name === 'nobody.example')
        throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
      return [];
    };
    const world = await openWorld(t, answer(''), { resolve });
    const unused = createServer().listen(0, '127.0.0.1');
    await once(unused, 'listening');
    const { port } = unused.address() as AddressInfo;
    await new Promise((done) => unused.close(done));
    await assert.rejects(
      world.get(`http://127.0.0.1:${port}/`),
      fails('sourceUnreachable', /connection failed/),
    );
    await assert.rejects(
      world.get('http://nobody.example/'),
      fails('sourceUnreachable', /host name is not known/),
    );
    await assert.rejects(
      world.get('http://empty.example/'),
      fails('sourceUnreachable', /host name is not known/),
    );
    await assert.rejects(world.get(`https://127.0.0.1:${world.port}/`), fails('sourceUnreachable'));
  });

  it('tells links that are none from links that are refused', async (t) => {
    const world = await openWorld(t, answer('x'));
    for (const link of [
      '',
      'http://',
      'https://a b/',
      'javascript:alert(1)',
      'http://[::1',
      'http://[fe80::1%25eth0]/',
    ]) {
      await assert.rejects(world.get(link), fails('linkInvalid'), link);
    }
    for (const link of ['file:///etc/passwd', 'ftp://127.0.0.1/x', 'gopher://127.0.0.1/', 'unix://run/x']) {
      await assert.rejects(world.get(link), fails('sourceRefused'), link);
    }
  });

  it('takes a link without a scheme for https', async (t) => {
    const asked: string[] = [];
    const resolve = async (name: string) => {
      asked.push(name);
      return [{ address: '10.0.0.1', family: 4 }];
    };
    const world = await openWorld(t, answer('x'), { resolve });
    for (const link of ['bare.example/a.pdf', '//bare.example/a.pdf', 'bare.example:444']) {
      await assert.rejects(world.get(link), fails('sourceRefused'), link);
    }
    assert.deepEqual(asked, ['bare.example', 'bare.example', 'bare.example']);
  });

  it('does not write over a file', async (t) => {
    const world = await openWorld(t, answer('new'));
    writeFileSync(world.path, 'old');
    await assert.rejects(world.get(world.base), /EEXIST/);
    assert.equal(readFileSync(world.path, 'utf8'), 'old');
  });

  it('keeps no connection', async (t) => {
    const world = await openWorld(t, answer('x'));
    await world.get(world.base);
    rmSync(world.path);
    await world.get(world.base);
    assert.deepEqual(
      world.requests.map(({ headers }) => headers.connection),
      ['close', 'close'],
    );
  });
});
