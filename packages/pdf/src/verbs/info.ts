import { everyPermission, permissionsOf, type Permissions } from '../crypt/permissions.ts';
import { attachments, type AttachmentInfo } from '../document/facts/attachments.ts';
import { bookmarks, type Bookmark } from '../document/facts/bookmarks.ts';
import { conformance, type Conformance } from '../document/facts/conformance.ts';
import { encryption, type EncryptionInfo } from '../document/facts/encryption.ts';
import { Facts } from '../document/facts/facts.ts';
import { form, type Form } from '../document/facts/fields.ts';
import { information, type Information } from '../document/facts/information.ts';
import { layers, type LayerInfo } from '../document/facts/layers.ts';
import { isLinearized } from '../document/facts/linearized.ts';
import { pageLabels } from '../document/facts/page-labels.ts';
import { hasDocumentScripts, havePagesScripts } from '../document/facts/scripts.ts';
import { viewing, type Viewing } from '../document/facts/viewing.ts';
import { documentXmp } from '../document/facts/xmp.ts';
import { isSigned } from '../document/signatures.ts';
import { pageGeometry, type PageGeometry } from '../document/page.ts';
import type { Source } from '../file/source.ts';
import type { Limits } from '../limits.ts';
import { openOne } from './open.ts';

/** How a document is opened, and which of the facts that cost more are wanted. */
export interface InfoOptions {
  /** Opens an encrypted document; the empty one is tried in any case. */
  readonly password?: string | undefined;
  readonly limits?: Partial<Limits> | undefined;
  /** Reads the bookmarks: takes as long as there are many. */
  readonly bookmarks?: boolean | undefined;
  /** Reads the form: looks at all annotations. */
  readonly form?: boolean | undefined;
  /** Looks for scripts of all pages and annotations, not of the document alone. */
  readonly scripts?: boolean | undefined;
  /** Reads the list of attachments: looks at all annotations. */
  readonly attachments?: boolean | undefined;
}

/** What a document is. All indexes of pages are from 0; what is undefined the document does not say. */
export interface DocumentInfo {
  readonly pageCount: number;
  /** Such as `1.7`. */
  readonly version: string;
  /** Whether the file is encrypted; it was opened all the same. */
  readonly encrypted: boolean;
  /** How, if it is. */
  readonly encryption: EncryptionInfo | undefined;
  /** What users may do; all, if it is not encrypted. Owners may do anything. */
  readonly permissions: Permissions;
  /** Whether the file was damaged so that its cross-reference table had to be rebuilt. */
  readonly repaired: boolean;
  readonly linearized: boolean;
  /** One for each page, in order. */
  readonly pages: readonly PageGeometry[];
  /** One for each page, if the document has any. */
  readonly pageLabels: readonly string[] | undefined;
  readonly information: Information;
  readonly conformance: Conformance;
  /** Natural language of the text (ISO 32000-2, 14.9.2), such as `en-GB`. */
  readonly language: string | undefined;
  /** Whether the document says that it follows the rules of tagged PDF (ISO 32000-2, 14.8), and whether it has a structure tree. */
  readonly tagged: boolean;
  readonly hasStructure: boolean;
  readonly layers: readonly LayerInfo[];
  readonly viewing: Viewing;
  /** Whether it is a collection of files (ISO 32000-2, 12.3.5). */
  readonly isPortfolio: boolean;
  /** Whether there is a form (AcroForm), and whether it is one of XFA. */
  readonly hasForm: boolean;
  readonly hasXfa: boolean;
  /** Whether the document says that it is signed. What is signed, the form tells. */
  readonly isSigned: boolean;
  /** Whether the document has scripts: its own, and those that were looked for. */
  readonly hasScripts: boolean;
  /** Undefined unless asked for. */
  readonly bookmarks: readonly Bookmark[] | undefined;
  /** Undefined unless asked for. */
  readonly form: Form | undefined;
  /** Undefined unless asked for. */
  readonly attachments: readonly AttachmentInfo[] | undefined;
  /** What was repaired, cut or could not be read, in short sentences. */
  readonly warnings: readonly string[];
}

/**
 * Reads what a document is. Nothing of the file is trusted: texts and lists are bounded, and what cannot be read is left
 * out with a warning. Throws PdfError if the document cannot be opened. The source is left to the caller to close.
 */
export function info(source: Source, options: InfoOptions = {}): DocumentInfo {
  const document = openOne(source, options);
  const facts = new Facts(document);
  const pages = pageGeometry(document);
  // What follows is read for another purpose than the pages.
  facts.file.reading.work.renew();
  const found = { pageCount: pages.length, version: document.version, pages, ...catalogFacts(facts) };
  const wanted = {
    bookmarks: options.bookmarks ? facts.section('The bookmarks', [], () => bookmarks(facts)) : undefined,
    form: options.form ? facts.section('The form', undefined, () => form(facts)) : undefined,
    attachments: options.attachments
      ? facts.section('The attachments', [], () => attachments(facts).map(({ info: each }) => each))
      : undefined,
  };
  const hasOthers =
    options.scripts === true && facts.section('The scripts of pages', false, () => havePagesScripts(facts));
  return {
    ...found,
    ...wanted,
    hasScripts: found.hasScripts || wanted.form?.hasScripts === true || hasOthers,
    repaired: document.file.rebuilt,
    warnings: document.file.reading.warnings.list(),
  };
}

/** What the trailer and the catalog say (ISO 32000-2, tables 15 and 29). */
function catalogFacts(
  facts: Facts,
): Omit<
  DocumentInfo,
  'pageCount' | 'version' | 'pages' | 'repaired' | 'warnings' | 'bookmarks' | 'form' | 'attachments'
> {
  const { catalog } = facts.document;
  const xmp = documentXmp(facts);
  const encrypted = encryption(facts);
  const { security } = facts.file;
  const acroForm = facts.get(catalog, 'AcroForm');
  return {
    encrypted: encrypted !== undefined,
    encryption: encrypted,
    permissions:
      security === undefined
        ? everyPermission
        : permissionsOf(security.permissions, encrypted?.revision ?? 0),
    linearized: isLinearized(facts),
    pageLabels: facts.part('The page labels', undefined, () => pageLabels(facts)),
    information: information(facts, xmp),
    conformance: conformance(facts, xmp),
    language: facts.textOf(catalog, 'Lang') || xmp.get('dc:language')?.[0],
    tagged: facts.get(facts.get(catalog, 'MarkInfo'), 'Marked') === true,
    hasStructure: facts.get(catalog, 'StructTreeRoot') instanceof Map,
    layers: facts.part('The layers', [], () => layers(facts)),
    viewing: viewing(facts),
    isPortfolio: facts.get(catalog, 'Collection') instanceof Map,
    hasForm: acroForm instanceof Map,
    hasXfa: facts.get(acroForm, 'XFA') !== null,
    isSigned: facts.part('The signatures', false, () => isSigned(facts.document)),
    hasScripts: facts.part('The scripts', false, () => hasDocumentScripts(facts)),
  };
}
