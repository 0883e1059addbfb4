import { closeSync, openSync } from 'node:fs';
import { Refused } from '../../sandbox/refusal.ts';
import { readAt } from '../zip/child-bytes.ts';
import { type Entry, readDirectory } from '../zip/child-directory.ts';
import { bytesOfEntry } from '../zip/child-entry.ts';
import { compoundMark, type CompoundStream, withStreams } from './child-compound.ts';
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
  const beginning = beginningOf(path);
  const mark = beginning.toString('hex', 0, 8);
  if (mark === compoundMark) return withStreams(path, compoundKind);
  if (mark.startsWith('504b0304')) return { kind: packageKind(path) };
  return { kind: textKind(beginning, extension) };
}

function beginningOf(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    return readAt(file, 0, beginningBytes);
  } finally {
    closeSync(file);
  }
}

function compoundKind(streams: readonly CompoundStream[]): Told {
  const find = (...names: string[]) => streams.find(({ name }) => names.includes(name));
  if (find('EncryptedPackage') !== undefined) return { kind: 'encrypted-package' };
  const [words, book] = [find('WordDocument'), find('Workbook', 'Book')];
  if (words !== undefined) {
    // fEncrypted of the FIB ([MS-DOC] 2.5.2).
    if (((words.read(0, 12)[11] ?? 0) & 0x01) !== 0) throw protectedDocument();
    return { kind: 'doc' };
  }
  if (book !== undefined) {
    if (hasFilePass(book)) throw protectedDocument();
    return { kind: 'xls' };
  }
  if (find('PowerPoint Document') !== undefined) {
    if (find('EncryptedSummary') !== undefined) throw protectedDocument();
    return { kind: 'ppt' };
  }
  throw unknown();
}

/** Whether a record FilePass is among the first of a workbook ([MS-XLS] 2.4.117). */
function hasFilePass(book: CompoundStream): boolean {
  const bytes = book.read(0, beginningBytes);
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
  const text = textOf(beginning);
  if (/^\s*\{\\rtf/.test(text)) return 'rtf';
  const media = /<office:document\s[^>]*office:mimetype="([^"]*)"/.exec(text)?.[1];
  const flat = media === undefined ? undefined : flatKinds[media];
  if (flat !== undefined) return flat;
  if (/^\s*(?:<\?xml[^>]*>|<!--[^]*?-->|\s)*<(?:!doctype\s+html|html|head|body)\b/i.test(text)) return 'html';
  if (text.includes('\0')) throw unknown();
  return extension === 'html' || extension === 'htm' ? 'html' : extension === 'csv' ? 'csv' : 'txt';
}

function textOf(bytes: Buffer): string {
  const mark = bytes.readUInt16BE(0);
  if (mark === 0xfffe) return bytes.toString('utf16le', 2);
  if (mark === 0xfeff) return new TextDecoder('utf-16be').decode(bytes);
  return bytes.toString('latin1');
}

function protectedDocument(): Refused {
  return new Refused('password', 'it is protected by a password');
}

function unknown(): Refused {
  return new Refused('kind', 'it is no document of an office program');
}
