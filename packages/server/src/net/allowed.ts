import type { BlockList } from 'node:net';
import { isPublic, isWithin, networks } from './addresses.ts';

/** What links may reach, besides the public internet. */
export interface Allowed {
  /** Whether a link may lead to this address. */
  address(url: URL, address: string): boolean;
}

/**
 * Reads the entries of OCTAVO_ALLOW_SOURCES: networks (`10.1.0.0/16`, `::1`) and prefixes of links (`http://files.local/pub/`).
 * Throws, with a sentence for the operator, on anything else.
 */
export function readAllowed(entries: readonly string[]): Allowed {
  const prefixes: URL[] = [];
  const lists: BlockList[] = [];
  for (const entry of entries) {
    const prefix = /^https?:\/\//i.test(entry) ? URL.parse(entry) : null;
    if (prefix !== null) prefixes.push(prefix);
    else lists.push(readNetwork(entry));
  }
  return {
    address: (url, address) =>
      isPublic(address) ||
      lists.some((list) => isWithin(address, list)) ||
      prefixes.some((prefix) => startsWith(url, prefix)),
  };
}

function readNetwork(entry: string): BlockList {
  try {
    return networks([entry]);
  } catch {
    throw new Error(
      `OCTAVO_ALLOW_SOURCES: "${entry}" is neither a network (10.1.0.0/16) nor the start of a link (http://files.local/).`,
    );
  }
}

/** Compared as a URL parser reads them, by whole parts of the path. */
function startsWith(url: URL, prefix: URL): boolean {
  if (url.origin !== prefix.origin) return false;
  // An encoded slash could climb out of the prefix on the other side.
  if (/%2f|%5c/i.test(url.pathname)) return false;
  const folder = prefix.pathname.endsWith('/') ? prefix.pathname : `${prefix.pathname}/`;
  return url.pathname === prefix.pathname || url.pathname.startsWith(folder);
}
