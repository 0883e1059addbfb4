import { Refused } from '../../sandbox/refusal.ts';
import { type CompoundFile, type CompoundStream, withCompound } from '../compound/child-compound.ts';
import { documentIn } from '../compound/documents.ts';
import { isCompound } from '../compound/format.ts';
import { asText } from '../pictures/beginning.ts';
import { beginningOf } from '../zip/child-bytes.ts';
import { type Entry, isArchive, readDirectory } from '../zip/child-directory.ts';
import { bytesOfEntry } from '../zip/child-entry.ts';
import { flatKinds, type KindName, mediaKinds, packageKinds } from './kinds.ts';

/** What a document is. */
export type Told =
  | { readonly kind: KindName }
  /** A package of Office Open XML inside of a protection by a password. */
  | { readonly kind: 'encrypted-package' };

const beginningBytes = 4_096;
const entriesMax = 100_000;
const partBytesMax = 4 * 1024 * 1024;

/** Says by its bytes what a document is; texts of no kind go by the extension of their name. Throws Refused. */
export function kindOf(path: string, extension: string): Told {
  const beginning = beginningOf(path, beginningBytes);
  if (isCompound(beginning)) return withCompound(path, compoundKind);
  if (isArchive(beginning)) return { kind: packageKind(path) };
  return { kind: textKind(beginning, extension) };
}

function compoundKind(compound: CompoundFile): Told {
  const document = documentIn(compound);
  switch (document) {
    case 'encrypted-package':
      return { kind: document };
    case 'word':
      // fEncrypted of the FIB ([MS-DOC] 2.5.2).
      if (((compound.stream('WordDocument')?.read(11, 1)[0] ?? 0) & 0x01) !== 0) throw protectedDocument();
      return { kind: 'doc' };
    case 'excel':
      if (hasFilePass(bookIn(compound))) throw protectedDocument();
      return { kind: 'xls' };
    case 'powerpoint':
      if (compound.has('EncryptedSummary')) throw protectedDocument();
      return { kind: 'ppt' };
    default:
      throw unknown();
  }
}

/** The stream of a workbook, of Excel 97 or of one before. */
export function bookIn(compound: CompoundFile): CompoundStream | undefined {
  return compound.stream('Workbook') ?? compound.stream('Book');
}

/** Whether a record FilePass is among the first of a workbook ([MS-XLS] 2.4.117). */
function hasFilePass(book: CompoundStream | undefined): boolean {
  const bytes = book?.read(0, beginningBytes) ?? Buffer.alloc(0);
  for (let at = 0; at + 4 <= bytes.length; at += 4 + bytes.readUInt16LE(at + 2)) {
    const type = bytes.readUInt16LE(at);
    if (type === 0x2f) return true;
    // The end of the globals, or a sheet.
    if (type === 0x0a || type === 0x85) return false;
  }
  return false;
}

function packageKind(path: string): KindName {
  const entries = readDirectory(path, entriesMax);
  const text = (entry: Entry | undefined) =>
    entry === undefined || entry.isEncrypted || entry.bytes > partBytesMax
      ? ''
      : bytesOfEntry(path, entry).toString();
  const part = (name: string) => entries.find((entry) => entry.name === name);
  const media = mediaKinds[text(part('mimetype')).trim()];
  if (media !== undefined) {
    if (/<(?:\w+:)?encryption-data\b/.test(text(part('META-INF/manifest.xml')))) throw protectedDocument();
    return media;
  }
  const types = text(part('[Content_Types].xml'));
  const found = packageKinds.find(([pattern]) => pattern.test(types));
  if (found === undefined) throw unknown();
  return found[1];
}

function textKind(beginning: Buffer, extension: string): KindName {
  const text = asText(beginning);
  if (/^\s*\{\\rtf/.test(text)) return 'rtf';
  const media = /<office:document\s[^>]*office:mimetype="([^"]*)"/.exec(text)?.[1];
  const flat = media === undefined ? undefined : flatKinds[media];
  if (flat !== undefined) return flat;
  if (/^\s*(?:<\?xml[^>]*>|<!--[^]*?-->|\s)*<(?:!doctype\s+html|html|head|body)\b/i.test(text)) return 'html';
  if (text.includes('\0')) throw unknown();
  return extension === 'html' || extension === 'htm' ? 'html' : extension === 'csv' ? 'csv' : 'txt';
}

function protectedDocument(): Refused {
  return new Refused('password', 'it is protected by a password');
}

function unknown(): Refused {
  return new Refused('kind', 'it is no document of an office program');
}
