import { crc32, deflateSync } from 'node:zlib';

/** A PNG by its header, with data that gives `rows`: nothing of it has to fit together. `kind`: bits, colour type and the last three bytes. */
export function pngOf(
  [width, height]: readonly [number, number],
  kind: readonly [bits: number, color: number, number, number, interlace: number],
  rows: Uint8Array,
): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set(kind, 8);
  const parts = [chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ...parts]);
}

/** A grey PNG of one colour, with 8 bits for each pixel. */
export function grayPng(width: number, height: number, gray = 128): Buffer {
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(width, gray)]);
  return pngOf([width, height], [8, 0, 0, 0, 0], Buffer.concat(Array.from({ length: height }, () => row)));
}

function chunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), content]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
