import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { densityChunk } from './pixels/png-bits.ts';

/** A PNG says it before its pixels. */
const headBytes = 512;
const densityMax = 65_535;

/**
 * Writes pixels per inch into a PNG that says something else: the library of pictures does so only together with a colour profile
 * and Exif.
 */
export function writePngDensity(path: string, resolution: number): void {
  const file = openSync(path, 'r+');
  try {
    const head = Buffer.alloc(headBytes);
    const name = head.subarray(0, readSync(file, head, 0, headBytes, 0)).indexOf('pHYs', 0, 'latin1');
    // A chunk begins with the length of its data.
    if (name > 0) writeSync(file, densityChunk(resolution), 0, undefined, name - 4);
  } finally {
    closeSync(file);
  }
}

/** The beginning of a JPEG (ISO/IEC 10918-5): with pixels per inch. Comes in place of its first two bytes. */
export function jpegBeginning(resolution: number): Buffer {
  const beginning = Buffer.from('ffd8ffe000104a46494600010201000000000000', 'hex');
  const perInch = Math.min(densityMax, Math.max(1, Math.round(resolution)));
  beginning.writeUInt16BE(perInch, 14);
  beginning.writeUInt16BE(perInch, 16);
  return beginning;
}
