import { isIPv4, isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';

type IPv4 = InstanceType<typeof ipaddr.IPv4>;
type IPv6 = InstanceType<typeof ipaddr.IPv6>;
/** A network `address/bits`, read. */
export type Network = readonly [IPv4 | IPv6, number];

/** All that IANA hands out for global use; the rest of IPv6 is not. */
const globalIPv6: Network = [ipaddr.IPv6.parse('2000::'), 3];
/** Translated by NAT64 (RFC 6052): the way to the IPv4 internet from a network that has IPv6 alone. */
const nat64: Network = [ipaddr.IPv6.parse('64:ff9b::'), 96];

/** Whether an address belongs to one host of the public internet. Text that is no address does not. */
export function isPublic(address: string): boolean {
  const read = plain(address);
  if (read === null) return false;
  if (isFour(read)) return read.range() === 'unicast';
  // The library calls unicast what no registry has a row for, also where nothing was ever handed out.
  return inside(read, globalIPv6) && read.range() === 'unicast' && carried(read).every(isUnicast);
}

/** Whether an address lies in this network, an IPv4 address in IPv6 form too. */
export function isWithin(address: string, network: Network): boolean {
  const read = plain(address);
  return read !== null && inside(read, network);
}

/** The same, also where the address is carried inside of another one: by 6to4, Teredo, ISATAP and translators of any kind. */
export function leadsInto(address: string, network: Network): boolean {
  const read = parse(address);
  if (read === null) return false;
  return [read, ...(isFour(read) ? [] : carried(read))].some((one) => inside(one, network));
}

/** Reads `10.1.0.0/16`, or one address. Null for other text, also for the short and octal forms that programs disagree on. */
export function readNetwork(text: string): Network | null {
  const [address = '', bits, ...rest] = text.split('/');
  const read = parse(address);
  if (read === null || rest.length > 0) return null;
  const bitsMax = isFour(read) ? 32 : 128;
  if (bits === undefined) return [read, bitsMax];
  return /^\d{1,3}$/.test(bits) && Number(bits) <= bitsMax ? [read, Number(bits)] : null;
}

/** Whether all of one network lies in another. */
export function isPartOf(network: Network, other: Network): boolean {
  return network[1] >= other[1] && inside(network[0], other);
}

function isFour(address: IPv4 | IPv6): address is IPv4 {
  return address.kind() === 'ipv4';
}

function isUnicast(address: IPv4): boolean {
  return address.range() === 'unicast';
}

function inside(address: IPv4 | IPv6, [network, bits]: Network): boolean {
  return address.kind() === network.kind() && address.match(network, bits);
}

/** Read as the system reads it, which is what will be dialled: the library knows more spellings. No zones. */
function parse(address: string): IPv4 | IPv6 | null {
  return isIPv4(address) || (isIPv6(address) && !address.includes('%')) ? ipaddr.parse(address) : null;
}

/** The address that counts: an IPv4 address out of the two wrappings in which it is dialled. */
function plain(address: string): IPv4 | IPv6 | null {
  const read = parse(address);
  if (read === null || isFour(read)) return read;
  return read.isIPv4MappedAddress() || inside(read, nat64) ? four(read.parts[6], read.parts[7]) : read;
}

/** Every IPv4 address that an IPv6 address may carry, by all the ways that were ever thought of. */
function carried(address: IPv6): IPv4[] {
  const [first, second, third, fourth, fifth = 0, sixth = 0, seventh, eighth] = address.parts;
  const last = four(seventh, eighth);
  const range: string = address.range();
  // Teredo (RFC 4380): its server, and its client with all bits turned.
  if (range === 'teredo') return [four(third, fourth), four(flip(seventh), flip(eighth))];
  // 6to4 (RFC 3056).
  if (range === '6to4') return [four(second, third)];
  // Translators (RFC 6052, 7915, 8215): at the end, or around the eight bits in the middle.
  if (range === 'ipv4Mapped' || range === 'rfc6145') return [last];
  if (range === 'rfc6052') return [last, four(fourth, ((fifth & 255) << 8) | (sixth >> 8))];
  // ISATAP (RFC 5214), in anybody's network; and compatible addresses (RFC 4291, 2.5.5.1).
  if ((fifth | 0x200) === 0x200 && sixth === 0x5efe) return [last];
  return [first, second, third, fourth, fifth, sixth].every((word) => word === 0) ? [last] : [];
}

function four(high = 0, low = 0): IPv4 {
  return new ipaddr.IPv4([high >> 8, high & 255, low >> 8, low & 255]);
}

function flip(word = 0): number {
  return word ^ 0xffff;
}
