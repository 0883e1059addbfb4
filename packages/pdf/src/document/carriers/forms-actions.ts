import { nameOf, type PdfDictionary, type PdfObject } from '../../objects/object.ts';
import { PdfStream } from '../../objects/stream.ts';
import { PdfReference } from '../../objects/reference.ts';
import { PdfString } from '../../objects/string.ts';
import type { ObjectScan } from '../../syntax/object-scan.ts';
import { encodedAs, textOfString } from '../../syntax/text-string.ts';
import type { DocumentCopy } from '../copy.ts';
import { changeEntries, mapped } from './entries-change.ts';
import { renamedField, renamedName, type Suffixes } from './forms-names.ts';
import { renameInScript } from './forms-scripts.ts';

/** Longer scripts are left as they are. */
const SCRIPT_BYTES_MAX = 1024 * 1024;
/** Keys and actions that name fields. */
const MENTIONS = ['/Fields', '/Hide', '/JS', '#'];

/** Names of fields in the actions of one document (ISO 32000-2, 12.7.6 and 12.6.4.11) and in its scripts. */
export class FieldUses {
  readonly #suffixes = new Map<DocumentCopy, Suffixes>();

  /** Lets what is copied of a document use the new names of its fields. */
  prepare(copy: DocumentCopy, suffixes: Suffixes): void {
    if (suffixes.size === 0) return;
    this.#suffixes.set(copy, suffixes);
    copy.edits.onObjects(mentionsFields, (object) =>
      changeEntries(object, mentioning, (value) => this.rewrite(copy, value)),
    );
  }

  /** A value of a document with the names of fields in it as they are in the result. The same object if nothing changes. */
  rewrite(copy: DocumentCopy, value: PdfObject): PdfObject {
    const suffixes = this.#suffixes.get(copy);
    return suffixes === undefined ? value : rewrite(copy, suffixes, value);
  }
}

function mentionsFields({ bytes, start, end }: ObjectScan): boolean {
  return isMentioned(bytes, start, end);
}

/** The keys of the entries that name fields, or have one that does in their value. */
function mentioning(scan: ObjectScan): string[] {
  const keys: string[] = [];
  for (let index = 0; index < scan.count; index++) {
    const key = scan.key(index);
    if (['T', 'Fields', 'JS'].includes(key)) keys.push(key);
    else if (isMentioned(scan.bytes, scan.valueFrom(index), scan.valueTo(index))) keys.push(key);
  }
  // Whether /T names fields depends on /S.
  return keys.length > 0 ? [...keys, 'S'] : keys;
}

function isMentioned(bytes: Uint8Array, start: number, end: number): boolean {
  const range = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
  return MENTIONS.some((each) => range.includes(each));
}

function rewrite(copy: DocumentCopy, suffixes: Suffixes, value: PdfObject): PdfObject {
  if (Array.isArray(value)) return mapped(value, (each) => rewrite(copy, suffixes, each));
  if (!(value instanceof Map)) return value;
  const isHide = nameOf(copy.document.file.resolve(value.get('S'))) === 'Hide';
  let changed: PdfDictionary | undefined;
  for (const [key, old] of value) {
    let fresh = old;
    if (key === 'Fields' || (key === 'T' && isHide)) fresh = names(copy, suffixes, old);
    else if (key === 'JS') fresh = script(copy, suffixes, old);
    if (fresh === old) fresh = rewrite(copy, suffixes, old);
    if (fresh !== old) changed = (changed ?? new Map(value)).set(key, fresh);
  }
  return changed ?? value;
}

/** One name or an array of names; references to fields stay. */
function names(copy: DocumentCopy, suffixes: Suffixes, entry: PdfObject): PdfObject {
  const object = copy.document.file.resolve(entry);
  if (object instanceof PdfString) return renamedField(object, suffixes) ?? entry;
  if (!Array.isArray(object)) return entry;
  const changed = mapped(object, (each) => {
    const name = copy.document.file.resolve(each);
    return name instanceof PdfString ? (renamedField(name, suffixes) ?? each) : each;
  });
  return changed === object ? entry : changed;
}

function bytesOf(object: PdfObject): Uint8Array | undefined {
  return object instanceof PdfString ? object.bytes : undefined;
}

/** A script; one that stands in a stream and changes becomes a string (ISO 32000-2, table 221). */
function script(copy: DocumentCopy, suffixes: Suffixes, entry: PdfObject): PdfObject {
  const { file } = copy.document;
  const object = file.resolve(entry);
  const isStream = object instanceof PdfStream && entry instanceof PdfReference;
  const bytes = isStream ? file.decodedStream(entry, SCRIPT_BYTES_MAX) : bytesOf(object);
  if (bytes === undefined) return entry;
  file.reading.work.spend(bytes.length);
  const old = textOfString(bytes);
  const { text, missed } = renameInScript(old, (name) => renamedName(name, suffixes));
  if (missed)
    file.reading.warnings.add('A script may name a field that was renamed; it was not changed there.');
  return text === old ? entry : new PdfString(encodedAs(bytes, text));
}
