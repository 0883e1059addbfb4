import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isPublic, isWithin, leadsInto, type Network, readNetwork } from '../../src/net/addresses.ts';
import { readAllowed } from '../../src/net/allowed.ts';

const publicOnes = [
  '1.1.1.1',
  '8.8.8.8',
  '100.63.255.255',
  '100.128.0.0',
  '172.15.255.255',
  '172.32.0.0',
  '192.167.255.255',
  '198.20.0.0',
  '223.255.255.255',
  '2606:4700:4700::1111',
  '2a00:1450:4001:80b::200e',
  '2001:200::1',
  '::ffff:8.8.8.8',
  '64:ff9b::8.8.8.8',
];
const refusedOnes = [
  '0.0.0.0',
  '0.1.2.3',
  '10.0.0.1',
  '100.64.0.1',
  '100.127.255.255',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.1',
  '192.0.2.1',
  '192.88.99.1',
  '192.168.1.1',
  '198.18.0.1',
  '198.19.255.255',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '239.255.255.255',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::127.0.0.1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '0:0:0:0:0:ffff:7f00:0001',
  '::ffff:169.254.169.254',
  '::ffff:0:127.0.0.1',
  '64:ff9b::127.0.0.1',
  '64:ff9b::a00:1',
  '64:ff9b:1::8.8.8.8',
  '100::1',
  '2001::1',
  '2001:db8::1',
  '2002:7f00:1::1',
  '3fff::1',
  '4000::1',
  '5f00::1',
  'fc00::1',
  'fd12:3456::1',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  'ff02::1',
  '',
  'localhost',
  '127.1',
  '0x7f000001',
  '2606:4700:4700::1111%eth0',
];

describe('addresses', () => {
  for (const address of publicOnes) it(`takes ${address}`, () => assert.ok(isPublic(address)));
  for (const address of refusedOnes)
    it(`refuses ${address || 'nothing'}`, () => assert.ok(!isPublic(address)));

  it('finds an IPv4 address in a network, however it is wrapped', () => {
    const among = (address: string) =>
      ['10.1.0.0/16', 'fd00::/8', '192.168.7.7'].some((text) => isWithin(address, network(text)));
    for (const address of ['10.1.2.3', '::ffff:10.1.2.3', '64:ff9b::10.1.2.3', 'fd12::1', '192.168.7.7']) {
      assert.ok(among(address), address);
    }
    for (const address of ['10.2.0.1', '192.168.7.8', 'fe80::1', 'text']) assert.ok(!among(address), address);
  });

  it('finds an IPv4 address in whatever carries it', () => {
    const ten = network('10.1.2.3');
    for (const address of [
      '10.1.2.3',
      '::10.1.2.3',
      '::ffff:10.1.2.3',
      '::ffff:0:10.1.2.3',
      '64:ff9b::10.1.2.3',
      '64:ff9b:1::10.1.2.3',
      '64:ff9b:1:a01:2:300::',
      '2002:a01:203::1',
      '2001:0:a01:203::',
      '2001::f5fe:fdfc',
      '2a00::5efe:10.1.2.3',
      '2a00::200:5efe:10.1.2.3',
      'fe80::5efe:10.1.2.3',
    ]) {
      assert.ok(leadsInto(address, ten), address);
      assert.ok(!isPublic(address), address);
    }
    for (const address of ['10.1.2.4', '2a00::10.1.2.3', '2002:a01:204::1', '2001:db8::1', 'text'])
      assert.ok(!leadsInto(address, ten), address);
  });

  it('reads networks by one spelling alone', () => {
    for (const text of ['10.1.0.0/16', '10.1.2.3', '0.0.0.0/0', '::/0', 'fd00::/8', '::ffff:10.0.0.0/104'])
      assert.notEqual(readNetwork(text), null, text);
    for (const text of [
      '',
      'text',
      '10.1',
      '10.1/16',
      '012.0.0.1',
      '0x0a.0.0.1',
      '10.0.0.0/33',
      '::/129',
      '10.0.0.0/',
      '10.0.0.0/-1',
      '10.0.0.0/8/8',
      '10.0.0.0/8 ',
      'fe80::1%eth0',
      '::ffff:0177.0.0.1',
      '[::1]',
    ])
      assert.equal(readNetwork(text), null, text);
  });
});

function network(text: string): Network {
  const read = readNetwork(text);
  assert.ok(read !== null, text);
  return read;
}

describe('allowed sources', () => {
  it('lets a prefix of a link through to any address, by whole parts of its path', () => {
    const allowed = readAllowed(['http://files.local:8081/pub']);
    const may = (link: string) => allowed.address(new URL(link), '10.0.0.1');
    for (const link of [
      'http://files.local:8081/pub',
      'http://files.local:8081/pub/a.pdf?x=1',
      'HTTP://FILES.local:8081/pub/',
    ]) {
      assert.ok(may(link), link);
    }
    for (const link of [
      'https://files.local:8081/pub/a',
      'http://files.local/pub/a',
      'http://files.local:8081/public',
      'http://files.local:8081/pub/../secret',
      'http://files.local:8081/pub/%2e%2e/secret',
      'http://files.local:8081/pub/..%2fsecret',
      'http://files.local:8081/pub/..%5Csecret',
      'http://files.local.evil.example:8081/pub/a',
      'http://evil.example/http://files.local:8081/pub/a',
      'http://files.local:8081/pub/..;/secret',
      'http://files.local:8081/pub/%2e%2e;x=1/secret',
    ]) {
      assert.ok(!may(link), link);
    }
  });

  it('lets networks through', () => {
    const allowed = readAllowed(['10.1.0.0/16', '::1', '127.0.0.1']);
    const url = new URL('http://any.example/');
    for (const address of ['10.1.9.9', '::1', '127.0.0.1', '8.8.8.8'])
      assert.ok(allowed.address(url, address), address);
    for (const address of ['10.2.0.1', '127.0.0.2', 'fe80::1'])
      assert.ok(!allowed.address(url, address), address);
  });

  for (const entry of [
    '',
    'files.local',
    '10.1.0.0/33',
    '10.1.0.0/',
    '10.1.0.0/x',
    'ftp://files.local/',
    '0x7f.1',
    '127.0.0.1:80',
    'http://me:pw@files.local/',
    'http://files.local/?a',
    'http://files.local/#a',
    '10.1',
    'http://',
  ]) {
    it(`says that "${entry}" cannot be read`, () => {
      assert.throws(() => readAllowed([entry]), /OCTAVO_ALLOW_SOURCES/);
    });
  }

  it('never open the metadata of a cloud, in any wrapping', () => {
    const allowed = readAllowed(['0.0.0.0/0', '::/0', 'http://any.example/']);
    const url = new URL('http://any.example/');
    for (const address of [
      '10.0.0.1',
      '127.0.0.1',
      '169.253.255.255',
      '168.63.129.17',
      'fd00:ec3::254',
      '::1',
    ])
      assert.ok(allowed.address(url, address), address);
    for (const address of [
      '169.254.169.254',
      '169.254.170.2',
      '169.254.42.42',
      '169.254.0.23',
      '100.100.100.200',
      '168.63.129.16',
      '192.0.0.192',
      'fd00:ec2::254',
      'fd00:ec2::23',
      'fd00:42::42',
      'fd20:ce::254',
      'fe80::a9fe:a9fe',
      '::ffff:169.254.169.254',
      '::169.254.169.254',
      '::ffff:0:169.254.169.254',
      '64:ff9b::169.254.169.254',
      '64:ff9b::168.63.129.16',
      '64:ff9b:1::100.100.100.200',
      '2002:a9fe:a9fe::1',
      '2001:0:a9fe:a9fe::1',
      '2001::5601:5601',
      '2a00::5efe:169.254.169.254',
    ])
      assert.ok(!allowed.address(url, address), address);
  });

  for (const entry of [
    '169.254.169.254',
    '169.254.0.0/16',
    '169.254.10.0/24',
    'http://169.254.169.254/latest/',
    'http://0xa9fea9fe/',
    'http://[fd00:ec2::254]/',
    '168.63.129.16/32',
    'fd00:ec2::254',
  ])
    it(`says that ${entry} cannot be opened`, () => {
      assert.throws(() => readAllowed([entry]), /OCTAVO_ALLOW_SOURCES.*cannot be opened/);
    });
});
