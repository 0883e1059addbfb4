import type { Refusal } from '../../sandbox/refusal.ts';
import type { SheetOutput } from '../capabilities.ts';

/** What the engine asks its child about the file `inputName`; it writes `resultName`. */
export type SheetsRequest = ReadRequest | FromCsvRequest;

/** Writes sheets of a workbook as data. */
export interface ReadRequest {
  readonly does: 'read';
  readonly sheet: string;
  readonly output: SheetOutput;
  /** For a workbook that is encrypted; empty means none. */
  readonly password: string;
}

/** Makes a workbook for printing of a table. */
export interface FromCsvRequest {
  readonly does: 'from-csv';
}

/** What the child answers: `pageCount` are the sheets that were written. */
export type SheetsReply =
  | { readonly pageCount: number; readonly warnings: readonly string[] }
  | { readonly refused: Refusal };

/** Name of the file in the box. */
export const inputName = 'input';
export const resultName = 'result';
