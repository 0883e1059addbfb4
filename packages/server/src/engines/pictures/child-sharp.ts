import type Sharp from 'sharp';

let opened: Promise<typeof Sharp> | undefined;

/** What may read pictures here; of all others the bytes never get to see them. */
const readers = [
  // Of an SVG that is a file, what it refers to would be looked for beside it.
  'VipsForeignLoadSvgBuffer',
  ...['Jpeg', 'Tiff', 'Png', 'Webp', 'Nsgif', 'Heif'].flatMap((kind) => [
    `VipsForeignLoad${kind}Buffer`,
    `VipsForeignLoad${kind}File`,
  ]),
];

/** The library of pictures, loaded with the first call that needs it: boxes that wait are small. One thread, nothing kept. */
export function openSharp(): Promise<typeof Sharp> {
  opened ??= import('sharp').then(({ default: sharp }) => {
    sharp.concurrency(1);
    sharp.cache(false);
    sharp.block({ operation: ['VipsForeignLoad'] });
    sharp.unblock({ operation: readers });
    return sharp;
  });
  return opened;
}
