import { Refused } from '../../sandbox/refusal.ts';
import type { FileKind } from '../capabilities.ts';
import { withCompound } from '../compound/child-compound.ts';
import { type CompoundDocument, documentIn } from '../compound/documents.ts';
import { isCompound } from '../compound/format.ts';
import { asText } from '../pictures/beginning.ts';
import { fitted, type Size } from '../pictures/page-size.ts';
import { kindOf } from '../pictures/picture-kind.ts';
import { svgSize, svgTag } from '../pictures/svg.ts';
import { beginningOf } from '../zip/child-bytes.ts';
import { type Entry, isArchive, readDirectory } from '../zip/child-directory.ts';
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
  const beginning = beginningOf(path, beginningBytes);
  if (isArchive(beginning)) return kindOfArchive(readDirectory(path, entriesMax), beginning, name);
  const kind = isCompound(beginning) ? kindOfCompound(path, name) : kindOfBytes(beginning, name);
  if (kind !== 'svg') return { kind };
  const size = svgSize(svgTag(asText(beginning)) ?? '');
  return { kind, size: size && fitted(size) };
}

function kindOfBytes(beginning: Buffer, name: string): FileKind {
  if (beginning.length === 0) return 'other';
  if (beginning.toString('latin1', 0, 5) === '%PDF-') return 'pdf';
  if (kindOf(beginning) !== undefined) return 'picture';
  const digits = beginning.toString('hex', 0, 16);
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

/** What a compound file is, where bytes tell: of what is encrypted, and of one that is damaged, its name does. */
function kindOfCompound(path: string, name: string): FileKind {
  const document = documentOf(path);
  if (document === 'encrypted-package') return officeByName(name);
  return document === undefined ? kindByName(name) : compounds[document];
}

function documentOf(path: string): CompoundDocument | undefined {
  try {
    return withCompound(path, documentIn);
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

const compounds: Readonly<Record<Exclude<CompoundDocument, 'encrypted-package'>, FileKind>> = {
  mail: 'mail',
  word: 'office',
  powerpoint: 'office',
  office: 'office',
  excel: 'workbook',
  workbook: 'workbook',
};
