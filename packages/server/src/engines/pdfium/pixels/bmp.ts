import type { Pixels } from './pixels.ts';

const headBytes = 54;

/** A BMP of 24 bits for each pixel: red is the lowest byte of a pixel. */
export function bmpOf({ width, height, data }: Pixels): Buffer {
  const rowBytes = Math.ceil((width * 3) / 4) * 4;
  const bmp = Buffer.alloc(headBytes + rowBytes * height);
  bmp.write('BM', 'latin1');
  bmp.writeUInt32LE(bmp.length, 2);
  bmp.writeUInt32LE(headBytes, 10);
  bmp.writeUInt32LE(40, 14);
  bmp.writeInt32LE(width, 18);
  bmp.writeInt32LE(height, 22);
  bmp.writeUInt16LE(1, 26);
  bmp.writeUInt16LE(24, 28);
  for (let row = 0, at = 0; row < height; row++) {
    // The last row comes first.
    let to = headBytes + (height - row - 1) * rowBytes;
    for (let column = 0; column < width; column++, at++, to += 3) {
      const pixel = data[at] as number;
      bmp[to] = pixel >>> 16;
      bmp[to + 1] = pixel >>> 8;
      bmp[to + 2] = pixel;
    }
  }
  return bmp;
}
