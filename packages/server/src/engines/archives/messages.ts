import type { Refusal } from '../../sandbox/refusal.ts';
import type { FileKind } from '../capabilities.ts';
import type { Size } from '../pictures/page-size.ts';

/** What the engine asks its child: what the files `inputName(0)` and so on are, with those that archives among them hold. */
export interface UnpackRequest {
  /** What clients call the files. */
  readonly names: readonly string[];
  readonly keepsArchives: boolean;
  readonly limits: UnpackLimits;
}

/** What one call may come to. */
export interface UnpackLimits {
  /** Entries of one archive, folders and all. */
  readonly entriesMax: number;
  /** Files, those that came and those that archives held. */
  readonly filesMax: number;
  /** Bytes of all that is unpacked. */
  readonly bytesMax: number;
}

/** A file: one that came, or one that an archive held. */
export interface FoundFile {
  /** Position of the file that came. */
  readonly input: number;
  /** Of what an archive held: the name in the box, and the name that it had there. */
  readonly unpacked?: { readonly as: string; readonly name: string };
  readonly kind: FileKind;
  /** Points of an SVG. */
  readonly size?: Size | undefined;
}

export const fileKinds = [
  'pdf',
  'picture',
  'svg',
  'office',
  'workbook',
  'csv',
  'html',
  'mail',
  'other',
] as const satisfies readonly FileKind[];

/** What the child answers. */
export type UnpackReply = { readonly found: readonly FoundFile[] } | { readonly refused: Refusal };

/** Name of a file in the box, by its position. */
export function inputName(index: number): string {
  return `file-${index + 1}`;
}

/** Name of what an archive held in the box, by its position among all such of the call. */
export function unpackedName(index: number): string {
  return `unpacked-${index + 1}`;
}
