/** What the engine asks its child. */
export interface MergeRequest {
  /** What each document is called, in their order. */
  readonly titles: readonly string[];
  readonly outlines: 'join' | 'by-document';
  /** For those that are encrypted; empty means none. */
  readonly password: string;
}

/** What the child answers: either what it made or why not. */
export type MergeReply =
  | { readonly pageCount: number; readonly warnings: readonly string[] }
  | {
      readonly refused: {
        readonly code: string;
        readonly input: number | undefined;
        readonly message: string;
      };
    };

/** Name of a document in the box, by its position. */
export function inputName(index: number): string {
  return `${index + 1}.pdf`;
}

/** Name of the result in the box and in the job's directory. */
export const resultName = 'result.pdf';
