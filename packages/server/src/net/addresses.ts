import { BlockList, isIPv4, isIPv6 } from 'node:net';

/**
 * Networks that are no part of the public internet, from the special-purpose registries of IANA (RFC 6890 and its updates):
 * this host, private, shared, loopback, link-local, protocol assignments, documentation, 6to4 relays, benchmarks, multicast
 * and reserved.
 */
const refusedIPv4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
/** All that is handed out for global use; the rest of IPv6 is not. */
const globalIPv6 = ['2000::/3'];
/** Within it: protocol assignments with Teredo, documentation, and 6to4, which carries an IPv4 address inside. */
const refusedIPv6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];
/** Forms of an IPv4 address: mapped (RFC 4291, 2.5.5.2) and translated by NAT64 (RFC 6052). */
const carriesIPv4 = ['::ffff:0:0/96', '64:ff9b::/96'];

const lists = {
  refusedIPv4: networks(refusedIPv4),
  globalIPv6: networks(globalIPv6),
  refusedIPv6: networks(refusedIPv6),
};

/** Whether an address belongs to one host of the public internet. Text that is no address does not. */
export function isPublic(address: string): boolean {
  const plain = plainAddress(address);
  if (plain === null) return false;
  if (isIPv4(plain)) return !lists.refusedIPv4.check(plain, 'ipv4');
  return lists.globalIPv6.check(plain, 'ipv6') && !lists.refusedIPv6.check(plain, 'ipv6');
}

/** Whether an address lies in one of these networks, an IPv4 address in IPv6 form too. */
export function isWithin(address: string, list: BlockList): boolean {
  const plain = plainAddress(address);
  if (plain === null) return false;
  return list.check(plain, isIPv4(plain) ? 'ipv4' : 'ipv6');
}

/** A list of networks `address/bits`. Throws on one that cannot be read. */
export function networks(list: readonly string[]): BlockList {
  const all = new BlockList();
  for (const network of list) {
    const [address = '', bits] = network.split('/');
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    if (bits === undefined) all.addAddress(address, family);
    else all.addSubnet(address, /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN, family);
  }
  return all;
}

/** The address in the form that counts: an IPv4 address out of its IPv6 wrapping, and no zone. Null for other text. */
function plainAddress(address: string): string | null {
  if (isIPv4(address)) return address;
  if (!isIPv6(address) || address.includes('%')) return null;
  const words = wordsOf(address);
  const carried = carriesIPv4.some(
    (network) =>
      wordsOf(network.split('/')[0] ?? '')
        .slice(0, 6)
        .join() === words.slice(0, 6).join(),
  );
  if (!carried) return address;
  const [high = 0, low = 0] = words.slice(6);
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/** The eight words of an IPv6 address in any spelling. */
function wordsOf(address: string): number[] {
  // The URL parser writes IPv6 in one way, with an IPv4 tail as words.
  const canonical = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [before = '', after] = canonical.split('::');
  const parse = (part: string | undefined) =>
    part ? part.split(':').map((word) => Number.parseInt(word, 16)) : [];
  const [head, tail] = [parse(before), parse(after)];
  return [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => 0), ...tail];
}
