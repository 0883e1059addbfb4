import type Sharp from 'sharp';

let opened: Promise<typeof Sharp> | undefined;

/** The library of pictures, loaded with the first picture. It packs pixels that are here and reads no file; one thread, nothing kept. */
export function openSharp(): Promise<typeof Sharp> {
  opened ??= import('sharp').then(({ default: sharp }) => {
    sharp.concurrency(1);
    sharp.cache(false);
    sharp.block({ operation: ['VipsForeignLoad'] });
    return sharp;
  });
  return opened;
}
