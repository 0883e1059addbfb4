import { isPartOf, isPublic, isWithin, type Network, readNetwork } from './addresses.ts';
import { hasUser, hostOf } from './link.ts';
import { isMetadata, neverReached } from './metadata.ts';

/** What links may reach, besides the public internet. */
export interface Allowed {
  /** Whether a link may lead to this address. */
  address(url: URL, address: string): boolean;
}

/**
 * Reads the entries of OCTAVO_ALLOW_SOURCES: networks (`10.1.0.0/16`, `::1`) and prefixes of links (`http://files.local/pub/`).
 * Addresses of cloud metadata stay closed. Throws, with a sentence for the operator, on anything else.
 */
export function readAllowed(entries: readonly string[]): Allowed {
  const prefixes: URL[] = [];
  const networks: Network[] = [];
  for (const entry of entries) {
    if (/^https?:\/\//i.test(entry)) prefixes.push(readPrefix(entry));
    else networks.push(readOpened(entry));
  }
  return {
    address: (url, address) =>
      !isMetadata(address) &&
      (isPublic(address) ||
        networks.some((network) => isWithin(address, network)) ||
        prefixes.some((prefix) => startsWith(url, prefix))),
  };
}

function readPrefix(entry: string): URL {
  const prefix = URL.parse(entry);
  if (prefix === null) throw unreadable(entry);
  if (hasUser(prefix) || prefix.search !== '' || prefix.hash !== '')
    throw new Error(
      `OCTAVO_ALLOW_SOURCES: an entry for "${prefix.host}" holds a user name, a query or a fragment, of which the start of a link has none.`,
    );
  if (isMetadata(hostOf(prefix))) throw closed(entry);
  return prefix;
}

function readOpened(entry: string): Network {
  const network = readNetwork(entry);
  if (network === null) throw unreadable(entry);
  if (neverReached.some((never) => isPartOf(network, never))) throw closed(entry);
  return network;
}

function closed(entry: string): Error {
  return new Error(
    `OCTAVO_ALLOW_SOURCES: "${entry}" cannot be opened: it is where clouds hand out credentials.`,
  );
}

function unreadable(entry: string): Error {
  return new Error(
    `OCTAVO_ALLOW_SOURCES: "${entry}" is neither a network (10.1.0.0/16) nor the start of a link (http://files.local/).`,
  );
}

/** What climbs out of a folder on the other side, though not by the rules of URLs: encoded slashes, and dots with parameters. */
const climbing = /%2f|%5c|\/(?:\.|%2e){1,2};/i;

/** Compared as a URL parser reads them, by whole parts of the path. */
function startsWith(url: URL, prefix: URL): boolean {
  if (url.origin !== prefix.origin || climbing.test(url.pathname)) return false;
  const folder = prefix.pathname.endsWith('/') ? prefix.pathname : `${prefix.pathname}/`;
  return url.pathname === prefix.pathname || url.pathname.startsWith(folder);
}
