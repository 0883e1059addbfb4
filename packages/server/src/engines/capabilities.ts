/** A file on local disk inside a job's own directory. */
export interface FileHandle {
  readonly path: string;
  /** The client's name for it, for messages and labels; hostile text. */
  readonly name: string;
  readonly sizeBytes: number;
}

/** Everything that an engine can be asked: what it takes and what it gives. */
export interface Abilities {
  'pdf.merge': {
    takes: {
      readonly documents: readonly FileHandle[];
      /** Outlines one after another, or each under the name of its document. */
      readonly outlines: 'join' | 'by-document';
    };
    gives: { readonly file: FileHandle; readonly pageCount: number; readonly warnings: readonly string[] };
  };
}
export type AbilityName = keyof Abilities;
