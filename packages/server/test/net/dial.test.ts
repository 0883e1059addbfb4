/** How the other side is met: by which names, over what, and at whose pace. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates, type TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { Failure } from '../../src/errors.ts';
import { createFetch } from '../../src/net/download.ts';
import { localCertificate } from '../../src/platform/certificates.ts';
import { openDoor, resolverOf, startCanary, startRaw } from './world.ts';

const allow = ['127.0.0.1'];
const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\nthe file';
const unreachable = (says: RegExp) => (error: unknown) =>
  error instanceof Failure && error.row === 'sourceUnreachable' && says.test(error.message);

describe('https', { timeout: 60_000 }, () => {
  let directory: string;
  let server: Server;
  let port: number;
  const seen: { servername: unknown; host: string | undefined; protocol: unknown }[] = [];
  const trusted = getCACertificates('default');
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'octavo-dial-'));
    const { key, cert, authorityFile } = await localCertificate(directory, Date.now());
    setDefaultCACertificates([...trusted, await readFile(authorityFile, 'utf8')]);
    server = createServer(
      { key, cert, ALPNProtocols: ['http/1.1'] },
      (request: IncomingMessage, response) => {
        const { servername, alpnProtocol } = request.socket as TLSSocket & { servername?: unknown };
        seen.push({ servername, host: request.headers.host, protocol: alpnProtocol });
        response.end('the file');
      },
    );
    await once(server.listen(0, '127.0.0.1'), 'listening');
    ({ port } = server.address() as AddressInfo);
  });
  after(async () => {
    setDefaultCACertificates(trusted);
    server.closeAllConnections();
    server.close();
    await rm(directory, { recursive: true, force: true });
  });

  it('keeps the name for SNI, the certificate and Host, though it is dialled by its address', async () => {
    await using door = await openDoor({ allow, resolve: resolverOf({}).resolve });
    // This resolver knows localhost by ::1 too, which is not allowed here.
    await assert.rejects(door.get(`https://localhost:${port}/`), /does not fetch from/);
    const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
    await using named = await openDoor({ allow, resolve });
    assert.equal((await named.get(`https://LOCALHOST:${port}/`)).sizeBytes, 8);
    assert.equal((await named.get(`https://127.0.0.1:${port}/`)).sizeBytes, 8);
    assert.deepEqual(seen, [
      { servername: 'localhost', host: `localhost:${port}`, protocol: 'http/1.1' },
      { servername: false, host: `127.0.0.1:${port}`, protocol: 'http/1.1' },
    ]);
  });

  it('takes no certificate of another name, and none that nobody vouches for', async () => {
    const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
    await using door = await openDoor({ allow, resolve });
    const says = unreachable(/its certificate is not trusted/);
    await assert.rejects(door.get(`https://other.example:${port}/`), says);
    setDefaultCACertificates(trusted);
    await assert.rejects(door.get(`https://localhost:${port}/`), says);
    assert.doesNotMatch(door.logged.join(''), /https:/);
  });

  it('is not spoken with whoever does not', async () => {
    await using plain = await startRaw((socket) => socket.end(ok));
    await using door = await openDoor({ allow, idleMsMax: 500 });
    await assert.rejects(door.get(plain.base.replace('http:', 'https:')), unreachable(/./));
    await assert.rejects(door.get(`http://127.0.0.1:${port}/`), unreachable(/./));
  });
});

describe('a connection', { timeout: 60_000 }, () => {
  it('goes on to the next address where one does not answer', async () => {
    await using world = await startRaw((socket) => socket.end(ok));
    const { resolve } = resolverOf({ 'two.example': [['127.0.0.2', '127.0.0.1']] });
    await using door = await openDoor({ allow: ['127.0.0.0/8'], resolve });
    assert.equal((await door.get(`http://two.example:${world.port}/`)).sizeBytes, 8);
  });

  it('does not go through a proxy of the environment, which would look at nothing', async () => {
    await using proxy = await startCanary(['127.0.0.2']);
    await using world = await startRaw((socket) => socket.end(ok));
    const address = `http://127.0.0.2:${proxy.port}`;
    const program = `
      const { createFetch } = await import(${JSON.stringify(new URL('../../src/net/download.ts', import.meta.url).href)});
      const fetch = createFetch({ allow: ['127.0.0.1'], bytesMax: 100, timeoutMs: 10_000 });
      const asking = { username: '', password: '', signal: new AbortController().signal };
      console.log(await fetch('${world.base}/', asking, async (bytes) => (await Array.fromAsync(bytes)).join('')));`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--conditions=octavo-source', '--input-type=module', '-e', program],
      {
        env: {
          ...process.env,
          NODE_USE_ENV_PROXY: '1',
          HTTP_PROXY: address,
          http_proxy: address,
          NO_PROXY: '',
        },
      },
    );
    assert.equal(stdout, 'the file\n');
    assert.equal(proxy.hits, 0);
  });

  it('is not held to a pace while we are the slow ones', async () => {
    await using world = await startRaw((socket) =>
      socket.end(`HTTP/1.1 200 OK\r\ncontent-length: 4000\r\n\r\n${'x'.repeat(4_000)}`),
    );
    const idleMsMax = 50;
    const fetch = createFetch({
      allow,
      bytesMax: 10_000,
      timeoutMs: 20_000,
      idleMsMax,
      bytesPerSecondMin: 1e6,
    });
    const asking = { username: '', password: '', signal: new AbortController().signal };
    let sizeBytes = 0;
    await fetch(`${world.base}/`, asking, async (bytes) => {
      for await (const chunk of bytes) {
        // Not for anything to happen meanwhile: the time itself is the matter.
        await pause(idleMsMax * 4);
        sizeBytes += chunk.length;
      }
    });
    assert.equal(sizeBytes, 4_000);
  });
});
