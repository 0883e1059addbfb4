/** The table of the door out: what strangers write into links, and what the other side may do to whoever follows them. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Failure, failures, type FailureName } from '../../src/errors.ts';
import {
  type Canary,
  type Door,
  type Names,
  openDoor,
  type RawServer,
  resolverOf,
  type Says,
  startCanary,
  startRaw,
} from './world.ts';

let cases = 0;
/** One case of the table. */
function row(title: string, check: () => Promise<void>): void {
  cases += 1;
  it(title, check);
}

/** The failure, and its words: the same for whatever is refused. */
function fails(name: FailureName, says?: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof Failure, String(error));
    assert.equal(error.row, name, error.message);
    if (name === 'sourceRefused') {
      assert.equal(error.message, failures.sourceRefused.says.replace('{field}', 'url'));
      assert.equal(error.status, 403);
    }
    if (says) assert.match(error.message, says);
    return true;
  };
}

/** The loopback of this machine, as a browser, a resolver or an old C library may read it. */
const loopback = [
  '127.0.0.1',
  '127.1',
  '127.0.1',
  '127.00.0.1',
  '127.000.000.001',
  '2130706433',
  '017700000001',
  '00000000017700000001',
  '0x7f000001',
  '0X7F000001',
  '0x0000000000007f000001',
  '0177.0.0.1',
  '0177.0.0.01',
  '0177.1',
  '0177.0.1',
  '0x7f.0.0.1',
  '0x7f.0x0.0x0.0x1',
  '0x7f.1',
  '0x7f.0.1',
  '127.0x1',
  '127.0.0.0x1',
  '127.0.0.1.',
  '127.1.',
  '2130706433.',
  '127.255.255.254',
  '127.8.8.8',
  '127.0.0.2',
  '%31%32%37.0.0.1',
  '127%2e0%2e0%2e1',
  '%30x7f000001',
  '%6c%6f%63%61%6c%68%6f%73%74',
  '１２７.０.０.１',
  '１２７。０。０。１',
  '127。0。0。1',
  '127．0．0．1',
  '127｡0｡0｡1',
  '①②⑦.⓪.⓪.①',
  '𝟏𝟐𝟕.𝟎.𝟎.𝟏',
  '１２７.1',
  '０ｘ７ｆ.1',
  '127.0.0.1\u00AD',
  'localhost',
  'LOCALHOST',
  'LocalHost.',
  'ｌｏｃａｌｈｏｓｔ',
  'ⓛⓞⓒⓐⓛⓗⓞⓢⓣ',
  'loc\u00ADalhost',
  'local\u200Bhost',
  'localhoſt',
  'lo\tcal\nhost',
  'ℒocalhost',
  'a.b.localhost',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[0000:0000:0000:0000:0000:0000:0000:0001]',
  '[::0.0.0.1]',
  '[::127.0.0.1]',
  '[::7f00:1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[0:0:0:0:0:FFFF:7F00:0001]',
  '[::ffff:0:127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[64:ff9b:1::127.0.0.1]',
  '[64:ff9b:1:7f00:0:100::]',
  '[2002:7f00:1::]',
  '[2002:7f00:1::1]',
  '[2001:0:7f00:1::]',
  '[2001::80ff:fffe]',
  '[2a00::5efe:7f00:1]',
  '[2a00::200:5efe:127.0.0.1]',
  '0',
  '0.0.0.0',
  '00',
  '0x0',
  '0.',
  '0x',
  '[::]',
  '[0::0]',
];
/** Other networks that are nobody's on the internet, and the metadata of clouds. */
const inside = [
  '10.0.0.1',
  '10.255.255.255',
  '012.0.0.1',
  '0xa.1',
  '167772161',
  '172.16.0.1',
  '172.31.255.254',
  '0xac100001',
  '192.168.0.1',
  '192.168.257',
  '3232235777',
  '0300.0250.0.1',
  '100.64.0.1',
  '100.127.255.254',
  '169.254.1.1',
  '192.0.0.8',
  '192.0.2.1',
  '198.18.0.1',
  '198.51.100.7',
  '203.0.113.7',
  '224.0.0.1',
  '239.255.255.250',
  '240.0.0.1',
  '255.255.255.255',
  '4294967295',
  '0xffffffff',
  '[fc00::1]',
  '[fd12:3456:789a::1]',
  '[fe80::1]',
  '[fec0::1]',
  '[ff02::1]',
  '[100::1]',
  '[2001:db8::1]',
  '[3fff::1]',
  '[5f00::1]',
  '[4000::1]',
  '[::ffff:10.0.0.1]',
  '[::ffff:192.168.1.1]',
  '[::10.0.0.1]',
  '[64:ff9b::10.0.0.1]',
  '[2002:a00:1::1]',
  '[2002:c0a8:101::]',
  '[2001::f5ff:fffe]',
  '169.254.169.254',
  '169.254.169.254.',
  '2852039166',
  '0xa9fea9fe',
  '0251.0376.0251.0376',
  '0xa9.0xfe.0xa9.0xfe',
  '169.16689662',
  '169.254.43518',
  '①⑥⑨.②⑤④.①⑥⑨.②⑤④',
  '[::ffff:169.254.169.254]',
  '[::ffff:a9fe:a9fe]',
  '[64:ff9b::a9fe:a9fe]',
  '[2002:a9fe:a9fe::]',
  '[fd00:ec2::254]',
  '[fd20:ce::254]',
  '100.100.100.200',
  '168.63.129.16',
  '0xa83f8110',
  '[::ffff:168.63.129.16]',
  '[64:ff9b::168.63.129.16]',
  '192.0.0.192',
];
/** What a DNS of strangers may answer. 203.0.113.0/24 is no public address, and stands for none here: none is ever dialled. */
const names: Names = {
  'loopback.example': [['127.0.0.1']],
  'six.example': [['::1']],
  'mapped.example': [['::ffff:127.0.0.1']],
  'mapped-hex.example': [['::ffff:7f00:1']],
  'compatible.example': [['::127.0.0.1']],
  'nat64.example': [['64:ff9b::7f00:1']],
  'sixtofour.example': [['2002:7f00:1::1']],
  'teredo.example': [['2001::80ff:fffe']],
  'any.example': [['0.0.0.0']],
  'any-six.example': [['::']],
  'ten.example': [['10.0.0.1']],
  'metadata.google.internal': [['169.254.169.254']],
  'metadata.example': [['169.254.169.254']],
  'metadata-six.example': [['fd00:ec2::254']],
  'azure.example': [['168.63.129.16']],
  'alibaba.example': [['100.100.100.200']],
  'zone.example': [['fe80::1%lo']],
  'link-local.example': [['fe80::1']],
  'first-public.example': [['1.1.1.1', '127.0.0.1']],
  'last-public.example': [['127.0.0.1', '1.1.1.1']],
  'public-and-six.example': [['1.1.1.1', '2606:4700:4700::1111', '::1']],
  'many.example': [[...Array.from({ length: 200 }, (_, index) => `1.1.1.${index}`), '10.0.0.1']],
  'nothing-but-text.example': [['localhost']],
  'octal.example': [['0177.0.0.1']],
  'xn--bcher-kva.example': [['127.0.0.1']],
  '127.0.0.1.nip.example': [['127.0.0.1']],
};
/** Links of other schemes, or of none that a URL parser sees. */
const schemes: readonly (readonly [link: string, row: FailureName])[] = [
  ...[
    'file:///etc/passwd',
    'file://localhost/etc/passwd',
    'FILE:///etc/passwd',
    'ftp://127.0.0.1/x',
    'ftps://127.0.0.1/x',
    'sftp://127.0.0.1/x',
    'gopher://127.0.0.1:70/_x',
    'dict://127.0.0.1:11211/stat',
    'ldap://127.0.0.1/',
    'tftp://127.0.0.1/x',
    'smb://127.0.0.1/share',
    'ws://127.0.0.1/',
    'wss://127.0.0.1/',
    'jar://127.0.0.1/',
    'unix://run/docker.sock',
    'http+unix://%2frun%2fdocker.sock/info',
    's3://bucket/key',
    'view-source://127.0.0.1/',
    'blob://127.0.0.1/x',
    'about://blank',
    'chrome://settings',
    'node://fs',
    'php://filter/resource=/etc/passwd',
    'redis://127.0.0.1:6379/',
  ].map((link) => [link, 'sourceRefused'] as const),
  ...[
    'javascript:alert(1)',
    'data:text/plain,x',
    'http://',
    'https://',
    'http://:80/',
    'http://127.0.0.1:65536/',
    'http://127.0.0.1:-1/',
    'http://127.0.0.1:80a/',
    'http://127.0.0.1%00.example/',
    'http://127.0.0.1%20/',
    'http://localhost%2fx/',
    'http://local host/',
    'http://1.2.3.4.5/',
    'http://256.0.0.1/',
    'http://4294967296/',
    'http://0x100000000/',
    'http://127.0.0.1.0x/',
    'http://[::1/',
    'http://::1/',
    'http://[::1%25lo]/',
    'http://[::1%lo]/',
    'http://[fe80::1%25eth0]/',
    'http://[127.0.0.1]/',
    'http://[::ffff:0177.0.0.1]/',
    'http://[::ffff:127.1]/',
    'http://a<b/',
    'http://a|b/',
    'http://a^b/',
  ].map((link) => [link, 'linkInvalid'] as const),
];

describe('a link of a stranger', { timeout: 120_000 }, () => {
  let canary: Canary;
  let door: Door;
  const { resolve, asked } = resolverOf(names);
  before(async () => {
    canary = await startCanary();
    door = await openDoor({ resolve });
  });
  after(async () => {
    assert.equal(canary.hits, 0);
    assert.deepEqual(await door.files(), []);
    const logged = door.logged.join('');
    assert.doesNotMatch(logged, /secret/);
    assert.match(logged, /a source was refused host="127\.0\.0\.1" address="127\.0\.0\.1"/);
    await canary[Symbol.asyncDispose]();
    await door[Symbol.asyncDispose]();
  });

  /** Refused in the one way, whatever it leads to, and with nothing said to anybody. */
  const refused = async (link: string) => {
    await assert.rejects(door.get(link), fails('sourceRefused'));
    assert.equal(canary.hits, 0);
  };
  for (const host of [...loopback, ...inside]) {
    row(`is refused at ${JSON.stringify(host)}`, () =>
      refused(`http://${host}:${canary.port}/secret.pdf?secret=secret`),
    );
  }
  for (const host of Object.keys(names)) {
    row(`is refused at the name ${host}: ${names[host]?.flat().slice(0, 3).join(', ')}`, async () => {
      await refused(`http://${host}:${canary.port}/secret.pdf`);
      assert.equal(asked.filter((name) => name === host).length, 1);
    });
  }
  for (const [link, name] of schemes) {
    row(`is no link to follow: ${link}`, () => assert.rejects(door.get(link), fails(name)));
  }
  for (const user of ['user', 'user:secret', ':secret', '%00:secret', 'evil.example', 'a:b:c']) {
    row(`holds no user: ${user}@`, () =>
      assert.rejects(door.get(`http://${user}@127.0.0.1:${canary.port}/`), fails('linkHoldsUser')),
    );
  }
  for (const trick of [
    (port: number) => `http://127.0.0.1:${port}\\@evil.example/`,
    (port: number) => `http://127.0.0.1:${port}/@evil.example/`,
    (port: number) => `http://127.0.0.1:${port}#@evil.example/`,
    (port: number) => `http://127.0.0.1:${port}?@evil.example/`,
    (port: number) => `http://127.0.0.1:${port}\\`,
    (port: number) => `http:///127.0.0.1:${port}/`,
    (port: number) => `http:////127.0.0.1:${port}/`,
    (port: number) => `http://@127.0.0.1:${port}/`,
    (port: number) => `http://:@127.0.0.1:${port}/`,
    (port: number) => ` \t http://127.0.0.1:${port}/ \n`,
    (port: number) => `http://127.0.0.1:000${port}/`,
    (port: number) => `127.0.0.1:${port}`,
    (port: number) => `//127.0.0.1:${port}/`,
    (port: number) => `localhost:${port}/x`,
    (port: number) => `HtTpS://127.0.0.1:${port}/`,
    () => 'http://127.0.0.1/',
    () => 'https://127.0.0.1/',
    () => 'http://127.0.0.1:0/',
    () => 'http://127.0.0.1:22/',
    () => 'http://127.0.0.1:65535/',
  ]) {
    row(`is read once: ${trick(80)}`, () => refused(trick(canary.port)));
  }
  row('to a name that nobody knows is told apart: nothing was refused', () =>
    assert.rejects(door.get('http://nobody.example/'), fails('sourceUnreachable', /name is not known/)),
  );
});

describe('a redirect', { timeout: 120_000 }, () => {
  let canary: Canary;
  let world: RawServer;
  let door: Door;
  let location = '';
  let status = 302;
  const { resolve, asked } = resolverOf({ ...names, 'world.example': [['127.0.0.1']] });
  before(async () => {
    canary = await startCanary(['127.0.0.2', '::1']);
    world = await startRaw((socket, { path }) => {
      if (path === '/file') return void socket.end(ok('the file'));
      socket.end(`HTTP/1.1 ${status} Moved\r\nlocation: ${path === '/twice' ? '/once' : location}\r\n\r\n`);
    });
    door = await openDoor({ allow: ['127.0.0.1'], resolve });
  });
  after(async () => {
    assert.equal(canary.hits, 0);
    assert.deepEqual(await door.files(), []);
    await Promise.all([canary, world, door].map((one) => one[Symbol.asyncDispose]()));
  });

  const statuses = [301, 302, 303, 307, 308];
  const goals: readonly (readonly [goal: string, row: FailureName, says?: RegExp])[] = [
    ...[
      'http://127.0.0.2:PORT/',
      'http://127.2:PORT/',
      'http://2130706434:PORT/',
      'http://0x7f.2:PORT/',
      'http://0177.0.0.2:PORT/',
      'http://127.0.0.2.:PORT/',
      'http://[::1]:PORT/',
      'http://[::ffff:127.0.0.2]:PORT/',
      'http://[64:ff9b::7f00:2]:PORT/',
      'http://[2002:7f00:2::]:PORT/',
      '//127.0.0.2:PORT/x',
      '///127.0.0.2:PORT/x',
      '\\\\127.0.0.2:PORT\\x',
      'http:\\\\127.0.0.2:PORT',
      'https://127.0.0.2:PORT/',
      'http://localhost:PORT/',
      'http://six.example:PORT/',
      'http://many.example:PORT/',
      'http://metadata.google.internal/computeMetadata/v1/',
      'http://169.254.169.254/latest/meta-data/',
      'http://[fd00:ec2::254]/latest/meta-data/',
      'http://168.63.129.16/machine/?comp=goalstate',
      'http://10.0.0.1/',
      'http://user@127.0.0.1:WORLD/file',
      'http://user:pw@127.0.0.1:WORLD/file',
      'file:///etc/passwd',
      'ftp://127.0.0.2:PORT/',
      'gopher://127.0.0.2:PORT/',
      'data:text/plain,x',
      'javascript:alert(1)',
      'about:blank',
      'mailto:a@example.com',
      'ws://127.0.0.2:PORT/',
    ].map((goal) => [goal, 'sourceRefused'] as const),
    ['http://', 'sourceUnreachable', /redirects to nowhere/],
    ['http://[::1', 'sourceUnreachable', /redirects to nowhere/],
    ['http://1.2.3.4.5/', 'sourceUnreachable', /redirects to nowhere/],
    ['http://nobody.example/', 'sourceUnreachable', /name is not known/],
    ['/loop', 'sourceUnreachable', /redirects too often/],
    ['', 'sourceUnreachable', /redirects too often/],
    ['?again', 'sourceUnreachable', /redirects too often/],
    ['http://world.example:WORLD/loop', 'sourceUnreachable', /redirects too often/],
  ];
  for (const [index, [goal, name, says]] of goals.entries()) {
    const code = statuses[index % statuses.length] ?? 302;
    row(`${code} to ${goal === '' ? 'nothing' : goal}: ${name}`, async () => {
      status = code;
      location = goal.replace('PORT', String(canary.port)).replace('WORLD', String(world.port));
      for (const path of ['/once', '/twice'])
        await assert.rejects(door.get(world.base + path), fails(name, says));
      assert.equal(canary.hits, 0);
    });
  }
  row('to where it may go is followed, also by a relative link', async () => {
    for (const goal of ['/file', 'file', './a/../file', `//127.0.0.1:${world.port}/file`]) {
      location = goal;
      assert.equal((await door.get(`${world.base}/once`)).sizeBytes, 8);
    }
    await door[Symbol.asyncDispose]();
    door = await openDoor({ allow: ['127.0.0.1'], resolve });
  });
  row('looks each name up anew, once for each request', async () => {
    asked.length = 0;
    status = 302;
    location = `http://world.example:${world.port}/file`;
    await door.get(`http://world.example:${world.port}/twice`);
    assert.deepEqual(asked, ['world.example', 'world.example', 'world.example']);
    await door[Symbol.asyncDispose]();
    door = await openDoor({ allow: ['127.0.0.1'], resolve });
  });
});

describe('a name that stands for another address each time', { timeout: 60_000 }, () => {
  for (const [title, allow, answers, paths, refusedAt] of [
    ['is dialled by the one that was checked', ['127.0.0.1'], [['127.0.0.1'], ['127.0.0.2']], ['/file'], -1],
    ['is checked for each link', ['127.0.0.1'], [['127.0.0.1'], ['127.0.0.2']], ['/file', '/file'], 1],
    ['is checked for each redirect', ['127.0.0.1'], [['127.0.0.1'], ['127.0.0.2']], ['/moved'], 0],
    ['is refused with one bad address of two', ['127.0.0.1'], [['127.0.0.1', '127.0.0.2']], ['/file'], 0],
    ['is refused with one bad address first', ['127.0.0.1'], [['127.0.0.2', '127.0.0.1']], ['/file'], 0],
    ['is taken with two good ones', ['127.0.0.1', '127.0.0.3'], [['127.0.0.3', '127.0.0.1']], ['/file'], -1],
  ] as const) {
    row(title, async () => {
      await using canary = await startCanary(['127.0.0.2']);
      await using world = await startRaw((socket, { path }) => {
        const moved = `HTTP/1.1 302 Moved\r\nlocation: http://rebinding.example:${canary.port}/\r\n\r\n`;
        socket.end(path === '/moved' ? moved : ok('the file'));
      });
      const { resolve, asked } = resolverOf({ 'rebinding.example': answers });
      await using door = await openDoor({ allow, resolve });
      for (const [index, path] of paths.entries()) {
        const got = door.get(`http://rebinding.example:${world.port}${path}`);
        if (index === refusedAt) await assert.rejects(got, fails('sourceRefused'));
        else assert.equal((await got).sizeBytes, 8);
      }
      assert.equal(canary.hits, 0);
      assert.equal(asked.length, paths.length + paths.filter((path) => path === '/moved').length);
      for (const head of world.heads) assert.match(head, /^host: rebinding\.example:\d+\r$/m);
    });
  }
  for (const [any, real] of [
    ['0.0.0.0', '127.0.0.1'],
    ['[::]', '::1'],
  ] as const) {
    row(`and an address that leads to another one is found out before a byte is sent: ${any}`, async () => {
      await using heard = await startRaw((socket) => socket.end(ok('the file')));
      await using canary = await startCanary([real]);
      const port = real === '::1' ? canary.port : heard.port;
      await using closed = await openDoor({ allow: [any.replaceAll(/[[\]]/g, '')] });
      await assert.rejects(closed.get(`http://${any}:${port}/`), fails('sourceRefused'));
      assert.deepEqual(heard.heads, []);
      assert.match(closed.logged.join(''), new RegExp(`address="${real}"`));
    });
  }
});

describe('credentials', { timeout: 60_000 }, () => {
  const sent = `authorization: Basic ${Buffer.from('user:päss').toString('base64')}`;
  for (const [title, steps, expected] of [
    ['go to the host of the link', ['A/file'], [true]],
    ['follow to the same origin', ['A/1', '/2', '/file'], [true, true, true]],
    ['stay away from another port', ['A/1', 'B/file'], [true, false]],
    ['stay away from another name of the same address', ['A/1', 'N/file'], [true, false]],
    ['do not come back after a way round', ['A/1', 'B/2', 'A/file'], [true, false, false]],
    ['do not come back by a relative link', ['A/1', 'B/2', '/file'], [true, false, false]],
  ] as const) {
    row(title, async () => {
      const seen: boolean[] = [];
      const goals: string[] = [];
      const says: Says = (socket, { head }) => {
        seen.push(head.toLowerCase().includes(sent.toLowerCase()));
        const next = goals.shift();
        socket.end(next === undefined ? ok('the file') : `HTTP/1.1 307 Moved\r\nlocation: ${next}\r\n\r\n`);
      };
      await using first = await startRaw(says);
      await using second = await startRaw(says);
      const bases = { A: first.base, B: second.base, N: `http://name.example:${first.port}` };
      const [begin = '', ...rest] = steps.map((step) =>
        step.replace(/^[ABN]/, (letter) => bases[letter as keyof typeof bases]),
      );
      goals.push(...rest);
      const { resolve } = resolverOf({ 'name.example': [['127.0.0.1']] });
      await using door = await openDoor({ allow: ['127.0.0.1'], resolve });
      await door.get(begin, 'user', 'päss');
      assert.deepEqual(seen, expected);
      assert.doesNotMatch(door.logged.join(''), /päss/);
    });
  }
});

describe('an answer', { timeout: 120_000 }, () => {
  const head = (...lines: string[]) =>
    `HTTP/1.1 200 OK\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`;
  /** Writes the same again and again, as fast as it is taken. */
  const endless = (begin: string, again: string): Says => {
    return (socket) => {
      const piece = again.repeat(Math.ceil(4_096 / again.length));
      const more = () => {
        while (!socket.destroyed) if (!socket.write(piece, 'latin1')) return void socket.once('drain', more);
      };
      socket.write(begin, 'latin1');
      more();
    };
  };
  /** Writes a little, again and again, and never what was waited for. */
  const drips = (begin: string, again: string): Says => {
    return (socket) => {
      socket.write(begin);
      const timer = setInterval(() => socket.write(again), 5);
      socket.on('close', () => clearInterval(timer));
    };
  };
  const bomb = gzipSync(Buffer.alloc(1_000_000)).toString('latin1');
  const says =
    (text: string): Says =>
    (socket) =>
      socket.end(text, 'latin1');

  const table: readonly (readonly [title: string, says: Says, row: FailureName | number, words?: RegExp])[] =
    [
      ['is taken as it comes', says(ok('the file')), 8],
      [
        'is taken in pieces',
        says(`${head('transfer-encoding: chunked')}3\r\nthe\r\n5\r\n file\r\n0\r\n\r\n`),
        8,
      ],
      ['is taken up to the end of the connection', says(`${head()}the file`), 8],
      ['is empty', says(head('content-length: 0')), 0],
      ['is as long as may be', says(ok('x'.repeat(100_000))), 100_000],
      [
        'comes after others that tell of it',
        says(`HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n${ok('the file')}`),
        8,
      ],
      [
        'has a long header',
        says(head(`x: ${'a'.repeat(20_000)}`)),
        'sourceUnreachable',
        /headers are too long/,
      ],
      ['has a header without end', endless('HTTP/1.1 200 OK\r\nx: ', 'a'), 'sourceUnreachable', /too long/],
      [
        'has headers without end',
        endless('HTTP/1.1 200 OK\r\n', 'x: y\r\n'),
        'sourceUnreachable',
        /too long/,
      ],
      ['has a first line without end', endless('HTTP/1.1 200 ', 'O'), 'sourceUnreachable'],
      [
        'has trailers without end',
        endless(`${head('transfer-encoding: chunked')}0\r\n`, 'x: y\r\n'),
        'sourceUnreachable',
      ],
      [
        'has extensions of chunks without end',
        endless(`${head('transfer-encoding: chunked')}5;x=`, 'a'),
        'sourceUnreachable',
      ],
      ['is told of without end', endless('', 'HTTP/1.1 100 Continue\r\n\r\n'), 'sourceUnreachable'],
      ['has a body without end', endless(head(), 'x'), 'uploadTooLarge'],
      [
        'has chunks without end',
        endless(head('transfer-encoding: chunked'), '4\r\nfile\r\n'),
        'uploadTooLarge',
      ],
      ['announces too much', says(head('content-length: 100001')), 'uploadTooLarge'],
      ['announces far too much', says(head('content-length: 99999999999999999999')), 'sourceUnreachable'],
      ['is one byte too long', says(`${head()}${'x'.repeat(100_001)}`), 'uploadTooLarge'],
      ['is a bomb of gzip', says(head('content-encoding: gzip') + bomb), 'sourceUnreachable', /compressed/],
      [
        'is a bomb, hidden twice',
        says(head('content-encoding: identity, gzip') + bomb),
        'sourceUnreachable',
        /compressed/,
      ],
      [
        'is a bomb of another kind',
        says(head('content-encoding: br') + bomb),
        'sourceUnreachable',
        /compressed/,
      ],
      [
        'is a bomb in two headers',
        says(head('content-encoding: identity', 'content-encoding: gzip') + bomb),
        'sourceUnreachable',
        /compressed/,
      ],
      [
        'is a bomb on its way',
        says(`${head('transfer-encoding: gzip, chunked')}1\r\nx\r\n0\r\n\r\n`),
        'sourceUnreachable',
        /compressed/,
      ],
      [
        'ends before its length',
        says(head('content-length: 20') + 'the file'),
        'sourceUnreachable',
        /failed/,
      ],
      [
        'ends before its last chunk',
        says(`${head('transfer-encoding: chunked')}8\r\nthe file\r\n`),
        'sourceUnreachable',
      ],
      [
        'ends within a chunk',
        says(`${head('transfer-encoding: chunked')}20\r\nthe file`),
        'sourceUnreachable',
      ],
      ['goes on after its length', says(`${head('content-length: 8')}the file, and more`), 8],
      [
        'has two lengths',
        says(head('content-length: 8', 'content-length: 9') + 'the file'),
        'sourceUnreachable',
      ],
      ['has a length below zero', says(head('content-length: -8') + 'the file'), 'sourceUnreachable'],
      ['has a length in words', says(head('content-length: eight') + 'the file'), 'sourceUnreachable'],
      ['has a length with a sign', says(head('content-length: +8') + 'the file'), 'sourceUnreachable'],
      [
        'has a length and chunks',
        says(`${head('content-length: 8', 'transfer-encoding: chunked')}8\r\nthe file\r\n0\r\n\r\n`),
        'sourceUnreachable',
      ],
      [
        'has a chunk of no number',
        says(`${head('transfer-encoding: chunked')}zz\r\nthe file\r\n0\r\n\r\n`),
        'sourceUnreachable',
      ],
      [
        'has a chunk larger than all numbers',
        says(`${head('transfer-encoding: chunked')}${'f'.repeat(20)}\r\nx`),
        'sourceUnreachable',
      ],
      ['is no HTTP', says('SSH-2.0-OpenSSH_9.2p1\r\n'), 'sourceUnreachable', /does not speak HTTP/],
      ['is a greeting of a mail server', says('220 mail.example ESMTP\r\n'), 'sourceUnreachable'],
      ['is HTTP without a head', says('the file'), 'sourceUnreachable'],
      ['breaks a line in a header', says(head('x: a\rb') + 'the file'), 'sourceUnreachable'],
      ['has a NUL in a header', says(head('x: a\0b') + 'the file'), 'sourceUnreachable'],
      ['is nothing', (socket) => socket.end(), 'sourceUnreachable', /connection failed/],
      ['is a reset', (socket) => socket.resetAndDestroy(), 'sourceUnreachable', /connection failed/],
      [
        'speaks another protocol from now on',
        says('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
        'sourceUnreachable',
      ],
      [
        'is another one than 200',
        says('HTTP/1.1 206 Partial\r\ncontent-length: 3\r\n\r\nthe'),
        'sourceUnreachable',
        /answered 206/,
      ],
      ['is a redirect without a goal', says('HTTP/1.1 302 Moved\r\n\r\n'), 'sourceUnreachable', /to nowhere/],
      [
        'is a redirect with a body without end',
        endless('HTTP/1.1 302 Moved\r\nlocation: http://10.0.0.1/\r\n\r\n', 'x'),
        'sourceRefused',
      ],
      ['does not come', () => {}, 'sourceUnreachable', /went silent/],
      [
        'stops in its head',
        (socket) => socket.write('HTTP/1.1 200 OK\r\n'),
        'sourceUnreachable',
        /went silent/,
      ],
      [
        'stops in its body',
        (socket) => socket.write(head('content-length: 8')),
        'sourceUnreachable',
        /went silent/,
      ],
      ['drips its first line', drips('HTTP/1.1 200 ', 'O'), 'sourceUnreachable', /went silent/],
      ['drips its headers', drips('HTTP/1.1 200 OK\r\n', 'x: y\r\n'), 'sourceUnreachable', /went silent/],
      [
        'drips others that tell of it',
        drips('', 'HTTP/1.1 102 Processing\r\n\r\n'),
        'sourceUnreachable',
        /went silent/,
      ],
      ['drips its body', drips(head(), 'x'), 'sourceUnreachable', /too slowly/],
      [
        'drips its chunks',
        drips(head('transfer-encoding: chunked'), '1\r\nx\r\n'),
        'sourceUnreachable',
        /too slowly/,
      ],
      [
        'drips the size of a chunk',
        drips(`${head('transfer-encoding: chunked')}1;`, 'x'),
        'sourceUnreachable',
      ],
      [
        'drips its trailers',
        drips(`${head('transfer-encoding: chunked')}1\r\nx\r\n0\r\n`, 'x: y\r\n'),
        'sourceUnreachable',
      ],
    ];
  for (const [title, act, expected, words] of table) {
    row(`${title}: ${expected}`, async () => {
      await using world = await startRaw(act);
      await using door = await openDoor({
        allow: ['127.0.0.1'],
        idleMsMax: /drip|stop|does not/.test(title) ? 150 : 10_000,
        bytesPerSecondMin: 10_000,
      });
      const got = door.get(`${world.base}/secret?secret`);
      if (typeof expected === 'number') {
        assert.equal((await got).sizeBytes, expected);
      } else {
        await assert.rejects(got, fails(expected, words));
        assert.deepEqual(await door.files(), []);
        assert.doesNotMatch(door.logged.join(''), /secret/);
      }
      assert.match(world.heads[0] ?? '', /^accept-encoding: identity\r$/m);
    });
  }
});

describe('the table', () => {
  it('has at least 200 cases', () => assert.ok(cases >= 200, String(cases)));
});

function ok(body: string): string {
  return `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}
