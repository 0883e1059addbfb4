import type { Page } from '../page.ts';
import { type Element, placeOf } from './tree.ts';
import type { OpenPage, PictureFormat } from './writer.ts';

/** Of all pictures of a document together, packed: what clients take into their memory at once. */
const bytesMax = 64 * 1024 * 1024;

/** Makes an element of each picture of a page, with its bytes as base64; of none where no format is asked for. */
export function picturesOf(
  format: PictureFormat | undefined,
  warn: (text: string) => void,
): (page: Page, open: OpenPage) => Promise<readonly Element[]> {
  let bytes = 0;
  return async ({ pictures, index }, open) => {
    const elements: Element[] = [];
    if (format === undefined) return elements;
    for (const picture of pictures) {
      if (bytes > bytesMax) break;
      const packed = await open.picture(picture, format);
      if (packed === undefined) {
        warn(`A picture of page ${index} could not be read, and is left out.`);
        continue;
      }
      bytes += packed.bytes.length;
      if (bytes > bytesMax)
        warn(`Pictures after those of page ${index} are left out: they are too large together.`);
      const attributes = { type: 'base64encoded', format: packed.format.toUpperCase(), ...placeOf(picture) };
      elements.push({ name: 'image', attributes, content: Buffer.from(packed.bytes).toString('base64') });
    }
    return elements;
  };
}
