/** What becomes of pages that mean harm: nothing of this machine is reached or read, and each ends within bounds. */
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe } from 'node:test';
import { Failure } from '../../../src/errors.ts';
import { createProxy } from '../../../src/net/proxy.ts';
import { silentLog } from '../../../src/platform/log.ts';
import { descendantsOf } from '../../../src/sandbox/processes.ts';
import { type Canary, type RawServer, resolverOf, startCanary, startRaw } from '../../net/world.ts';
import { isRunning, until } from '../../sandbox/tiers.ts';
import { openBrowser, type Printed } from './browser.ts';

describe('a page that looks for this machine', { timeout: 600_000 }, () => {
  let canary: Canary;
  let world: RawServer;
  let packets = 0;
  const udp = createSocket('udp4').on('message', () => (packets += 1));
  const names = resolverOf({ 'good.test': [['127.0.0.1']], 'evil.test': [['127.0.0.1']] });
  let proxy: ReturnType<typeof createProxy>;
  const { print, workshop, test } = openBrowser({ door: (stream) => proxy(stream) });

  before(async () => {
    canary = await startCanary();
    udp.bind(canary.port, '127.0.0.1');
    await once(udp, 'listening');
    world = await startRaw((socket, { path }) => {
      const [status, headers, body] =
        path === '/away'
          ? ['302 Found', `location: http://127.0.0.1:${canary.port}/redirected\r\n`, '']
          : path === '/file'
            ? ['302 Found', 'location: file:///etc/passwd\r\n', '']
            : path === '/closed'
              ? ['401 Unauthorized', 'www-authenticate: Basic realm="a"\r\n', 'no']
              : ['200 OK', 'content-type: text/html\r\n', '<title>world</title>world'];
      socket.end(
        `HTTP/1.1 ${status}\r\n${headers}connection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
    });
    proxy = createProxy({
      allow: [`http://good.test:${world.port}/`],
      bytesMax: 10_000_000,
      log: silentLog,
      resolve: names.resolve,
    });
  });
  after(async () => {
    udp.close();
    await world[Symbol.asyncDispose]();
    await canary[Symbol.asyncDispose]();
  });

  test('reaches it in no way, and reads none of its files', async () => {
    const marker = join(workshop.folder, 'marker.txt');
    writeFileSync(marker, 'the marker', { mode: 0o644 });
    const port = canary.port;
    const hosts = [
      '127.0.0.1',
      'localhost',
      '[::1]',
      '0.0.0.0',
      '2130706433',
      '0x7f000001',
      '0177.0.0.1',
      '127.1',
      '[::ffff:127.0.0.1]',
      'evil.test',
      'a.localhost',
    ];
    const tags = hosts.flatMap((host) => {
      const link = `http://${host}:${port}/`;
      return [
        `<img src="${link}img" onload="leak('img ${host}')">`,
        `<link rel=stylesheet href="${link}css"><link rel=preconnect href="${link}"><link rel=dns-prefetch href="//${host}">`,
        `<link rel=prefetch href="${link}pre"><link rel=modulepreload href="${link}mod.js"><link rel=icon href="${link}icon">`,
        `<script src="${link}js"></script>`,
        `<iframe src="${link}frame"></iframe><object data="${link}object"></object><embed src="${link}embed">`,
        `<video src="${link}video" autoplay></video><audio src="${link}audio"></audio>`,
        `<style>@import "${link}import"; @font-face{font-family:f;src:url(${link}font)} p{font-family:f;background:url(${link}bg)}</style>`,
        `<svg><image href="${link}svg"/><use href="${link}use#a"/></svg>`,
        `<form id="f${hosts.indexOf(host)}" action="${link}form" method=post target="_blank"><input name=a value=b></form>`,
      ];
    });
    const html = `<title>nothing</title><meta http-equiv="x-dns-prefetch-control" content="on"><p>text
      <script>
        const leak = (what) => { document.title = 'LEAK ' + what; };
        const tell = (what) => (answer) => answer && leak(what);
        for (const host of ${JSON.stringify(hosts)}) {
          const link = 'http://' + host + ':${port}/';
          fetch(link + 'fetch').then((r) => r.text()).then(tell('fetch'), () => {});
          fetch(link + 'opaque', { mode: 'no-cors' }).then((r) => r.status).then(tell('opaque'), () => {});
          const x = new XMLHttpRequest(); x.onload = () => leak('xhr'); x.open('GET', link + 'xhr'); x.send();
          try { new WebSocket('ws://' + host + ':${port}/ws').onopen = () => leak('ws'); } catch {}
          try { new EventSource(link + 'es').onmessage = () => leak('es'); } catch {}
          try { navigator.sendBeacon(link + 'beacon', 'a'); } catch {}
          try { new Worker(URL.createObjectURL(new Blob(["fetch('" + link + "worker').then(()=>0,()=>0);importScripts('" + link + "import')"]))); } catch {}
          try { window.open(link + 'popup'); } catch {}
          try {
            const peer = new RTCPeerConnection({ iceServers: [{ urls: ['stun:' + host + ':${port}', 'turn:' + host + ':${port}?transport=tcp'], username: 'a', credential: 'b' }] });
            peer.createDataChannel('a');
            peer.createOffer().then((offer) => peer.setLocalDescription(offer));
          } catch {}
          try { new WebTransport('https://' + host + ':${port}/wt'); } catch {}
        }
        navigator.serviceWorker?.register('http://127.0.0.1:${port}/sw.js').then(() => leak('sw'), () => {});
        for (const link of ['file://${marker}', 'file:///etc/passwd', 'file:///proc/self/environ', 'view-source:file:///etc/passwd', 'chrome://version', 'chrome://settings', 'devtools://devtools/']) {
          fetch(link).then((r) => r.text()).then(tell(link), () => {});
          try { const x = new XMLHttpRequest(); x.onload = () => x.responseText && leak(link); x.open('GET', link); x.send(); } catch {}
          const frame = document.createElement('iframe'); frame.src = link; document.body.append(frame);
          frame.onload = () => { try { frame.contentDocument.body.textContent && leak('frame ' + link); } catch {} };
          const image = new Image(); image.onload = () => leak('image ' + link); image.src = link;
          try { window.open(link); } catch {}
        }
        addEventListener('load', () => { for (const form of document.forms) form.submit(); });
      </script>
      ${tags.join('\n')}
      <iframe src="file://${marker}"></iframe><object data="file://${marker}"></object>
      <img src="http://good.test:${world.port}/away"><iframe src="http://good.test:${world.port}/away"></iframe>
      <iframe src="http://good.test:${world.port}/file"></iframe>`;
    const printed = await print(html);
    assert.doesNotMatch(printed.title ?? '', /LEAK/);
    assert.doesNotMatch(await printed.text(), /canary|the marker|root:/);
    assert.ok(printed.warnings.length > 0);
    assert.deepEqual([canary.hits, packets], [0, 0]);
    assert.ok(world.heads.some((head) => head.includes('/away')));
  });

  test('is not led there by a template, which runs without a network', async () => {
    const seen = world.heads.length;
    const html = `<script>Handlebars.registerHelper('a', () => {
      fetch('http://good.test:${world.port}/template'); fetch('http://127.0.0.1:${canary.port}/template');
      new Image().src = 'http://good.test:${world.port}/image'; return 'filled'; })</script>{{a}}`;
    const printed = await print(html, { data: '{}' });
    assert.match(await printed.text(), /filled/);
    assert.deepEqual([canary.hits, packets, world.heads.length], [0, 0, seen]);
  });

  test('is a link that leads there, or to a file, or to an error: each is refused', async () => {
    const go = (
      link: string,
      login: { username: string; password: string } = { username: '', password: '' },
    ) => print({ link, ...login });
    const refused = (row: string, says: RegExp) => (error: unknown) =>
      error instanceof Failure && error.row === row && says.test(error.message);
    const good = `http://good.test:${world.port}`;
    await assert.rejects(go(`http://127.0.0.1:${canary.port}/`), refused('sourceRefused', /url/));
    await assert.rejects(go(`https://localhost:${canary.port}/`), refused('sourceRefused', /url/));
    await assert.rejects(go(`${good}/away`), refused('sourceRefused', /url/));
    await assert.rejects(go(`${good}/file`), refused('pageUnreachable', /redirects/));
    const secret = { username: 'ada', password: 'secret' };
    await assert.rejects(go(`${good}/closed`, secret), refused('pageUnreachable', /401/));
    const sent = `authorization: Basic ${Buffer.from('ada:secret').toString('base64')}`.toLowerCase();
    assert.ok(world.heads.some((head) => head.toLowerCase().includes(sent.toLowerCase())));
    assert.equal((await go(`${good}/page`, secret)).title, 'world');
    assert.deepEqual([canary.hits, packets], [0, 0]);
  });
});

describe('a page that does not end', { timeout: 600_000 }, () => {
  const { print, pool, test } = openBrowser({
    limits: { loadMs: 4_000, scriptMs: 2_000, pagesMax: 40 },
    memoryBytesMax: 256 * 1024 * 1024,
  });
  const tooComplex = (error: unknown) => error instanceof Failure && error.row === 'documentTooComplex';

  /** Prints, and looks whether all that ran for it is gone. */
  async function printAndLook(html: string): Promise<Printed> {
    const seen = new Set<number>();
    const look = setInterval(() => {
      for (const pid of pool().pids()) for (const one of [pid, ...descendantsOf(pid)]) seen.add(one);
    }, 50);
    try {
      return await print(html);
    } finally {
      clearInterval(look);
      const spare = new Set(
        pool()
          .pids()
          .flatMap((pid) => [pid, ...descendantsOf(pid)]),
      );
      await until(() => [...seen].filter((pid) => !spare.has(pid)).every((pid) => !isRunning(pid)));
    }
  }
  /** What is said of a page that may be refused, as it may take too much. */
  async function warningsOf(html: string, mayBeRefused = false): Promise<readonly string[]> {
    try {
      return (await printAndLook(html)).warnings;
    } catch (error) {
      if (!mayBeRefused || !tooComplex(error)) throw error;
      return ['refused'];
    }
  }

  test('is shown as it is by then: scripts, dialogs and timers that go on for ever', async () => {
    // On a machine that is busy, to end a script may take too long: then the page is given up.
    const stopped = /still loading|refused/;
    assert.match((await warningsOf('a<script>for(;;);</script>b', true)).join(), stopped);
    assert.match((await warningsOf('a<script>for(;;)alert(1)</script>b', true)).join(), stopped);
    await warningsOf('a<script>onload=()=>{const f=()=>{print();setTimeout(f)};f()}</script>', true);
  });

  test('is printed, whatever it does when it hears of that', async () => {
    const away = '<p>a<script>onbeforeprint=()=>{location.href="about:blank"}</script>';
    const { text, warnings } = await printAndLook(away);
    // The browser without windows prints what there was; the other one has gone by then, which is told.
    if ((await text()).trim() !== 'a') assert.match(warnings.join(), /went elsewhere/);
    assert.deepEqual(await warningsOf('<p>a<script>onbeforeprint=()=>{for(;;);}</script>', true), []);
  });

  test('is cut, where it has too many sheets', async () => {
    const warnings = await warningsOf('<p style="break-after:page">a</p>'.repeat(1_000));
    assert.match(warnings.join(), /no more than 40 sheets/);
  });

  test('is refused, where it is far too long', async () => {
    const isLong = (error: unknown) =>
      tooComplex(error) && /more than 80 sheets/.test((error as Failure).message);
    await assert.rejects(print('<div style="width:1e7px;height:1e9px">x</div>'), isLong);
  });

  test('is given up, or shown without what it has no room for, where it takes too much memory', async () => {
    await warningsOf(
      'a<script>const a=[];for(;;)a.push(new Uint8Array(1e6).fill(1),"x".repeat(1e6)+a.length)</script>',
      true,
    );
  });

  test('ends with its job', async () => {
    const end = new AbortController();
    const printing = print('<script>for(;;);</script>', { context: { signal: end.signal } });
    setTimeout(() => end.abort(), 1_000);
    await assert.rejects(printing);
  });
});
