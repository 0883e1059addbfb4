/** Our judgement of addresses against the registries of IANA, row by row. */
import assert from 'node:assert/strict';
import { BlockList, isIPv4 } from 'node:net';
import { describe, it } from 'node:test';
import { isPublic, readNetwork } from '../../src/net/addresses.ts';

/**
 * The special-purpose registries, https://www.iana.org/assignments/iana-ipv4-special-registry and
 * https://www.iana.org/assignments/iana-ipv6-special-registry, with their column "Globally Reachable"; N/A counts as false. The
 * last column is what we do with it where that is something else, and why.
 */
const registry: readonly (readonly [block: string, name: string, reachable: boolean, refusedAs?: string])[] =
  [
    ['0.0.0.0/8', 'This network', false],
    ['0.0.0.0/32', 'This host on this network', false],
    ['10.0.0.0/8', 'Private-Use', false],
    ['100.64.0.0/10', 'Shared Address Space', false],
    ['127.0.0.0/8', 'Loopback', false],
    ['169.254.0.0/16', 'Link Local', false],
    ['172.16.0.0/12', 'Private-Use', false],
    ['192.0.0.0/24', 'IETF Protocol Assignments', false],
    ['192.0.0.0/29', 'IPv4 Service Continuity Prefix', false],
    ['192.0.0.8/32', 'IPv4 dummy address', false],
    ['192.0.0.9/32', 'Port Control Protocol Anycast', true, 'the nearest router'],
    ['192.0.0.10/32', 'Traversal Using Relays around NAT Anycast', true, 'the nearest relay'],
    ['192.0.0.170/32', 'NAT64/DNS64 Discovery', false],
    ['192.0.0.171/32', 'NAT64/DNS64 Discovery', false],
    ['192.0.2.0/24', 'Documentation (TEST-NET-1)', false],
    ['192.31.196.0/24', 'AS112-v4', true, 'the nearest sink for DNS'],
    ['192.52.193.0/24', 'AMT', true, 'the nearest relay'],
    ['192.88.99.0/24', 'Deprecated (6to4 Relay Anycast)', false],
    ['192.88.99.2/32', '6a44-relay anycast address', false],
    ['192.168.0.0/16', 'Private-Use', false],
    ['192.175.48.0/24', 'Direct Delegation AS112 Service', true, 'the nearest sink for DNS'],
    ['198.18.0.0/15', 'Benchmarking', false],
    ['198.51.100.0/24', 'Documentation (TEST-NET-2)', false],
    ['203.0.113.0/24', 'Documentation (TEST-NET-3)', false],
    ['240.0.0.0/4', 'Reserved', false],
    ['255.255.255.255/32', 'Limited Broadcast', false],
    ['::1/128', 'Loopback Address', false],
    ['::/128', 'Unspecified Address', false],
    ['64:ff9b:1::/48', 'IPv4-IPv6 Translat.', false],
    ['100::/64', 'Discard-Only Address Block', false],
    ['100:0:0:1::/64', 'Dummy IPv6 Prefix', false],
    ['2001::/23', 'IETF Protocol Assignments', false],
    ['2001::/32', 'TEREDO', false],
    ['2001:1::1/128', 'Port Control Protocol Anycast', true, 'the nearest router'],
    ['2001:1::2/128', 'Traversal Using Relays around NAT Anycast', true, 'the nearest relay'],
    ['2001:1::3/128', 'DNS-SD Service Registration Protocol Anycast', true, 'the nearest registrar'],
    ['2001:2::/48', 'Benchmarking', false],
    ['2001:3::/32', 'AMT', true, 'the nearest relay'],
    ['2001:4:112::/48', 'AS112-v6', true, 'the nearest sink for DNS'],
    ['2001:10::/28', 'Deprecated (previously ORCHID)', false],
    ['2001:20::/28', 'ORCHIDv2', true, 'names of hosts, not routed'],
    [
      '2001:30::/28',
      'Drone Remote ID Protocol Entity Tags (DETs) Prefix',
      true,
      'names of drones, not routed',
    ],
    ['2001:db8::/32', 'Documentation', false],
    ['2002::/16', '6to4', false],
    ['2620:4f:8000::/48', 'Direct Delegation AS112 Service', true, 'the nearest sink for DNS'],
    ['3fff::/20', 'Documentation', false],
    ['5f00::/16', 'Segment Routing (SRv6) SIDs', false],
    ['fc00::/7', 'Unique-Local', false],
    ['fe80::/10', 'Link-Local Unicast', false],
  ];
/** Judged by the IPv4 address inside: `::ffff:0:0/96` (not reachable as such, but the form in which IPv4 is dialled) and NAT64. */
const wrappings = ['::ffff:', '64:ff9b::'];
/** https://www.iana.org/assignments/multicast-addresses and https://www.iana.org/assignments/ipv6-address-space: no one host. */
const notUnicast = ['224.0.0.0/4', 'ff00::/8'];
/** The same registry of the space of IPv6: what was never handed out, or taken back. All but 2000::/3 and the rows above. */
const unassignedIPv6 = [
  '::/8',
  '100::/8',
  '200::/7',
  '400::/6',
  '800::/5',
  '1000::/4',
  '4000::/3',
  '6000::/3',
  '8000::/3',
  'a000::/3',
  'c000::/3',
  'e000::/4',
  'f000::/5',
  'f800::/6',
  'fe00::/9',
  'fec0::/10',
];
/** https://www.iana.org/assignments/ipv6-unicast-address-assignments: a block of each registry of a continent. */
const assignedIPv6 = [
  '2001:200::/23',
  '2001:400::/23',
  '2400::/12',
  '2600::/12',
  '2800::/12',
  '2a00::/12',
  '2c00::/12',
];

describe('the special-purpose registries', () => {
  for (const [block, name, reachable, refusedAs] of registry) {
    it(`${block}, ${name}: refused${refusedAs === undefined ? '' : `, being ${refusedAs}`}`, () => {
      assert.equal(reachable, refusedAs !== undefined);
      for (const address of samples(block)) assert.ok(!isPublic(address), address);
    });
  }
  it('know of everything that is refused in IPv4, and of nothing else', () => {
    const special = new BlockList();
    for (const block of [...registry.map(([row]) => row), ...notUnicast]) {
      const [address = '', bits] = block.split('/');
      if (isIPv4(address)) special.addSubnet(address, Number(bits), 'ipv4');
    }
    // Both sides of each edge, and a grid over the whole space.
    const edges = [...registry.map(([row]) => row), ...notUnicast]
      .filter((block) => block.includes('.'))
      .flatMap(around);
    const grid = Array.from({ length: 65_536 }, (_, index) => (index * 65_537) % 2 ** 32);
    for (const number of [...edges, ...grid]) {
      const address = dotted(number);
      assert.equal(isPublic(address), !special.check(address, 'ipv4'), address);
      for (const wrapping of wrappings)
        assert.equal(isPublic(wrapped(wrapping, number)), isPublic(address), `${wrapping} ${address}`);
    }
  });
});

describe('the space of IPv6', () => {
  for (const block of [...unassignedIPv6, ...notUnicast.filter((one) => one.includes(':'))])
    it(`${block} is refused`, () => {
      for (const address of samples(block)) assert.ok(!isPublic(address), address);
    });
  for (const block of assignedIPv6)
    it(`${block} is public`, () => {
      for (const address of samples(block)) assert.ok(isPublic(address), address);
    });
});

/** Of a network: its first address, its last, and one in its middle. */
function samples(block: string): string[] {
  const [network = '', bits = ''] = block.split('/');
  assert.ok(readNetwork(block) !== null, block);
  if (isIPv4(network)) {
    const [first, last] = range(network, Number(bits));
    return [first, last, Math.floor((first + last) / 2)].map(dotted);
  }
  const first = wide(network);
  const size = 1n << (128n - BigInt(bits));
  return [first, first + size - 1n, first + size / 2n].map(colons);
}

/** The numbers at and beyond both ends of a network of IPv4. */
function around(block: string): number[] {
  const [network = '', bits = ''] = block.split('/');
  const [first, last] = range(network, Number(bits));
  return [first - 1, first, last, last + 1].filter((number) => number >= 0 && number < 2 ** 32);
}

function range(network: string, bits: number): [first: number, last: number] {
  const first = network.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return [first, first + 2 ** (32 - bits) - 1];
}

function dotted(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}

function wrapped(prefix: string, number: number): string {
  return prefix + [Math.floor(number / 65_536), number % 65_536].map((word) => word.toString(16)).join(':');
}

function wide(address: string): bigint {
  const [head = '', tail] = address.split('::');
  const words = (text: string | undefined) => (text ? text.split(':') : []);
  const zeros = Array.from({ length: 8 - words(head).length - words(tail).length }, () => '0');
  return [...words(head), ...(tail === undefined ? [] : [...zeros, ...words(tail)])].reduce(
    (sum, word) => (sum << 16n) + BigInt(`0x${word}`),
    0n,
  );
}

function colons(number: bigint): string {
  return Array.from({ length: 8 }, (_, index) =>
    ((number >> BigInt(112 - 16 * index)) & 0xffffn).toString(16),
  ).join(':');
}
