/** What a browser in a box may reach through the stream that it has, and what not. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { type ClientHttp2Session, connect } from 'node:http2';
import { type Duplex, duplexPair, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { createLog } from '../../src/platform/log.ts';
import { createProxy, type ProxyOptions, verdictHeader } from '../../src/net/proxy.ts';
import { resolverOf, type Says, startCanary, startRaw } from './world.ts';

/** A browser's end of the stream. */
interface Browser extends Disposable {
  /** A connection to the proxy. */
  connection(): Duplex;
  /** Asks for a link as browsers ask a proxy. */
  ask(
    link: string,
    own?: { method?: string; headers?: Record<string, string>; body?: string },
  ): Promise<IncomingMessage>;
  /** Opens a tunnel; what is written and read then is with the other side. */
  tunnel(to: string): Promise<{ readonly answer: IncomingMessage; readonly socket: Duplex }>;
  readonly session: ClientHttp2Session;
  readonly logged: string[];
}

function openBrowser(own: Partial<ProxyOptions> = {}): Browser {
  const logged: string[] = [];
  const log = createLog({ level: 'debug', format: 'text', write: (line) => logged.push(line), now: () => 0 });
  const [inside, outside] = duplexPair();
  createProxy({ allow: [], bytesMax: 1_000_000, log, ...own })(outside);
  const session = connect('http://proxy', { createConnection: () => inside });
  session.on('error', () => {});
  const connection = () =>
    session.request({ ':method': 'CONNECT', ':authority': 'proxy' }).on('error', () => {}) as Duplex;
  return {
    session,
    logged,
    connection,
    async ask(link, { method = 'GET', headers = {}, body } = {}) {
      const sent = request({ method, path: link, headers, createConnection: connection });
      sent.end(body);
      const [answer] = (await once(sent, 'response')) as [IncomingMessage];
      return answer;
    },
    async tunnel(to) {
      const sent = request({ method: 'CONNECT', path: to, createConnection: connection }).end();
      const [answer, socket] = (await once(sent, 'connect')) as [IncomingMessage, Duplex];
      return { answer, socket: socket.on('error', () => {}) };
    },
    [Symbol.dispose]: () => session.destroy(),
  };
}

const says: Says = (socket, { path }) => {
  socket.end(
    `HTTP/1.1 200 OK\r\nx-own: yes\r\nconnection: x-hop\r\nx-hop: 1\r\ncontent-length: ${path.length}\r\n\r\n${path}`,
  );
};

describe('the proxy of boxes', { timeout: 60_000 }, () => {
  it('forwards requests for what is allowed, by addresses that were looked up once', async () => {
    await using world = await startRaw(says);
    const { resolve, asked } = resolverOf({ 'good.test': [['127.0.0.1'], ['10.0.0.1']] });
    using browser = openBrowser({ resolve, allow: [`http://good.test:${world.port}/`] });
    const headers = { 'proxy-authorization': 'Basic eDp5', 'x-page': '1' };
    const answer = await browser.ask(`http://good.test:${world.port}/a?b`, { headers });
    assert.deepEqual(
      [answer.statusCode, answer.headers['x-own'], answer.headers['x-hop']],
      [200, 'yes', undefined],
    );
    assert.equal(await text(answer), '/a?b');
    assert.deepEqual(asked, ['good.test']);
    assert.match(world.heads[0] ?? '', /^GET \/a\?b HTTP\/1\.1\r\n/);
    assert.match(world.heads[0] ?? '', /x-page: 1/);
    assert.doesNotMatch(world.heads[0] ?? '', /proxy-authorization/i);
  });

  it('opens tunnels to what is allowed, and carries both directions', async () => {
    await using world = await startRaw(says);
    using browser = openBrowser({ allow: ['127.0.0.1'] });
    const { answer, socket } = await browser.tunnel(`127.0.0.1:${world.port}`);
    assert.equal(answer.statusCode, 200);
    socket.write('GET /in HTTP/1.1\r\nhost: a\r\n\r\n');
    assert.match(await text(socket), /\r\n\r\n\/in$/);
  });

  it('reaches nothing of this machine, however it is spelled', async () => {
    await using canary = await startCanary();
    const { resolve } = resolverOf({
      'evil.test': [['127.0.0.1']],
      'both.test': [['93.184.215.14', '127.0.0.1']],
    });
    using browser = openBrowser({ resolve });
    const hosts = [
      '127.0.0.1',
      'localhost',
      '2130706433',
      '0x7f.1',
      '0.0.0.0',
      '[::1]',
      '[::ffff:127.0.0.1]',
      'evil.test',
      'both.test',
      '169.254.169.254',
      '10.0.0.1',
      'a.localhost',
    ];
    for (const host of hosts) {
      const answer = await browser.ask(`http://${host}:${canary.port}/`);
      assert.deepEqual([answer.statusCode, answer.headers[verdictHeader]], [403, 'refused'], host);
      const { answer: tunnel } = await browser.tunnel(`${host}:${canary.port}`);
      assert.deepEqual([tunnel.statusCode, tunnel.headers[verdictHeader]], [403, 'refused'], host);
    }
    assert.equal(canary.hits, 0);
    assert.ok(browser.logged.length > 0 && browser.logged.length <= 8);
    assert.match(browser.logged[0] ?? '', /127\.0\.0\.1/);
  });

  it('takes only what browsers ask a proxy for', async () => {
    await using canary = await startCanary();
    using browser = openBrowser();
    for (const link of [
      '/',
      'ftp://127.0.0.1/',
      `https://127.0.0.1:${canary.port}/`,
      'http://a:b@127.0.0.1/',
      'file:///etc/passwd',
    ])
      assert.equal((await browser.ask(link)).statusCode, 403, link);
    for (const to of ['127.0.0.1', 'a@127.0.0.1:80', '127.0.0.1:80/a', '127.0.0.1:99999', ':80'])
      assert.equal((await browser.tunnel(to)).answer.statusCode, 403, to);
    const other = browser.session.request({ ':method': 'GET', ':path': '/' }).on('error', () => {});
    await once(other, 'close');
    assert.equal(canary.hits, 0);
  });

  it('says where nobody answers', async () => {
    const { resolve } = resolverOf({});
    using browser = openBrowser({ resolve });
    const answer = await browser.ask('http://unknown.test/');
    assert.deepEqual([answer.statusCode, answer.headers[verdictHeader]], [502, 'unreachable']);
  });

  it('ends when more comes in than a page may load', async () => {
    await using world = await startRaw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      const pour = () => {
        while (socket.write(Buffer.alloc(65_536)));
      };
      socket.on('drain', pour);
      pour();
    });
    using browser = openBrowser({ allow: ['127.0.0.1'], bytesMax: 300_000 });
    const answer = await browser.ask(world.base);
    answer.on('error', () => {}).resume();
    await once(browser.session, 'close');
  });

  it('gives files of this server without asking anybody', async () => {
    using browser = openBrowser({
      own: async ({ pathname }) => (pathname === '/files/token/logo.png' ? Readable.from(['png']) : null),
    });
    const answer = await browser.ask('http://localhost:8080/files/token/logo.png');
    assert.deepEqual([answer.statusCode, await text(answer)], [200, 'png']);
    assert.equal((await browser.ask('http://localhost:8080/files/other/logo.png')).statusCode, 403);
  });

  it('lets go of everything when its box is gone', async () => {
    await using world = await startRaw(() => {});
    using browser = openBrowser({ allow: ['127.0.0.1'] });
    const { socket } = await browser.tunnel(`127.0.0.1:${world.port}`);
    socket.write('GET / HTTP/1.1\r\n\r\n');
    browser.session.destroy();
    await once(socket, 'close');
  });
});
