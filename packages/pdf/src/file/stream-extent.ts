import { beginsLine, matches, objectHeaderEnd, objectHeaderStart, skipSpace } from '../syntax/tokens.ts';
import type { Reading } from './reading.ts';
import type { Window } from './window.ts';

/** Bytes looked at in one piece while the end of a stream is searched: most are near, so it begins small. */
const SEARCH_BYTES_MIN = 4 * 1024;
const SEARCH_BYTES_MAX = 256 * 1024;
/** Bytes that the pieces have in common: the longest keyword, or header of an object. */
const OVERLAP_BYTES = 48;

/** Blanks after the keyword that are skipped where a line end follows them. */
const BLANKS_MAX = 16;

/**
 * Offset of a stream's first byte, given the one after its keyword: one line end is not data (ISO 32000-2, 7.3.8.1), and
 * neither are blanks before it.
 */
export function dataOffset(window: Window, afterKeyword: number): number {
  window.need(afterKeyword, BLANKS_MAX + 2);
  const { bytes, origin } = window;
  const from = afterKeyword - origin;
  let at = from;
  while (at < from + BLANKS_MAX && isBlank(bytes[at])) at++;
  if (bytes[at] === 0x0d) return origin + at + (bytes[at + 1] === 0x0a ? 2 : 1);
  return bytes[at] === 0x0a ? origin + at + 1 : afterKeyword;
}

function isBlank(c: number | undefined): boolean {
  return c === 0x20 || c === 0x09 || c === 0x0c || c === 0;
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
 * The length of a stream whose /Length is wrong or missing: up to `findStreamEnd`, else to `endobj`, else to the end of
 * the file. The line end before that is not data.
 */
export function searchLength(reading: Reading, offset: number): number {
  const { size } = reading.window;
  let end = findStreamEnd(reading, offset);
  if (end === -1) end = find(reading, offset, size, 'endobj', (_, at) => at);
  return withoutLineEnd(reading.window, offset, end === -1 ? size : end) - offset;
}

/** Offset of the next `endstream`, or of another object that begins before it; -1 if there is neither. */
export function findStreamEnd(reading: Reading, from: number): number {
  const end = findEndstream(reading, from);
  const object = find(reading, from, end === -1 ? reading.window.size : end, 'obj', nextObject);
  return object === -1 ? end : object;
}

function findEndstream(reading: Reading, from: number): number {
  if (from >= reading.noEndstreamFrom) return -1;
  const found = find(reading, from, reading.window.size, 'endstream', endstream);
  // A broken file may ask again for each of its streams.
  if (found === -1) reading.noEndstreamFrom = from;
  return found;
}

/** Given a place where `endstream` stands: the same if a line ends there, an `endobj` follows or a number, else -1. */
function endstream(bytes: Uint8Array, at: number): number {
  let next = at + 9;
  while (isBlank(bytes[next])) next++;
  const c = bytes[next];
  const isEnd = c === undefined || c === 0x0a || c === 0x0d || c === 0x65 || (c >= 0x30 && c <= 0x39);
  return isEnd ? at : -1;
}

/** Given a place where `obj` stands: the `endobj` before the header of another object, or a header that begins a line. */
function nextObject(bytes: Uint8Array, at: number): number {
  if (at >= 3 && matches(bytes, at - 3, 'end')) {
    const next = skipSpace(bytes, at + 3, bytes.length);
    return objectHeaderEnd(bytes, next, bytes.length) === -1 ? -1 : at - 3;
  }
  const header = objectHeaderStart(bytes, at);
  return header > 0 && beginsLine(bytes, header) ? header : -1;
}

/** Offset before `until` of the first place that `accept` makes of one where the keyword stands; it answers -1 to go on. */
function find(
  { window, work }: Reading,
  from: number,
  until: number,
  keyword: string,
  accept: (bytes: Uint8Array, at: number) => number,
): number {
  let ahead = SEARCH_BYTES_MIN;
  for (let offset = from; offset < until; ahead = Math.min(ahead * 4, SEARCH_BYTES_MAX)) {
    window.need(offset, 2 * OVERLAP_BYTES, ahead);
    const { bytes, origin } = window;
    const start = offset - origin;
    const end = Math.min(bytes.length, start + SEARCH_BYTES_MAX, until - origin);
    const piece = Buffer.from(bytes.buffer, bytes.byteOffset, end);
    let at = piece.indexOf(keyword, start, 'latin1');
    work.spend((at === -1 ? end : at) - start);
    for (; at !== -1; at = piece.indexOf(keyword, at + 1, 'latin1')) {
      const accepted = accept(piece, at);
      if (accepted >= start) return origin + accepted;
    }
    if (origin + end >= until) return -1;
    offset = Math.max(offset + 1, origin + end - OVERLAP_BYTES);
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
