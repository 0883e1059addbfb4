import type { ObjectScan } from '../../syntax/object-scan.ts';
import { matches } from '../../syntax/tokens.ts';

const UPPER_D = 0x44;
const UPPER_G = 0x47;
const UPPER_J = 0x4a;
const HASH = 0x23;

/** Whether an object may have a /Dest, a GoTo action or a script in it, by its bytes: most have none and are copied as they are. */
export function mentionsDestination({ bytes, start, end }: ObjectScan): boolean {
  return isMentioned(bytes, start, end);
}

/** Where destinations are usually found. */
const LINK_KEYS = ['Dest', 'D', 'A', 'AA', 'Annots', 'Next'];

/** Likewise, but sees only annotations, pages and actions as they are usually written, and costs less. */
export function mentionsLink(scan: ObjectScan): boolean {
  // An array may be that of a page's annotations.
  if (!scan.isDictionary) return mentionsDestination(scan);
  for (const key of LINK_KEYS) {
    const index = scan.find(key);
    if (index === -1) continue;
    if (key.startsWith('D') || isMentioned(scan.bytes, scan.valueFrom(index), scan.valueTo(index)))
      return true;
  }
  return false;
}

/** The keys of the entries of a dictionary that may have one in their value, or are one themselves. */
export function keysWithDestinations(scan: ObjectScan): string[] {
  const keys: string[] = [];
  for (let index = 0; index < scan.count; index++) {
    if (
      scan.keyIs(index, 'Dest') ||
      scan.keyIs(index, 'D') ||
      scan.keyIs(index, 'JS') ||
      isMentioned(scan.bytes, scan.valueFrom(index), scan.valueTo(index))
    )
      keys.push(scan.key(index));
  }
  // Whether /D is a destination depends on /S.
  return keys.includes('D') ? [...keys, 'S'] : keys;
}

function isMentioned(bytes: Uint8Array, start: number, end: number): boolean {
  for (let pos = start; pos < end; pos++) {
    const c = bytes[pos]!;
    if (c === UPPER_D ? matches(bytes, pos, 'Dest') : c === UPPER_G && matches(bytes, pos, 'GoTo'))
      return true;
    // A script may name one, and a name may be written with escapes.
    if (c === HASH || (c === UPPER_J && matches(bytes, pos, 'JS'))) return true;
  }
  return false;
}
