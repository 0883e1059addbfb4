import type { Refusal } from '../../sandbox/refusal.ts';
import type { Complaint, Plan } from './symbologies.ts';

/** What the engine asks its child: to draw a barcode, with the picture `decorationName` in its middle where it has one. */
export interface DrawRequest {
  readonly plan: Plan;
  readonly isDecorated: boolean;
}

/** What the child answers. `isOdd`: drawn, though not by the rules of GS1; `misfit`: the encoder does not take the value. */
export type DrawReply =
  | { readonly drawn: true; readonly isOdd: boolean }
  | { readonly misfit: Complaint }
  | { readonly refused: Refusal };

/** Name of the PNG in the box. */
export const resultName = 'barcode.png';
/** Name of the picture for the middle in the box. */
export const decorationName = 'decoration';
