import type { BarcodeType } from './barcodes/barcode-types.ts';

/** A file on local disk inside a job's own directory. */
export interface FileHandle {
  readonly path: string;
  /** The client's name for it, for messages and labels; hostile text. */
  readonly name: string;
  readonly sizeBytes: number;
  /** Which input of the call it came from, from 1, for messages: where that is not its place among the files of a request. */
  readonly number?: number;
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

/** A file that is or was a part of something else, with what is said of it there. */
export interface Attachment extends FileHandle {
  /** Such as `text/csv`; hostile text. */
  readonly mediaType?: string | undefined;
  /** ISO 8601. */
  readonly modified?: string | undefined;
}

/** Several files that were made, with the names that their links show. */
export interface MadeFiles {
  readonly files: readonly FileHandle[];
  /** Of the document that they are of. */
  readonly pageCount: number;
  readonly warnings: readonly string[];
}

/** A part of a page: points from the upper left corner of the page as it is shown. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What of a page is read, and how it is laid out: the same for all that is written of it. */
export interface ReadingSettings {
  /** The whole page where it is undefined. */
  readonly area: Area | undefined;
  /** Degrees clockwise that pages are turned by before they are read. */
  readonly rotation: 0 | 90 | 180 | 270;
  /** Text that is there and not seen, as under a scan. */
  readonly invisibleText: boolean;
  /** Text that is drawn twice, a little apart. */
  readonly shadowText: boolean;
  /** Text of annotations and fields. */
  readonly annotations: boolean;
  /** Whether a document that forbids it is left alone. */
  readonly heedsPermissions: boolean;
  /** Which lines become one row of a grid: none; those below a row that have nothing in its first column; those that stand below each other in a column; lines that stand alone. */
  readonly lineGrouping: 'none' | 'rows' | 'columns' | 'orphans';
  /** Lines of one cell are joined by a blank, not by a line break. */
  readonly unwrap: boolean;
  /** What makes columns. */
  readonly columnDetection: 'content-and-borders' | 'content' | 'borders' | 'bordered-tables';
  /** Gaps of more than so many blanks make a column; 1 is the usual measure. */
  readonly columnGap: number;
  /** Left sides of columns in points, instead of those that would be found. */
  readonly columnEdges: readonly number[];
  /** Columns as of a newspaper are read one after the other. */
  readonly columnByColumn: boolean;
  readonly trimSpaces: boolean;
  /** Several blanks become one. */
  readonly shrinkSpaces: boolean;
  /** Text keeps its place by blanks. */
  readonly keepsLayout: boolean;
  /** Words that were divided at the end of a line are joined where lines are. */
  readonly removesHyphens: boolean;
}

/** Which tables count. */
export interface TableSettings {
  readonly rowsMin: number;
  readonly columnsMin: number;
  /** Rows that do not fit, one after another, that a table may hold. */
  readonly oddRowsMax: number;
  /** Empty lines that part tables; 0 leaves that to how lines stand. */
  readonly emptyLinesBetween: number;
  /** Gaps in lines are closed first. */
  readonly mendsBorders: boolean;
}

/** A step of a path into JSON: into the member of a name, the item at an index (from the end where it is below 0), or all of them. */
export interface PathStep {
  /** Not only of what was come to, but of all in it. */
  readonly isDeep: boolean;
  readonly pick: { readonly name: string } | { readonly index: number } | 'all';
}

/** What a document is written as. */
export type ReadingOutput =
  | { readonly as: 'text' }
  | { readonly as: 'text-simple'; readonly lineEnding: string }
  | { readonly as: 'csv'; readonly separator: string; readonly quotation: string }
  | {
      readonly as: 'json' | 'xml';
      /** Of JSON: `text` has the newer shape, `meta` says what kind of text it is too. */
      readonly form: 'plain' | 'text' | 'meta';
      /** Images of the page as base64. */
      readonly pictures: 'png' | 'jpeg' | 'gif' | 'bmp' | undefined;
      readonly rulings: boolean;
      readonly onlyLinks: boolean;
      /** Of JSON: what of it is given, as a list; the whole where there are no steps. */
      readonly path: readonly PathStep[];
    }
  | { readonly as: 'html'; readonly isSimple: boolean }
  | {
      readonly as: 'xlsx' | 'xls';
      /** Empty: found by how numbers are written. */
      readonly decimalSeparator: string;
      readonly groupSeparator: string;
      readonly numbers: boolean;
      /** Fonts and colours. */
      readonly styles: boolean;
      readonly sheetPerPage: boolean;
    };

/** How pages become pictures. */
export interface RenderSettings {
  /** `png-or-jpg`: JPEG where it takes much less, as of photographs. */
  readonly as: 'png' | 'jpg' | 'webp' | 'tiff' | 'png-or-jpg';
  /** Pixels per inch. */
  readonly resolution: number;
  readonly area: Area | undefined;
  /** Of JPEG and WebP, 0 to 100. */
  readonly quality: number;
  readonly tiffCompression: 'lzw' | 'none' | 'ccitt3' | 'ccitt4' | 'rle' | 'jpeg';
  /** 8 bits are greys. Undefined: 24, or 8 where a page has no colour. */
  readonly bitsPerPixel: 1 | 8 | 24 | 32 | undefined;
  /** How greys become one bit. */
  readonly oneBit: 'otsu' | 'bayer';
  /** Degrees clockwise, and what is mirrored afterwards. */
  readonly rotate: 0 | 90 | 180 | 270;
  readonly flip: 'none' | 'x' | 'y' | 'xy';
  readonly smoothText: boolean;
  readonly smoothLines: boolean;
  readonly smoothPictures: boolean;
  /** What is drawn: text, lines and fills, those of them that have curves, pictures. */
  readonly text: boolean;
  readonly lines: boolean;
  readonly curves: boolean;
  readonly pictures: boolean;
  readonly inverted: boolean;
}

/** A page of which there is a picture. */
export interface DrawnPage {
  /** From 0. */
  readonly index: number;
  /** Points of what its picture shows. */
  readonly width: number;
  readonly height: number;
}

/** What is looked for. */
export interface SearchSettings {
  readonly text: string;
  readonly isExpression: boolean;
  readonly caseSensitive: boolean;
  /** `none`: anywhere; `exact`: whole words; `smart`: whole words, whatever blanks and line breaks lie between them. */
  readonly words: 'none' | 'exact' | 'smart';
}

/** A place where it stands: points from the upper left corner of the page as it is shown. */
export interface Hit extends Area {
  readonly text: string;
  /** From 0. */
  readonly pageIndex: number;
  /** Its parts, where it goes over several lines or runs of text. */
  readonly elements: readonly (Area & { readonly text: string })[];
}

export interface FoundTable extends Area {
  /** From 0. */
  readonly pageIndex: number;
  /** x of the left sides of its columns. */
  readonly columns: readonly number[];
}

/** What is said of a message; hostile texts, cut where they are very long. */
export interface MailFacts {
  readonly from: readonly MailAddress[];
  readonly to: readonly MailAddress[];
  readonly cc: readonly MailAddress[];
  readonly bcc: readonly MailAddress[];
  /** As it stands in the message. */
  readonly date: string;
  readonly subject: string;
  /** As they came; empty where there is none. */
  readonly bodyText: string;
  readonly bodyHtml: string;
}

/** One of both may be empty. */
export interface MailAddress {
  readonly name: string;
  readonly address: string;
}

/** A page of the web, as a file or at a link. */
export type WebPage =
  | {
      /** HTML, or SVG. */
      readonly html: FileHandle;
      /** Data of a template, as JSON or CSV text: the page is filled in before it is shown. */
      readonly data?: FileHandle | undefined;
      /** Filled in also where there are no data. */
      readonly isTemplate?: boolean;
      /** Nothing is fetched for it, whatever other pages may have: a message would tell its sender that it is read. */
      readonly isOffline?: boolean;
      /** It is an SVG that fills its paper as a picture: nothing of it runs, and it loads nothing. */
      readonly isPicture?: boolean;
    }
  /** Opened by the browser, through the door out. */
  | { readonly link: string; readonly username: string; readonly password: string };

/** How a page of the web is loaded. */
export interface BrowsingSettings {
  readonly media: 'print' | 'screen' | 'none';
  /** Whether to wait until nothing more comes, not only until the page itself is there. */
  readonly waitsForAll: boolean;
  /** For loading, milliseconds; what is there by then is taken. */
  readonly loadMsMax: number | undefined;
  /** JavaScript that runs in the page once it is loaded. */
  readonly script: string;
}

/** How it is printed: lengths in points. */
export interface PrintSettings {
  readonly paper: { readonly width: number; readonly height: number };
  /** Whether the size counts before it that the page asks for by `@page`. */
  readonly heedsPageSize: boolean;
  readonly margins: {
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
    readonly left: number;
  };
  readonly background: boolean;
  /** HTML of the head and the foot of each page, with classes that are filled in: date, title, url, pageNumber, totalPages. */
  readonly header: string;
  readonly footer: string;
}

/** How a workbook is written as data. */
export type SheetOutput =
  | { readonly as: 'csv'; readonly separator: string; readonly quotation: string }
  | { readonly as: 'json' | 'xml' | 'html' | 'txt' };

/** What a barcode looks like. */
export interface BarcodeSettings {
  readonly type: BarcodeType;
  readonly value: string;
  /** Of a QR code: how much of it may be spoilt. */
  readonly errorCorrection: 'low' | 'medium' | 'quarter' | 'high';
}

/** What kind a file is by its bytes, and by its name where bytes do not tell. `other` is none that becomes pages. */
export type FileKind =
  | 'pdf'
  | 'picture'
  | 'svg'
  /** What an office program opens: text documents, presentations. */
  | 'office'
  | 'workbook'
  | 'csv'
  | 'html'
  | 'mail'
  | 'other';

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
  /** Leaves these pages alone, in their own order; `pages` count from 0. */
  'pdf.keep-pages': {
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
  /** Says of what kind files are. What ZIP archives among them hold takes their place, unless they are kept: then they are `other`. */
  'files.unpack': {
    takes: { readonly files: readonly FileHandle[]; readonly keepsArchives?: boolean };
    gives: {
      readonly files: readonly {
        readonly file: FileHandle;
        readonly kind: FileKind;
        /** Points of the page of an SVG, where it says how large it is. */
        readonly size?: { readonly width: number; readonly height: number } | undefined;
      }[];
    };
  };
  /** A page for each picture (JPEG, PNG, TIFF, GIF, WebP, BMP, AVIF, SVG), and one for each that a TIFF holds. */
  'pictures.to-pdf': {
    takes: {
      readonly pictures: readonly FileHandle[];
      /** Points of the pages as they are shown, in their order; else a page is as large as its picture says that it is. */
      readonly sizes?: readonly { readonly width: number; readonly height: number }[];
    };
    gives: MadeDocument;
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
  /** Writes what stands on pages in another format. `pages` count from 0, here and below. */
  'pdf.read': {
    takes: {
      readonly document: FileHandle;
      readonly pages: string;
      readonly settings: ReadingSettings;
      readonly output: ReadingOutput;
    };
    gives: MadeDocument;
  };
  /** One picture for each page; of TIFF one for all. */
  'pdf.render': {
    takes: {
      readonly document: FileHandle;
      readonly pages: string;
      readonly stem: string;
      readonly settings: RenderSettings;
    };
    gives: MadeFiles & { readonly pages: readonly DrawnPage[] };
  };
  'pdf.find': {
    takes: {
      readonly document: FileHandle;
      readonly pages: string;
      readonly settings: ReadingSettings;
      readonly searches: readonly SearchSettings[];
      /** Places of one page that are told; all where it is left out. */
      readonly perPageMax?: number;
    };
    gives: {
      readonly hits: readonly Hit[];
      readonly pageCount: number;
      readonly warnings: readonly string[];
    };
  };
  'pdf.find-tables': {
    takes: {
      readonly document: FileHandle;
      readonly pages: string;
      readonly settings: ReadingSettings;
      readonly tables: TableSettings;
    };
    gives: {
      readonly tables: readonly FoundTable[];
      readonly pageCount: number;
      readonly warnings: readonly string[];
    };
  };
  /** A document of an office program, or a workbook. */
  'office.to-pdf': {
    takes: {
      readonly document: FileHandle;
      /** Of a workbook: the one sheet that is printed, by its number from 1 (0 is the first too) or its name; all where it is empty. */
      readonly sheet: string;
      /** Of a workbook: each sheet on one page that is as large as it needs. */
      readonly fitsPages: boolean;
    };
    gives: MadeDocument;
  };
  'web.to-pdf': {
    takes: {
      readonly page: WebPage;
      readonly browsing: BrowsingSettings;
      readonly print: PrintSettings;
    };
    gives: MadeDocument;
  };
  'web.to-picture': {
    takes: {
      readonly page: WebPage;
      readonly browsing: BrowsingSettings;
      readonly as: 'png' | 'jpg';
      /** Pixels of the window; the picture is as high as the page. */
      readonly width: number;
    };
    gives: { readonly file: FileHandle; readonly warnings: readonly string[] };
  };
  /** Writes the sheets of a workbook (XLSX, XLS, ODS, CSV and others), as a spreadsheet program shows them. */
  'sheets.read': {
    takes: {
      readonly workbook: FileHandle;
      /** Its number, from 1 (0 is the first too), or its name. Empty: all that are not hidden where the output is HTML or XML, else the first of them. */
      readonly sheet: string;
      readonly output: SheetOutput;
    };
    /** `pageCount`: sheets. */
    gives: MadeDocument;
  };
  /** A workbook for printing of a table in CSV: columns as wide as their texts, the first row again on each page. */
  'sheets.from-csv': {
    takes: { readonly table: FileHandle };
    gives: { readonly file: FileHandle; readonly warnings: readonly string[] };
  };
  /**
   * A message (EML, MSG) as one page of HTML with its pictures in it, what is said of it, and what was attached. The page has neither scripts nor
   * anything that would be fetched.
   */
  'mail.read': {
    takes: { readonly message: FileHandle };
    gives: {
      readonly page: FileHandle;
      readonly facts: MailFacts;
      readonly attachments: readonly Attachment[];
      readonly warnings: readonly string[];
    };
  };
  /** Puts files into a document, to be opened from there: 1,000 at most. */
  'pdf.attach': {
    takes: { readonly document: FileHandle; readonly attachments: readonly Attachment[] };
    gives: MadeDocument;
  };
  /** A barcode as PNG. */
  'barcodes.draw': {
    takes: {
      readonly barcode: BarcodeSettings;
      /** A picture for the middle of a QR code, whose error correction then is the highest. */
      readonly decoration: FileHandle | undefined;
    };
    gives: { readonly file: FileHandle; readonly warnings: readonly string[] };
  };
}
export type AbilityName = keyof Abilities;
