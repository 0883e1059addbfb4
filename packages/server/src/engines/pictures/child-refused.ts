import { Refused } from '../../sandbox/refusal.ts';
import { pixelsMax } from './limits.ts';

/** What is thrown of a picture that is damaged; the reason is for the log. */
export function damaged(reason = 'parts of it are missing'): Refused {
  return new Refused('picture', reason);
}

/** Throws Refused where a picture says that it has no pixels, or too many to look at. */
export function assertPixels(width: number, height: number): void {
  if (!(width > 0 && height > 0)) throw damaged();
  if (width * height > pixelsMax) throw new Refused('limit', `it has more than ${pixelsMax} pixels`);
}

/** Throws Refused for what the library says of a file that it does not read. */
export function refuse(error: unknown): never {
  const message = error instanceof Error ? error.message : '';
  if (/pixel limit/i.test(message)) throw new Refused('limit', `it has more than ${pixelsMax} pixels`);
  if (/out of memory|alloc/i.test(message)) throw new Refused('limit', 'it needs too much memory');
  if (/heif: .*(?:built in|unsupported)/is.test(message)) throw noCodec();
  throw damaged(message);
}

/** What is thrown of a picture of which there is no decoder here. */
export function noCodec(): Refused {
  return new Refused('kind', 'it is HEIC, of which this server has no decoder: send it as JPEG');
}
