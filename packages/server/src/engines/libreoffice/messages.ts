import type { Refusal } from '../../sandbox/refusal.ts';

/** What the engine asks its child: the PDF of the file `documentName`. */
export interface OfficeRequest {
  /** Extension of the client's name, in lower case: it decides where bytes do not tell. */
  readonly extension: string;
  /** Of a workbook: number of the one sheet, from 1, or its name; all where it is empty. */
  readonly sheet: string;
  /** Of a workbook: each sheet on one page. */
  readonly fitsPages: boolean;
  /** Empty: none. */
  readonly password: string;
}

/** What the child answers. `stuck`: the program did nothing any more, or ended: another try may go well. */
export type OfficeReply =
  | { readonly warnings: readonly string[] }
  | { readonly refused: Refusal }
  | { readonly stuck: string };

/** Name of the document in the box. */
export const documentName = 'document';

/** Name of the PDF that the child leaves. */
export const resultName = 'result.pdf';
