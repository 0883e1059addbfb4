import type { Refusal } from '../../sandbox/refusal.ts';
import type { BrowsingSettings, PrintSettings } from '../capabilities.ts';

/** What the engine asks its child: to show a page, and to make one file of it. */
export interface BrowseRequest {
  readonly page: AskedPage;
  readonly browsing: BrowsingSettings;
  readonly make: AskedFile;
  readonly limits: BrowseLimits;
}

export type AskedPage =
  | {
      /** The file `htmlName`; where it is a template, filled in with the file `dataName`, or with nothing. */
      readonly kind: 'html';
      readonly isTemplate: boolean;
      readonly hasData: boolean;
      /** It is shown as a picture that fills the page. */
      readonly isPicture: boolean;
      /** Whether it may load what lies elsewhere. */
      readonly isOnline: boolean;
    }
  | { readonly kind: 'link'; readonly link: string; readonly username: string; readonly password: string };

export type AskedFile =
  | { readonly as: 'pdf'; readonly print: PrintSettings }
  | { readonly as: 'png' | 'jpg'; readonly width: number };

/** What one page may come to. */
export interface BrowseLimits {
  readonly htmlBytesMax: number;
  /** For loading, where the call says nothing. */
  readonly loadMs: number;
  /** For what runs in the page on behalf of the call: its script, its template. */
  readonly scriptMs: number;
  readonly pagesMax: number;
  /** Pixels of a side of a picture. */
  readonly sideMax: number;
}

/** Codes of refusals: `template` and `data` cannot be put together; a link is `refused` or `unreachable`; `limit`. */
export type BrowseReply =
  | { readonly made: { readonly pageCount: number; readonly warnings: readonly string[] } }
  | { readonly refused: Refusal };

export const htmlName = 'page';
export const dataName = 'data';
export const resultName = 'result';
