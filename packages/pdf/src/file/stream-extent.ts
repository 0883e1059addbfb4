import { matches, skipSpace } from '../syntax/tokens.ts';
import type { Work } from '../work.ts';
import type { Window } from './window.ts';

/** Bytes looked at in one piece while an `endstream` is searched. */
const SEARCH_BYTES = 256 * 1024;

/** Offset of a stream's first byte, given the one after its keyword: one line end is not data (ISO 32000-2, 7.3.8.1). */
export function dataOffset(window: Window, afterKeyword: number): number {
  window.need(afterKeyword, 2);
  const at = afterKeyword - window.origin;
  const { bytes } = window;
  if (bytes[at] === 0x0d) return afterKeyword + (bytes[at + 1] === 0x0a ? 2 : 1);
  return afterKeyword + (bytes[at] === 0x0a ? 1 : 0);
}

/** Whether a stream of this length is followed by `endstream`, or by the `endobj` that should come after it. */
export function endsAt(window: Window, offset: number, length: number): boolean {
  const end = offset + length;
  if (end > window.size) return false;
  window.need(end, 32);
  const { bytes } = window;
  const at = skipSpace(bytes, end - window.origin, Math.min(bytes.length, end - window.origin + 16));
  return matches(bytes, at, 'endstream') || matches(bytes, at, 'endobj');
}

/**
 * The length of a stream whose /Length is wrong or missing: up to the next `endstream`, else `endobj`, else the end of
 * the file; the line end before the keyword is not data.
 */
export function searchLength(window: Window, offset: number, work: Work): number {
  for (const keyword of ['endstream', 'endobj']) {
    const found = find(window, offset, keyword, work);
    if (found !== -1) return withoutLineEnd(window, offset, found) - offset;
  }
  return window.size - offset;
}

function find(window: Window, from: number, keyword: string, work: Work): number {
  for (let offset = from; offset < window.size; offset += SEARCH_BYTES - keyword.length) {
    window.need(offset, SEARCH_BYTES);
    const start = offset - window.origin;
    const view = Buffer.from(
      window.bytes.buffer,
      window.bytes.byteOffset + start,
      Math.min(window.bytes.length - start, SEARCH_BYTES),
    );
    const at = view.indexOf(keyword, 0, 'latin1');
    work.spend(at === -1 ? view.length : at);
    if (at !== -1) return offset + at;
    if (offset + view.length >= window.size) break;
  }
  return -1;
}

function withoutLineEnd(window: Window, start: number, end: number): number {
  const from = Math.max(start, end - 2);
  window.need(from, end - from);
  const at = end - window.origin;
  if (end - from >= 1 && window.bytes[at - 1] === 0x0a) {
    return end - from === 2 && window.bytes[at - 2] === 0x0d ? end - 2 : end - 1;
  }
  return end - from >= 1 && window.bytes[at - 1] === 0x0d ? end - 1 : end;
}
