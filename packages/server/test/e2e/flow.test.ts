import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bytesSource, info } from '@octavo/pdf';
import { until } from '../database/harness.ts';
import { onePagePdf } from '../program/document.ts';
import { descendants, isAlive, postmaster } from '../program/processes.ts';
import { octavoBin, type Running, startOctavo } from '../program/server.ts';

const run = promisify(execFile);
const clientProgram = fileURLToPath(new URL('../program/client.py', import.meta.url));

describe('the main job, from a fresh data directory', () => {
  let root: string;
  let server: Running;

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'octavo-flow-'));
    await writeFile(join(root, 'first.pdf'), onePagePdf('first'));
    await writeFile(join(root, 'second.pdf'), onePagePdf('second'));
    server = await startOctavo(join(root, 'data'));
  });
  after(async () => {
    await server.stop();
    await rm(root, { recursive: true, force: true });
  });

  const runClient = (base: string, env: Readonly<Record<string, string>> = {}) =>
    run(
      'python3',
      [clientProgram, base, join(root, 'first.pdf'), join(root, 'second.pdf'), join(root, 'result.pdf')],
      {
        env: { ...process.env, ...env },
      },
    );

  it('runs for a client program that knows only its base URL', async () => {
    const { stdout } = await runClient(server.base);
    assert.match(stdout, /status: success\n$/);
    assert.equal(info(bytesSource(await readFile(join(root, 'result.pdf')))).pageCount, 2);
  });

  it('is shown by the curl line of the banner, pasted as it is', async () => {
    const line = server
      .printed()
      .split('\n')
      .find((text) => text.trim().startsWith('curl'));
    assert.ok(line !== undefined, server.printed());
    const { stdout } = await run('sh', ['-c', line], { cwd: root });
    assert.equal((JSON.parse(stdout) as { error: boolean }).error, false, stdout);
  });

  for (const [title, path, status] of [
    ['says that a broken link of ours is unknown', '/files/nonsense/a.pdf', 404],
    ['fetches nothing else from this machine', '/health', 403],
  ] as const) {
    it(title, async () => {
      const answer = await fetch(`${server.base}/pdf/merge?url=${server.base}${path}`);
      assert.equal(answer.status, status);
      assert.equal(((await answer.json()) as { error: boolean }).error, true);
    });
  }

  it('is there again after a restart, with its files', async () => {
    const { stdout } = await run(
      'sh',
      ['-c', `curl -s -F file=@first.pdf -F file=@second.pdf ${server.base}/pdf/merge`],
      { cwd: root },
    );
    const { url } = JSON.parse(stdout) as { url: string };
    const pids = [
      ...descendants(server.process.pid as number).map(({ pid }) => pid),
      postmaster(join(root, 'data')) as number,
    ];
    assert.ok(pids.length > 1);
    assert.equal(await server.stop(), 0, server.printed());
    assert.deepEqual(pids.filter(isAlive), [], 'SIGTERM leaves no process');
    server = await startOctavo(join(root, 'data'), {}, Number(new URL(url).port));
    assert.equal((await fetch(url)).status, 200);
  });

  it('refuses a second server on the same data directory with a sentence', async () => {
    const second = spawn(process.execPath, [
      octavoBin,
      'serve',
      '--port',
      '0',
      '--data-dir',
      join(root, 'data'),
    ]);
    let printed = '';
    second.stderr.setEncoding('utf8').on('data', (text: string) => (printed += text));
    const [code] = await once(second, 'exit');
    assert.equal(code, 1);
    assert.match(printed, /^Another Octavo server uses the data directory/m);
    assert.doesNotMatch(printed, /\n\s+at /, 'no stack');
    assert.equal((await fetch(`${server.base}/health`)).status, 200, 'the first goes on');
  });

  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    it(
      `started by npm, ends when npm gets ${signal}, and leaves no process`,
      { timeout: 60_000 },
      async () => {
        const npm = spawn(
          'npm',
          ['start', '--silent', '--', '--port', '0', '--data-dir', join(root, 'by-npm')],
          {
            cwd: fileURLToPath(new URL('../../../..', import.meta.url)),
            stdio: ['ignore', 'pipe', 'inherit'],
          },
        );
        await once(npm.stdout, 'data');
        const pids = descendants(npm.pid as number).map(({ pid }) => pid);
        assert.ok(pids.length > 1);
        npm.kill(signal);
        const [code] = await once(npm, 'close');
        assert.equal(code, signal === 'SIGTERM' ? 0 : null);
        // A process that ends closes its output a moment before it is gone.
        await until(() => !pids.some(isAlive));
      },
    );
  }

  it('runs on https://localhost for a client that trusts the printed authority', async () => {
    const secure = await startOctavo(join(root, 'secure'), { OCTAVO_TLS: 'local' });
    try {
      const authority = /\S+authority\.pem/.exec(secure.printed())?.[0];
      assert.ok(authority !== undefined && (await stat(authority)).isFile(), secure.printed());
      const { stdout } = await runClient(secure.base, { SSL_CERT_FILE: authority });
      assert.match(stdout, /status: success\n$/);
    } finally {
      await secure.stop();
    }
  });
});
