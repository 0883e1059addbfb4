import { unlinkSync } from 'node:fs';
import * as core from '@octavo/pdf';
import { Refused } from '../../sandbox/refusal.ts';
import { type FieldsByPage, readFields } from './child-page-fields.ts';
import { readHiddenLayers } from './child-page-layers.ts';
import { isBreakdown, type Pdfium, withText } from './child-pdfium.ts';

/** A document that PDFium has open. */
export interface OpenDocument {
  /** PDFium's; others after `renew`. */
  readonly handle: number;
  /** PDFium's environment of forms, without which it knows no values of fields. */
  readonly form: number;
  readonly pageCount: number;
  /** Values of its fields; read when they are first asked for. */
  fields(): FieldsByPage;
  /** Names of layers that are not shown; read when they are first asked for. */
  hiddenLayers(): ReadonlySet<string>;
  readonly warnings: readonly string[];
  /** Lets PDFium forget all that it has read of it, which it keeps until it closes a document. No page may be open. Throws PdfError. */
  renew(): void;
  close(): void;
  /** Closes the file alone, where PDFium broke down. */
  letGo(): void;
}

/** What a document is opened with. */
export interface Opening {
  /** The document in the box. */
  readonly path: string;
  /** Where it is written anew if PDFium does not open it as it is. */
  readonly repairedPath: string;
  readonly password: string;
  /** Whether a document that forbids to take text from it is refused, unless the password is its owner's. */
  readonly heedsPermissions: boolean;
  /** Whether it is written anew in any case, as PDFium broke down over it. */
  readonly repairs: boolean;
}

/** Why PDFium does not open a document, as it counts. */
const refusal = { password: 4, encryption: 5 };
const repairedWarning = 'The document was damaged, and was repaired.';
/** PDFium counts bytes of a file with 31 bits. */
const fileBytesMax = 2 ** 31 - 1;
/** Bytes that are read ahead: PDFium asks for 512 at a time. */
const windowBytes = 256 * 1024;
/** Bit 5 of /P: copy or otherwise extract text and graphics (ISO 32000-2, table 22). */
const extractBit = 1 << 4;

/**
 * Opens a document; one that PDFium refuses is written anew by our own core first, which repairs more. Throws PdfError where neither
 * can read it, and Refused where it forbids to be read.
 */
export function openDocument(pdfium: Pdfium, opening: Opening): OpenDocument {
  const source = core.fileSource(opening.path);
  let opened: OpenDocument | undefined;
  try {
    if (!opening.repairs) opened = openSource(pdfium, source, opening.password, []);
    if (opened === undefined) return openRepaired(pdfium, source, opening);
    if (opening.heedsPermissions && (pdfium.call.FPDF_GetDocPermissions(opened.handle) & extractBit) === 0)
      throw forbidden();
    return opened;
  } catch (error) {
    if (!isBreakdown(error)) opened?.close();
    source.close();
    throw error;
  }
}

/** Opens what our own core makes of a document, which is no longer encrypted. */
function openRepaired(pdfium: Pdfium, source: core.Source, opening: Opening): OpenDocument {
  const { password, repairedPath } = opening;
  if (opening.heedsPermissions) refuseForbidden(source, password);
  const reason = opening.repairs ? 0 : pdfium.call.FPDF_GetLastError();
  const isEncryption = reason === refusal.password || reason === refusal.encryption;
  core.decrypt(source, core.fileSink(repairedPath), { password });
  source.close();
  const repaired = core.fileSource(repairedPath);
  const opened = openSource(pdfium, repaired, '', isEncryption ? [] : [repairedWarning]);
  // It stays readable as long as it is open, and is no result.
  unlinkSync(repairedPath);
  if (opened !== undefined) return opened;
  repaired.close();
  throw new core.PdfError('damaged', 'No reader understands the document.');
}

function refuseForbidden(source: core.Source, password: string): void {
  const { permissions, encryption } = core.info(source, { password });
  if (!permissions.extract && encryption?.openedBy !== 'owner') throw forbidden();
}

/** Opens a source with PDFium; undefined where it refuses, or finds no page. The source is closed with the document. */
function openSource(
  pdfium: Pdfium,
  source: core.Source,
  password: string,
  warnings: readonly string[],
): OpenDocument | undefined {
  if (source.size > fileBytesMax) throw new core.PdfError('limit', 'The document is larger than 2 GB.');
  let opened = load(pdfium, source, password);
  if (opened === none) return undefined;
  const pageCount = pdfium.call.FPDF_GetPageCount(opened.handle);
  if (pageCount <= 0) {
    unload(pdfium, opened);
    return undefined;
  }
  let fields: FieldsByPage | undefined;
  let hidden: ReadonlySet<string> | undefined;
  return {
    get handle() {
      return opened.handle;
    },
    get form() {
      return opened.form;
    },
    pageCount,
    warnings,
    fields: () => (fields ??= readFields(source, password)),
    hiddenLayers: () => (hidden ??= readHiddenLayers(source, password)),
    renew() {
      unload(pdfium, opened);
      opened = load(pdfium, source, password);
      if (opened === none) throw new core.PdfError('limit', 'PDFium has no room to go on with the document.');
    },
    close() {
      if (opened !== none) unload(pdfium, opened);
      source.close();
    },
    letGo: () => source.close(),
  };
}

/** What PDFium has of an open document. */
interface Loaded {
  readonly handle: number;
  readonly form: number;
  /** What the environment of forms was made with. */
  readonly info: number;
}
const none: Loaded = { handle: 0, form: 0, info: 0 };

/** None where PDFium refuses. */
function load(pdfium: Pdfium, source: core.Source, password: string): Loaded {
  const { call } = pdfium;
  const access = sourceAccess(pdfium, source);
  const open = (one: string) => withText(pdfium, one, (at) => call.FPDF_LoadCustomDocument(access, at));
  let handle = open(password);
  // A document that anybody may open is opened with any password.
  if (handle === 0 && password !== '' && call.FPDF_GetLastError() === refusal.password) handle = open('');
  if (handle === 0) return none;
  const info = call.PDFiumExt_OpenFormFillInfo();
  return { handle, info, form: call.PDFiumExt_InitFormFillEnvironment(handle, info) };
}

function unload({ call }: Pdfium, { handle, form, info }: Loaded): void {
  call.PDFiumExt_ExitFormFillEnvironment(form);
  call.PDFiumExt_CloseFormFillInfo(info);
  call.FPDF_CloseDocument(handle);
}

interface Access {
  /** Place of PDFium's FPDF_FILEACCESS: length, function that reads, what that is called with. */
  readonly at: number;
  source: core.Source;
  /** A part of the source, and where it begins. */
  readonly window: Uint8Array;
  start: number;
  filled: number;
}

const accesses = new WeakMap<Pdfium, Access>();

/** Lets PDFium read a source, in place of the one before: one document is open at a time. */
function sourceAccess(pdfium: Pdfium, source: core.Source): number {
  let access = accesses.get(pdfium);
  if (access === undefined) {
    access = { at: newAccess(pdfium), source, window: new Uint8Array(windowBytes), start: 0, filled: 0 };
    accesses.set(pdfium, access);
  }
  access.source = source;
  access.filled = 0;
  pdfium.integers()[access.at >> 2] = source.size;
  return access.at;
}

function newAccess(pdfium: Pdfium): number {
  const at = pdfium.call.malloc(12);
  const read = pdfium.callback((_: number, position: number, into: number, length: number) => {
    const access = accesses.get(pdfium);
    return access !== undefined && readInto(pdfium, access, position, into, length) ? 1 : 0;
  }, 'iiiii');
  pdfium.integers().set([0, read, 0], at >> 2);
  return at;
}

/** Whether there were as many bytes as PDFium asked for. */
function readInto(pdfium: Pdfium, access: Access, position: number, into: number, length: number): boolean {
  const target = pdfium.bytes().subarray(into, into + length);
  const { window, source } = access;
  if (length > window.length) return source.readInto(target, position) === length;
  const isInside = () => position >= access.start && position + length <= access.start + access.filled;
  if (!isInside()) {
    access.start = Math.max(0, position - (window.length >> 2));
    if (position + length > access.start + window.length) access.start = position;
    access.filled = source.readInto(window, access.start);
  }
  if (!isInside()) return false;
  const offset = position - access.start;
  target.set(window.subarray(offset, offset + length));
  return true;
}

function forbidden(): Refused {
  return new Refused('forbidden', 'The document forbids that text is taken from it.');
}
