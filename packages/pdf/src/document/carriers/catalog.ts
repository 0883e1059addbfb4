import { nameOf, type PdfArray, type PdfDictionary, type PdfObject } from '../../objects/object.ts';
import { PdfString } from '../../objects/string.ts';
import { ByteBuffer } from '../../syntax/byte-buffer.ts';
import { writeEntry, writeObject } from '../../syntax/write.ts';
import type { Carrier } from '../carriers.ts';
import type { DocumentCopy } from '../copy.ts';
import { eachCopy } from './catalog-each.ts';
import { explicitDestination, type Destinations } from './destinations.ts';
import { textOfBytes } from './names-unique.ts';

/** Entries of the first document only, whatever the others have. */
const OF_THE_FIRST = ['PageMode', 'PageLayout', 'ViewerPreferences'];

/** The catalog's entries (ISO 32000-2, table 29) that are values rather than trees. */
export function catalogEntries(destinations: Destinations): Carrier {
  return {
    prepare: (copies) => {
      // The parts of a document (ISO 32000-2, 14.12) are those of all its pages in their order, and do not come along.
      for (const { document, edits } of copies)
        if (document.catalog.has('DPartRoot'))
          for (const key of ['DPart', 'Dp']) edits.onKeys([key], (object) => object.set(key, undefined));
    },
    carry: (copies, _writer, carried) => {
      const out = new ByteBuffer(1024);
      eachCopy(copies, (copy, index) => {
        const { catalog } = copy.document;
        if (index === 0) {
          for (const key of OF_THE_FIRST) if (catalog.has(key)) writeEntry(out, key, catalog.get(key)!, copy);
          if (copy.keepsAll) startActions(copy, destinations, out);
        }
      });
      language(copies, out);
      outputIntents(copies, out);
      extensions(copies, out);
      associatedFiles(copies, out);
      carried.catalog += textOfBytes(out.view());
    },
  };
}

/** /OpenAction and /AA: what happens when the document is opened, printed or closed, with names as they are now. */
function startActions(copy: DocumentCopy, destinations: Destinations, out: ByteBuffer): void {
  const { file, catalog } = copy.document;
  const open = catalog.has('OpenAction') ? file.resolve(catalog.get('OpenAction')) : null;
  const target = open instanceof Map ? openTarget(copy, open) : open;
  const isGone = Array.isArray(target) && explicitDestination(copy, target) === undefined;
  if (!isGone && (Array.isArray(open) || open instanceof Map)) {
    const fresh = destinations.rewrite(0, copy, open);
    if (fresh !== null) writeEntry(out, 'OpenAction', fresh, copy);
  }
  const further = catalog.has('AA') ? file.resolve(catalog.get('AA')) : null;
  if (further instanceof Map) writeEntry(out, 'AA', destinations.rewrite(0, copy, further), copy);
}

function openTarget({ document: { file } }: DocumentCopy, action: PdfDictionary): PdfObject {
  return nameOf(file.resolve(action.get('S'))) === 'GoTo' ? file.resolve(action.get('D')) : null;
}

/** The language of the first document that has one (ISO 32000-2, 14.9.2). */
function language(copies: readonly DocumentCopy[], out: ByteBuffer): void {
  for (const copy of copies) {
    const { file, catalog } = copy.document;
    const value = catalog.has('Lang') ? file.resolve(catalog.get('Lang')) : null;
    if (value instanceof PdfString) return writeEntry(out, 'Lang', value, copy);
  }
}

/** Those of all documents (ISO 32000-2, 14.11.5); of two with the same subtype and condition the first. */
function outputIntents(copies: readonly DocumentCopy[], out: ByteBuffer): void {
  const seen = new Set<string>();
  writeUnion(copies, 'OutputIntents', out, (copy, each) => {
    const { file } = copy.document;
    const intent = file.resolve(each);
    if (!(intent instanceof Map)) return false;
    const condition = file.resolve(intent.get('OutputConditionIdentifier'));
    if (!(condition instanceof PdfString)) return true;
    const key = `${nameOf(file.resolve(intent.get('S')))} ${textOfBytes(condition.bytes)}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** The files that belong to the documents as a whole (ISO 32000-2, 14.13), each with its relationship. */
function associatedFiles(copies: readonly DocumentCopy[], out: ByteBuffer): void {
  writeUnion(
    copies,
    'AF',
    out,
    (copy, each) => copy.keepsAll && copy.document.file.resolve(each) instanceof Map,
  );
}

/** Writes the elements of an array that all documents may have, or the one element in its place. */
function writeUnion(
  copies: readonly DocumentCopy[],
  key: string,
  out: ByteBuffer,
  isWanted: (copy: DocumentCopy, each: PdfObject) => boolean,
): void {
  let count = 0;
  eachCopy(copies, (copy) => {
    const entry = copy.document.catalog.get(key) ?? null;
    if (entry === null) return;
    const value = copy.document.file.resolve(entry);
    const elements: PdfArray = Array.isArray(value) ? value : [entry];
    for (const each of elements) {
      if (!isWanted(copy, each)) continue;
      out.ascii(count++ === 0 ? `/${key}[` : ' ');
      writeObject(out, each, copy);
    }
  });
  if (count > 0) out.ascii(']');
}

/** Extensions of all documents (ISO 32000-2, 7.12), by prefix; the first document wins a clash. */
function extensions(copies: readonly DocumentCopy[], out: ByteBuffer): void {
  const seen = new Set<string>(['Type']);
  eachCopy(copies, (copy) => {
    const { file, catalog } = copy.document;
    const value = catalog.has('Extensions') ? file.resolve(catalog.get('Extensions')) : null;
    for (const [prefix, extension] of value instanceof Map ? value : []) {
      if (seen.has(prefix)) continue;
      if (seen.size === 1) out.ascii('/Extensions<<');
      seen.add(prefix);
      writeEntry(out, prefix, extension, copy);
    }
  });
  if (seen.size > 1) out.ascii('>>');
}
