import { closeSync, openSync, readSync } from 'node:fs';

/** How the bytes of a text are characters. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

const pieceBytes = 256 * 1024;
/** What Windows has for bytes from 0x80 to 0x9F; those that it leaves free stay what they are. */
const windows1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009Dž\u009F';

/**
 * How a file of text is encoded: by its byte order mark, by where it has bytes that are 0, or because all of it is valid UTF-8. What is
 * none of these is taken for Windows-1252, in which most programs write that do not write Unicode.
 */
export function encodingOf(path: string): Encoding {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let isFirst = true;
  for (const piece of bytesOf(path)) {
    if (isFirst) {
      const wide = wideEncodingOf(piece);
      if (wide !== undefined) return wide;
    }
    isFirst = false;
    try {
      decoder.decode(piece, { stream: true });
    } catch {
      return 'windows-1252';
    }
  }
  return 'utf-8';
}

/** The same of XML that a program packed: UTF-8, where its first bytes do not say something else. */
export function encodingOfXml(path: string): Encoding {
  for (const piece of bytesOf(path)) return wideEncodingOf(piece) ?? 'utf-8';
  return 'utf-8';
}

/** The characters of a file in pieces, without a byte order mark and without NUL. */
export function* charactersOf(path: string, encoding: Encoding): Generator<string> {
  const decoder = encoding === 'windows-1252' ? undefined : new TextDecoder(encoding);
  for (const piece of bytesOf(path)) {
    const text = decoder?.decode(piece, { stream: true }) ?? fromWindows(piece);
    yield text.includes('\0') ? text.replaceAll('\0', '') : text;
  }
  const rest = decoder?.decode() ?? '';
  if (rest !== '') yield rest;
}

function wideEncodingOf(beginning: Buffer): Encoding | undefined {
  const mark = beginning.toString('hex', 0, 2);
  if (mark === 'fffe') return 'utf-16le';
  if (mark === 'feff') return 'utf-16be';
  // Text of western languages has a zero in every second byte.
  const sample = beginning.subarray(0, 1024);
  const zeros = [0, 0];
  for (const [index, byte] of sample.entries()) if (byte === 0) zeros[index % 2]! += 1;
  const half = sample.length / 2;
  const [even = 0, odd = 0] = zeros;
  if (odd > 0.6 * half && even < 0.1 * half) return 'utf-16le';
  return even > 0.6 * half && odd < 0.1 * half ? 'utf-16be' : undefined;
}

function fromWindows(bytes: Buffer): string {
  return bytes
    .toString('latin1')
    .replaceAll(/[\u0080-\u009F]/g, (character) => windows1252[character.charCodeAt(0) - 0x80] ?? character);
}

function* bytesOf(path: string): Generator<Buffer> {
  const file = openSync(path, 'r');
  try {
    for (;;) {
      const piece = Buffer.alloc(pieceBytes);
      const count = readSync(file, piece, 0, pieceBytes, null);
      if (count === 0) return;
      yield piece.subarray(0, count);
    }
  } finally {
    closeSync(file);
  }
}
