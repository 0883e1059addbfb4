import type { Box, Page } from '../page.ts';
import { type Element, placeOf } from './tree.ts';
import type { OpenPage, PackedPicture, PictureFormat } from './writer.ts';

/**
 * Of all pictures of a document together, packed. Those of one page are several times in memory while they are printed, and clients take
 * all of them into theirs.
 */
const bytesMax = 32 * 1024 * 1024;

/** Makes an element of each picture of a page, with its bytes as base64; of none where no format is asked for. */
export function picturesOf(
  format: PictureFormat | undefined,
  warn: (text: string) => void,
): (page: Page, open: OpenPage) => Promise<readonly Element[]> {
  let bytesLeft = format === undefined ? 0 : bytesMax;
  return async ({ pictures, index }, open) => {
    const elements: Element[] = [];
    for (const picture of pictures) {
      if (format === undefined || bytesLeft <= 0) break;
      const packed = await open.picture(picture, format);
      bytesLeft -= packed?.bytes.length ?? 0;
      if (packed === undefined) warn(`A picture of page ${index} (from 0) cannot be read, and is left out.`);
      else if (bytesLeft >= 0) elements.push(elementOf(picture, packed));
      else warn(`Pictures from page ${index} (from 0) on are left out: together they are too large.`);
    }
    return elements;
  };
}

function elementOf(place: Box, { bytes, format }: PackedPicture): Element {
  const attributes = { type: 'base64encoded', format: format.toUpperCase(), ...placeOf(place) };
  return { name: 'image', attributes, content: Buffer.from(bytes).toString('base64') };
}
