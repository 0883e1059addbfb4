import type { PdfDictionary, PdfObject } from '../../objects/object.ts';
import { countOf } from '../../objects/object.ts';
import { PdfReference } from '../../objects/reference.ts';
import { PdfString } from '../../objects/string.ts';
import { ObjectScan } from '../../syntax/object-scan.ts';
import { nameTreeOf } from '../carriers/names.ts';
import { annotationsOf, pageEntry } from '../page.ts';
import { documentDate, type DocumentDate } from './dates.ts';
import type { Facts, LocatedStream } from './facts.ts';

/** A file that is embedded in a document (ISO 32000-2, 7.11.4). */
export interface AttachmentInfo {
  /** The name of the file as the document has it; not one to write to: it may have a path in it, or be empty. */
  readonly name: string;
  readonly description: string | undefined;
  /** MIME type in the document's words, such as `text/csv`. */
  readonly mediaType: string | undefined;
  /** Bytes of the file in the document's words; undefined if it does not say. */
  readonly size: number | undefined;
  readonly created: DocumentDate | undefined;
  readonly modified: DocumentDate | undefined;
  /** MD5 of the file in the document's words, 32 hexadecimal digits. */
  readonly checksum: string | undefined;
  /** What the file is to the document or to a part of it (ISO 32000-2, 14.13), such as `Data` or `Source`. */
  readonly relationship: string | undefined;
  /** Index from 0 of the page to which it is attached; undefined for a file of the whole document. */
  readonly pageIndex: number | undefined;
}

/** An attachment, and where its data lie. */
export interface Attachment {
  readonly info: AttachmentInfo;
  readonly data: LocatedStream;
}

const ATTACHMENTS_MAX = 10_000;

/** Where a file may be, in the order of preference (ISO 32000-2, table 43): the last three are of old systems. */
const NAMES = ['UF', 'F', 'Unix', 'Mac', 'DOS'];

/**
 * The files that are embedded in a document, each once: those of the name tree, those attached to pages as annotations
 * (ISO 32000-2, 12.5.6.15), and those associated with the document or a page and listed nowhere else.
 */
export function attachments(facts: Facts): readonly Attachment[] {
  const found = new Map<string, Attachment>();
  let tooMany = false;
  for (const { specification, description, pageIndex } of specifications(facts)) {
    const dictionary = facts.resolve(specification);
    const data = dictionary instanceof Map ? dataOf(facts, dictionary) : undefined;
    if (data === undefined) continue;
    tooMany = found.size === ATTACHMENTS_MAX;
    if (tooMany) break;
    const info = attachmentInfo(facts, dictionary as PdfDictionary, data, description, pageIndex);
    // Two files may be the same bytes and still be two.
    const key = `${data.number} ${info.name}`;
    if (!found.has(key)) found.set(key, { info, data });
  }
  if (tooMany) facts.warn(`The attachments were too many; only the first ${ATTACHMENTS_MAX} are told.`);
  return [...found.values()];
}

/** A file specification, and what is said of it where it was found. */
interface Found {
  readonly specification: PdfObject;
  readonly description?: string | undefined;
  readonly pageIndex?: number;
}

function* specifications(facts: Facts): Generator<Found> {
  const { document, file } = facts;
  for (const { value } of nameTreeOf(facts, 'EmbeddedFiles')) yield { specification: value };
  const scan = new ObjectScan(file.reading.limits.nestingMax);
  for (const [pageIndex, page] of document.pages.entries()) {
    const annotations = annotationsOf(document, page, scan);
    for (const each of annotations) {
      if (!isFileAttachment(facts, each, scan)) continue;
      const annotation = facts.resolve(each);
      if (!(annotation instanceof Map)) continue;
      const specification = annotation.get('FS') ?? null;
      yield { specification, description: facts.textOf(annotation, 'Contents'), pageIndex };
    }
  }
  for (const specification of associated(facts, document.catalog.get('AF'))) yield { specification };
  for (const [pageIndex, page] of document.pages.entries()) {
    const entry = pageEntry(document, page, scan, 'AF');
    for (const specification of associated(facts, entry)) yield { specification, pageIndex };
  }
}

/** Most annotations are something else, and are not built to know that. */
function isFileAttachment({ file }: Facts, annotation: PdfObject, scan: ObjectScan): boolean {
  if (!(annotation instanceof PdfReference)) return annotation instanceof Map;
  if (!file.has(annotation.number, annotation.generation)) return false;
  return file.scan(annotation.number, scan) !== undefined && scan.isName('Subtype', 'FileAttachment');
}

/** An array of file specifications, or one of them. */
function associated(facts: Facts, entry: PdfObject | undefined): readonly PdfObject[] {
  const value = facts.resolve(entry);
  return Array.isArray(value) ? value : [entry ?? null];
}

/** The embedded file; a specification without one means a file elsewhere. */
function dataOf(facts: Facts, specification: PdfDictionary): LocatedStream | undefined {
  const embedded = facts.dictionary(specification, 'EF');
  for (const key of NAMES) {
    const stream = facts.stream(embedded.get(key));
    if (stream !== undefined) return stream;
  }
  return undefined;
}

function attachmentInfo(
  facts: Facts,
  specification: PdfDictionary,
  { stream }: LocatedStream,
  description: string | undefined,
  pageIndex: number | undefined,
): AttachmentInfo {
  const parameters = facts.dictionary(stream.dictionary, 'Params');
  const checksum = facts.get(parameters, 'CheckSum');
  const date = (key: string): DocumentDate | undefined => {
    const text = facts.textOf(parameters, key);
    return text === undefined ? undefined : documentDate(text);
  };
  return {
    name: NAMES.map((key) => facts.textOf(specification, key)).find((name) => name !== undefined) ?? '',
    description: facts.textOf(specification, 'Desc') ?? description,
    mediaType: facts.nameOf(stream.dictionary, 'Subtype'),
    size: countOf(facts.get(parameters, 'Size')),
    created: date('CreationDate'),
    modified: date('ModDate'),
    checksum:
      checksum instanceof PdfString && checksum.bytes.length === 16
        ? Buffer.from(checksum.bytes).toString('hex')
        : undefined,
    relationship: facts.nameOf(specification, 'AFRelationship'),
    pageIndex,
  };
}
