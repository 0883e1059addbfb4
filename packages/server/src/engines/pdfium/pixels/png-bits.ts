import { crc32, deflateSync } from 'node:zlib';

const signature = Buffer.from('89504e470d0a1a0a', 'hex');
const metresPerInch = 0.0254;

/**
 * A PNG of one bit for each pixel, from rows in whole bytes in which 1 is white (ISO/IEC 15948). A library of pictures would look for two
 * colours before it writes so few bits, which takes longer than all the rest.
 */
export function pngOfBits(bits: Uint8Array, width: number, height: number, resolution: number): Buffer {
  const rowBytes = Math.ceil(width / 8);
  const rows = Buffer.alloc((rowBytes + 1) * height);
  for (let row = 0; row < height; row++)
    rows.set(bits.subarray(row * rowBytes, (row + 1) * rowBytes), row * (rowBytes + 1) + 1);
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head[8] = 1;
  const parts = [chunk('IHDR', head), densityChunk(resolution), chunk('IDAT', deflateSync(rows))];
  return Buffer.concat([signature, ...parts, chunk('IEND', Buffer.alloc(0))]);
}

/** The chunk pHYs, which says how many pixels an inch has. */
export function densityChunk(resolution: number): Buffer {
  const data = Buffer.alloc(9);
  const perMetre = Math.round(resolution / metresPerInch);
  data.writeUInt32BE(perMetre, 0);
  data.writeUInt32BE(perMetre, 4);
  data[8] = 1;
  return chunk('pHYs', data);
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
