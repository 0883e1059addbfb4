import { createHash } from 'node:crypto';
import { pdfium, text, withBytes, written } from './pdfium-memory.ts';
import { readPage, type PageReading } from './pdfium-page.ts';
import { NODES_MAX, target, type Target } from './pdfium-target.ts';

/** An outline item. */
export interface Bookmark {
  readonly title: string;
  readonly target: Target;
  /** Positive for an open item, negative for one that is closed. */
  readonly count: number;
  readonly kids: readonly Bookmark[];
}

/** A document as PDFium sees it, in plain values that can be compared. */
export interface Reading {
  readonly pages: readonly PageReading[];
  readonly bookmarks: readonly Bookmark[];
  /** Named destinations of both kinds, by name. */
  readonly destinations: ReadonlyMap<string, Target>;
  /** Embedded files in the order of their names. */
  readonly attachments: readonly {
    readonly name: string;
    readonly description: string;
    readonly digest: string;
  }[];
  /** Scripts that run when the document is opened. */
  readonly scripts: readonly { readonly name: string; readonly script: string }[];
  /** Values of the document information and of the catalog. */
  readonly title: string;
  readonly language: string;
  readonly isTagged: boolean;
  readonly pageMode: number;
  readonly signatures: number;
  /** 0 none, 1 a form, 2 and 3 XFA. */
  readonly formType: number;
  /** Whether PDFium had no need to rebuild the cross-reference table. */
  readonly isSound: boolean;
  readonly isEncrypted: boolean;
}

/** How a file is read. */
export interface ReadOptions {
  readonly password?: string;
  readonly pixels?: number;
}

/** PDFium does not open a file; `code` is its own: 2 a file that is none, 3 no PDF, 4 the password, 5 the encryption. */
export class PdfiumError extends Error {
  readonly code: number;

  constructor(code: number) {
    super(`PDFium does not open the file: ${code}.`);
    this.code = code;
  }
}

/**
 * Reads a file with PDFium, a second reader that shares nothing with ours. All of PDFium's memory that it takes is given
 * back. `pixels` is the longer side of the pages when they are drawn, 0 for no drawing. Over some trees that go in circles
 * PDFium breaks down with a WebAssembly.RuntimeError; it is to be started anew then.
 */
export function readPdfium(file: Uint8Array, { password = '', pixels = 120 }: ReadOptions = {}): Reading {
  return withBytes(file.length, (at, bytes) => {
    bytes().set(file);
    const document = pdfium.FPDF_LoadMemDocument(at, file.length, password);
    if (document === 0) throw new PdfiumError(pdfium.FPDF_GetLastError());
    const info = pdfium.PDFiumExt_OpenFormFillInfo();
    const form = pdfium.PDFiumExt_InitFormFillEnvironment(document, info);
    try {
      return {
        pages: Array.from({ length: pdfium.FPDF_GetPageCount(document) }, (_, index) =>
          readPage(document, form, index, pixels),
        ),
        bookmarks: bookmarks(document, 0, { left: NODES_MAX }),
        destinations: destinations(document),
        attachments: attachments(document),
        scripts: scripts(document),
        title: text((to, length) => pdfium.FPDF_GetMetaText(document, 'Title', to, length)),
        language: text((to, length) => pdfium.FPDFCatalog_GetLanguage(document, to, length)),
        isTagged: pdfium.FPDFCatalog_IsTagged(document),
        pageMode: pdfium.FPDFDoc_GetPageMode(document),
        signatures: pdfium.FPDF_GetSignatureCount(document),
        formType: pdfium.FPDF_GetFormType(document),
        isSound: pdfium.FPDF_DocumentHasValidCrossReferenceTable(document),
        isEncrypted: pdfium.EPDF_IsEncrypted(document),
      };
    } finally {
      pdfium.PDFiumExt_ExitFormFillEnvironment(form);
      pdfium.PDFiumExt_CloseFormFillInfo(info);
      pdfium.FPDF_CloseDocument(document);
    }
  });
}

function bookmarks(document: number, parent: number, nodes: { left: number }): Bookmark[] {
  const found: Bookmark[] = [];
  let item = pdfium.FPDFBookmark_GetFirstChild(document, parent);
  for (; item !== 0 && nodes.left > 0; item = pdfium.FPDFBookmark_GetNextSibling(document, item)) {
    const current = item;
    nodes.left--;
    found.push({
      title: text((at, length) => pdfium.FPDFBookmark_GetTitle(current, at, length)),
      target: target(
        document,
        pdfium.FPDFBookmark_GetDest(document, item),
        pdfium.FPDFBookmark_GetAction(item),
      ),
      count: pdfium.FPDFBookmark_GetCount(item),
      kids: bookmarks(document, item, nodes),
    });
  }
  return found;
}

function destinations(document: number): Map<string, Target> {
  const found = new Map<string, Target>();
  const count = pdfium.FPDF_CountNamedDests(document);
  for (let index = 0; index < count; index++)
    withBytes(4, (lengthAt, lengthBytes) => {
      pdfium.FPDF_GetNamedDest(document, index, 0, lengthAt);
      const length = lengthBytes().readInt32LE(0);
      if (length <= 0) return;
      withBytes(length, (at, bytes) => {
        const destination = pdfium.FPDF_GetNamedDest(document, index, at, lengthAt);
        const name = bytes().toString('utf16le').replace(/\0$/, '');
        found.set(name, target(document, destination, 0));
      });
    });
  return found;
}

function attachments(document: number): Reading['attachments'] {
  return Array.from({ length: pdfium.FPDFDoc_GetAttachmentCount(document) }, (_, index) => {
    const attachment = pdfium.FPDFDoc_GetAttachment(document, index);
    const data = withBytes(4, (lengthAt, lengthBytes) =>
      written((at, length) =>
        pdfium.FPDFAttachment_GetFile(attachment, at, length, lengthAt) ? lengthBytes().readUInt32LE(0) : 0,
      ),
    );
    return {
      name: text((at, length) => pdfium.FPDFAttachment_GetName(attachment, at, length)),
      description: text((at, length) => pdfium.EPDFAttachment_GetDescription(attachment, at, length)),
      digest: createHash('sha1').update(data).digest('hex'),
    };
  });
}

function scripts(document: number): Reading['scripts'] {
  return Array.from(
    { length: Math.max(0, pdfium.FPDFDoc_GetJavaScriptActionCount(document)) },
    (_, index) => {
      const action = pdfium.FPDFDoc_GetJavaScriptAction(document, index);
      if (action === 0) return { name: '', script: '' };
      try {
        return {
          name: text((at, length) => pdfium.FPDFJavaScriptAction_GetName(action, at, length)),
          script: text((at, length) => pdfium.FPDFJavaScriptAction_GetScript(action, at, length)),
        };
      } finally {
        pdfium.FPDFDoc_CloseJavaScriptAction(action);
      }
    },
  );
}
