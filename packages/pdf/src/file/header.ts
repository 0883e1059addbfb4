import { matches } from '../syntax/tokens.ts';
import type { Window } from './window.ts';

/** How far into a file the header is looked for; ISO 32000-1 annex H allows 1,024 bytes of junk, real files have more. */
const SEARCH_BYTES = 64 * 1024;

/** The header of a file (ISO 32000-2, 7.5.2). */
export interface Header {
  /** Offset of `%PDF-`, which offsets in the file may be counted from; 0 if there is none. */
  readonly offset: number;
  /** Such as `1.7`, or undefined if there is no header. */
  readonly version: string | undefined;
}

/** Finds the header. */
export function readHeader(window: Window): Header {
  window.need(0, SEARCH_BYTES);
  const { bytes, origin } = window;
  for (let at = bytes.indexOf(0x25); at !== -1 && at < SEARCH_BYTES; at = bytes.indexOf(0x25, at + 1)) {
    if (!matches(bytes, at, '%PDF-')) continue;
    const text = String.fromCharCode(...bytes.subarray(at + 5, at + 8));
    return { offset: origin + at, version: /^\d\.\d$/.test(text) ? text : '1.4' };
  }
  return { offset: 0, version: undefined };
}

/** The higher of two versions such as `1.7` and `2.0`. */
export function laterVersion(a: string, b: string): string {
  return Number(b) > Number(a) ? b : a;
}
