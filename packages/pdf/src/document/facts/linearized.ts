import { numberOf } from '../../objects/object.ts';
import { objectHeaderEnd, readDigits, skipDigits, skipSpace } from '../../syntax/tokens.ts';
import type { Facts } from './facts.ts';

/** How far into the file the first object may be. */
const SEARCH_BYTES = 1024;

/**
 * Whether the file is laid out to be shown before it has come whole (ISO 32000-2, annex F), and was not changed since: its
 * first object says so and knows its size.
 */
export function isLinearized({ file }: Facts): boolean {
  const { window } = file.reading;
  window.need(0, SEARCH_BYTES);
  const { bytes } = window;
  const at = skipSpace(bytes, 0, Math.min(bytes.length, SEARCH_BYTES));
  if (objectHeaderEnd(bytes, at, bytes.length) === -1) return false;
  const first = file.object(readDigits(bytes, at, skipDigits(bytes, at, bytes.length)));
  if (!(first instanceof Map) || !first.has('Linearized')) return false;
  return numberOf(file.resolve(first.get('L'))) === window.size;
}
