import type { Orientation, StoredPicture } from '@octavo/pdf';

/** What becomes one page: a picture as it is stored, and what its file says of how it is seen. */
export interface PicturePage {
  readonly picture: StoredPicture;
  /** 1 to 8, as in Exif; 1 where it is left out. */
  readonly orientation?: number | undefined;
  /** Pixels per inch, across and down, of the picture as it is stored. */
  readonly perInch?: readonly [number, number] | undefined;
}

/** The orientation of a page, as the core knows it. */
export function orientationOf({ orientation = 1 }: PicturePage): Orientation {
  return (orientation >= 1 && orientation <= 8 ? orientation : 1) as Orientation;
}
