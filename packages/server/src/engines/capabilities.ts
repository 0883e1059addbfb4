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

/** What users of a document may do; owners may do anything. */
export interface Permissions {
  readonly print: boolean;
  readonly printHighQuality: boolean;
  readonly modify: boolean;
  readonly extract: boolean;
  readonly annotate: boolean;
  readonly fillForms: boolean;
  readonly accessibility: boolean;
  readonly assemble: boolean;
}

/** How a document is to be encrypted. */
export interface Encryption {
  readonly method: 'rc4-40' | 'rc4-128' | 'aes-128' | 'aes-256';
  /** Empty: anybody may open it. */
  readonly userPassword: string;
  /** Empty: nobody has it. */
  readonly ownerPassword: string;
  readonly permissions: Permissions;
}

/** What a document is. What is undefined it does not say; texts are its own words. */
export interface DocumentFacts {
  readonly pageCount: number;
  /** Such as `1.7`. */
  readonly version: string;
  /** Points, before rotation; the corner as far as the first page has one that is not 0. */
  readonly pages: readonly PageSize[];
  readonly information: {
    readonly title?: string | undefined;
    readonly author?: string | undefined;
    readonly subject?: string | undefined;
    readonly keywords?: string | undefined;
    readonly creator?: string | undefined;
    readonly producer?: string | undefined;
    readonly created?: DateFact | undefined;
    readonly modified?: DateFact | undefined;
  };
  readonly encryption?:
    | {
        readonly algorithm: 'RC4' | 'AES' | 'none';
        readonly keyBits: number;
        readonly passwordNeeded: boolean;
      }
    | undefined;
  readonly permissions: Permissions;
  readonly bookmarks: readonly { readonly title: string; readonly level: number }[];
  readonly attachments: readonly { readonly name: string }[];
  readonly hasForm: boolean;
  readonly hasXfa: boolean;
  readonly hasScripts: boolean;
  readonly isSigned: boolean;
  readonly isPortfolio: boolean;
  readonly tagged: boolean;
  readonly linearized: boolean;
  readonly repaired: boolean;
  readonly language?: string | undefined;
  /** What it claims to conform to, such as `2b`, `1`, `PDF/X-4`. */
  readonly conformance: {
    readonly pdfA?: string | undefined;
    readonly pdfUA?: string | undefined;
    readonly pdfX?: string | undefined;
  };
  /** Undefined where it could not be read. */
  readonly form?:
    | {
        readonly fields: readonly FieldFacts[];
        readonly signatures: readonly { readonly fieldName: string }[];
      }
    | undefined;
}

/** What is shown of a page: points, before it is turned clockwise by `rotate` degrees. */
export interface PageSize {
  readonly width: number;
  readonly height: number;
  readonly rotate: number;
}

/** A date as it stands in a document, and in ISO 8601 where it is one. */
export interface DateFact {
  readonly raw: string;
  readonly iso?: string | undefined;
}

/** A field of a form. */
export interface FieldFacts {
  readonly name: string;
  readonly type: string;
  readonly alternateName?: string | undefined;
  readonly value?: string | readonly string[] | undefined;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  /** The names of ISO 32000-2 with a small first letter: `readOnly`. */
  readonly flags: readonly string[];
  readonly maxLength?: number | undefined;
  /** Where it is shown; `pageIndex` from 0, `place` in points from the upper left corner of the page as it is shown. */
  readonly widgets: readonly {
    readonly pageIndex?: number | undefined;
    readonly place?:
      | { readonly left: number; readonly top: number; readonly width: number; readonly height: number }
      | undefined;
    /** Of check boxes and radio buttons. */
    readonly state?: string | undefined;
    readonly isOn: boolean;
  }[];
}

/** One document that was made. */
export interface MadeDocument {
  readonly file: FileHandle;
  readonly pageCount: number;
  readonly warnings: readonly string[];
}

/** Several files that were made, with the names that their links show. */
export interface MadeFiles {
  readonly files: readonly FileHandle[];
  /** Of the document that they are of. */
  readonly pageCount: number;
  readonly warnings: readonly string[];
}

/** Everything that an engine can be asked: what it takes and what it gives. Of pages, `pages` is a text such as `1-3,5-,!1`; empty for all. */
export interface Abilities {
  'pdf.merge': {
    takes: {
      readonly documents: readonly FileHandle[];
      /** Outlines one after another, or each under the name of its document. */
      readonly outlines: 'join' | 'by-document';
    };
    gives: MadeDocument;
  };
  /** One file for each item of `pages`, which count from 1; `*` is each page alone. Their names begin with `stem`. */
  'pdf.split': {
    takes: { readonly document: FileHandle; readonly pages: string; readonly stem: string };
    gives: MadeFiles;
  };
  /** `pages` count from 1. */
  'pdf.delete-pages': {
    takes: { readonly document: FileHandle; readonly pages: string };
    gives: MadeDocument;
  };
  /** Turns clockwise by `angle` degrees; `pages` count from 0. */
  'pdf.rotate-pages': {
    takes: { readonly document: FileHandle; readonly pages: string; readonly angle: number };
    gives: MadeDocument;
  };
  'pdf.encrypt': {
    takes: { readonly document: FileHandle; readonly encryption: Encryption };
    gives: MadeDocument;
  };
  'pdf.decrypt': { takes: { readonly document: FileHandle }; gives: MadeDocument };
  'pdf.info': {
    takes: { readonly document: FileHandle };
    gives: { readonly facts: DocumentFacts; readonly warnings: readonly string[] };
  };
  'pdf.attachments': { takes: { readonly document: FileHandle }; gives: MadeFiles };
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
