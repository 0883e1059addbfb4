import { closeSync, openSync } from 'node:fs';
import type { FileKind } from '../capabilities.ts';
import { asText } from '../pictures/beginning.ts';
import { fitted, type Size } from '../pictures/page-size.ts';
import { kindOf } from '../pictures/picture-kind.ts';
import { svgSize, svgTag } from '../pictures/svg.ts';
import { readAt } from '../zip/child-bytes.ts';
import { type Entry, readDirectory } from '../zip/child-directory.ts';
import { compoundBegins, rootNames } from './child-compound.ts';
import { kindOfText, textOf } from './child-text.ts';
import { isPlainByName, kindByName } from './extensions.ts';

/** What a file is that is no archive; of an SVG its points. */
export interface Told {
  readonly kind: FileKind;
  readonly size?: Size | undefined;
}

/** What a file is; of an archive its directory. */
export type Found = Told | { readonly kind: 'archive'; readonly entries: Entry[] };

const beginningBytes = 16_384;
/** A PDF may have something before it. */
const beforePdfMax = 1_024;

/**
 * Says what a file is by its first bytes, by the names in it where it holds files, and by its own name where bytes do not tell. What
 * stands first counts: a PDF with an archive behind it is a PDF. Throws Refused for an archive whose directory cannot be read.
 */
export function kindOfFile(path: string, name: string, entriesMax: number): Found {
  const file = openSync(path, 'r');
  try {
    const beginning = readAt(file, 0, beginningBytes);
    if (isArchive(beginning)) return kindOfArchive(readDirectory(path, entriesMax), beginning, name);
    const kind = kindOfBytes(file, beginning, name);
    if (kind !== 'svg') return { kind };
    const size = svgSize(svgTag(asText(beginning)) ?? '');
    return { kind, size: size && fitted(size) };
  } finally {
    closeSync(file);
  }
}

function kindOfBytes(file: number, beginning: Buffer, name: string): FileKind {
  if (beginning.length === 0) return 'other';
  const digits = beginning.toString('hex', 0, 16);
  if (beginning.toString('latin1', 0, 5) === '%PDF-') return 'pdf';
  if (kindOf(beginning) !== undefined) return 'picture';
  if (digits.startsWith(compoundBegins)) return kindOfCompound(rootNames(file), name);
  const found = beginnings.find(([, begins]) => begins.test(digits))?.[0];
  if (found !== undefined) return found;
  const text = textOf(beginning);
  const told = text === undefined ? undefined : kindOfText(text, name);
  if (told !== undefined) return told;
  if (hasPdf(beginning) && !isPlainByName(name)) return 'pdf';
  return kindByName(name);
}

/** First bytes of documents that are no archives, no compound files and no text, in hexadecimal digits. */
const beginnings: readonly (readonly [kind: FileKind, begins: RegExp])[] = [
  // RTF; WordPerfect; Write; Word 2.
  ['office', /^(?:7b5c727466|ff575043|3[12]be000000ab|dba52d00)/],
  // Workbooks of Excel 2 to 4, and of Lotus.
  ['workbook', /^(?:0900040[06]|0902060|09040600|00000200060406|00001a000[0-5]10)/],
];

function hasPdf(beginning: Buffer): boolean {
  return /%PDF-\d/.test(beginning.toString('latin1', 0, beforePdfMax));
}

export function isArchive(beginning: Buffer): boolean {
  return /^504b(?:0304|0506)/.test(beginning.toString('hex', 0, 4));
}

/** Documents of office programs are archives: they have the list of their parts at a fixed place, or their type as their first file. */
function kindOfArchive(entries: Entry[], beginning: Buffer, name: string): Found {
  const names = new Set(entries.map((entry) => entry.name.replaceAll('\\', '/').toLowerCase()));
  const has = (folder: string) => [...names].some((one) => one.startsWith(folder));
  if (names.has('[content_types].xml')) {
    if (has('xl/')) return { kind: 'workbook' };
    return { kind: has('word/') || has('ppt/') || has('visio/') ? 'office' : 'other' };
  }
  if (!names.has('mimetype') && !(names.has('content.xml') && names.has('meta-inf/manifest.xml')))
    return { kind: 'archive', entries };
  const type = storedType(entries, beginning);
  if (type === undefined) return { kind: names.has('content.xml') ? officeByName(name) : 'other' };
  const [, what] = /^application\/vnd\.(?:oasis\.opendocument|sun\.xml)\.(\w+)/.exec(type) ?? [];
  if (what === undefined) return { kind: 'other' };
  return { kind: what === 'spreadsheet' || what === 'calc' ? 'workbook' : 'office' };
}

/** The type that stands at the beginning of a document of OpenDocument, unpacked (part 2, 3.3). */
function storedType(entries: readonly Entry[], beginning: Buffer): string | undefined {
  const entry = entries.find(({ name }) => name === 'mimetype');
  if (entry?.offset !== 0 || entry.isPacked !== false) return undefined;
  const from = 38 + beginning.readUInt16LE(28);
  return beginning.toString('latin1', from, from + entry.bytes);
}

function officeByName(name: string): FileKind {
  return kindByName(name) === 'workbook' ? 'workbook' : 'office';
}

function kindOfCompound(names: ReadonlySet<string>, name: string): FileKind {
  if (names.has('encryptedpackage')) return officeByName(name);
  return compounds.find(([, has]) => has.some((one) => names.has(one)))?.[0] ?? kindByName(name);
}

/** What the root of a compound file holds. */
const compounds: readonly (readonly [kind: FileKind, has: readonly string[]])[] = [
  ['mail', ['__properties_version1.0']],
  ['office', ['worddocument', 'powerpoint document', 'pp97_dualstorage', 'visiodocument', 'quill', 'matost']],
  ['office', ['starwriterdocument', 'stardrawdocument3', 'starimpressdocument']],
  ['workbook', ['workbook', 'book', 'starcalcdocument']],
];
