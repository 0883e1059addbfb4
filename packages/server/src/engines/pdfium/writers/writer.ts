import type { ReadingSettings } from '../../capabilities.ts';
import type { Out } from '../../writing/out.ts';
import type { Page, Picture } from '../page.ts';

/** Writes a format, page by page, so that no document has to fit into memory. */
export interface Writer {
  page(page: Page, open: OpenPage): void | Promise<void>;
  /** After the last page. */
  end(): void | Promise<void>;
}

/** What of a page can be asked for while it is open. */
export interface OpenPage {
  /** An image of the page, packed; undefined where it cannot be read. */
  picture(picture: Picture, as: PictureFormat): Promise<PackedPicture | undefined>;
}

export type PictureFormat = 'png' | 'jpeg' | 'gif' | 'bmp';

export interface PackedPicture {
  readonly bytes: Uint8Array;
  readonly format: PictureFormat;
}

/** What a writer is made with. */
export interface Writing {
  readonly out: Out;
  readonly settings: ReadingSettings;
  /** How many pages will come. */
  readonly pageCount: number;
  /** Says what the result lacks, as the client hears it. */
  warn(text: string): void;
}
