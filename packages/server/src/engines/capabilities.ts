/** A file on local disk inside a job's own directory. */
export interface FileHandle {
  readonly path: string;
  /** The client's name for it, for messages and labels; hostile text. */
  readonly name: string;
  readonly sizeBytes: number;
}

/** What becomes of the pictures of one kind; each stays as it is where nothing is gained. */
export interface PictureTreatment {
  /** Pixels per inch that pictures are scaled down to, where the page shows them with more than `above`. */
  readonly resample: { readonly to: number; readonly above: number } | undefined;
  /**
   * `keep`: only what is scaled down is packed anew; `lossless`: all are; `jpeg`: photographs by JPEG, what has few colours or sharp
   * edges lossless; `ccitt`: pictures of two colours by CCITT G4.
   */
  readonly format: 'keep' | 'lossless' | 'jpeg' | 'ccitt';
  /** Of JPEG, 1 to 100. */
  readonly quality: number;
}

/** How the pictures of a document are made smaller. */
export interface PictureSettings {
  readonly color: PictureTreatment;
  readonly grayscale: PictureTreatment;
  /** Pictures of one bit for each pixel, and stencils. */
  readonly monochrome: PictureTreatment;
  /** Turns colour into grey. */
  readonly toGrayscale: boolean;
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
  'pdf.optimise': {
    takes: { readonly document: FileHandle; readonly pictures: PictureSettings };
    gives: {
      readonly file: FileHandle;
      readonly pageCount: number;
      readonly warnings: readonly string[];
      readonly bytesBefore: number;
      readonly bytesAfter: number;
    };
  };
}
export type AbilityName = keyof Abilities;
