import { Deflater, paysToDeflate } from '../filters/deflate.ts';
import { Pieces, type Source } from '../file/source.ts';
import type { FileWriter } from '../file/writer.ts';
import type { PdfDictionary } from '../objects/object.ts';
import { PdfString } from '../objects/string.ts';
import { ByteBuffer } from '../syntax/byte-buffer.ts';
import { textString } from '../syntax/text-string.ts';
import { writeEntry, writeHexString, writeName, writeObject, writeString } from '../syntax/write.ts';
import { nameTreeOf } from './carriers/names.ts';
import { writeTree, type NewEntry } from './carriers/names-tree.ts';
import { bytesOfText, textOfBytes, UniqueNames, withCount } from './carriers/names-unique.ts';
import type { DocumentCopy } from './copy.ts';

/** What a file is to the document (ISO 32000-2, table 43). */
export type Relationship = 'Source' | 'Data' | 'Alternative' | 'Supplement' | 'Unspecified';

/** A file that is to be put into a document. */
export interface NewAttachment {
  readonly source: Source;
  /** What it is called: what stands before the last `/` or `\` goes, and control characters. */
  readonly name: string;
  readonly description?: string | undefined;
  /** Such as `text/csv`; left out where it is none. */
  readonly mediaType?: string | undefined;
  readonly modified?: Date | undefined;
  /** `Unspecified` if nothing is said. */
  readonly relationship?: Relationship | undefined;
}

/** Takes pieces and answers their MD5. */
export interface Digest {
  update(bytes: Uint8Array): unknown;
  digest(): Uint8Array;
}

/** Readers decode a packed file at once: larger ones are stored as they are. */
const PACKED_BYTES_MAX = 32 * 1024 * 1024;
/** Bytes by which it is judged whether packing pays. */
const SAMPLE_BYTES = 64 * 1024;
const NAME_CHARACTERS_MAX = 200;
const NAMELESS = 'attachment';
/** Where a file specification has the name: for old readers, and for those that know Unicode. */
const NAMES = ['F', 'UF'];

/**
 * Writes files and the tree that lists them with those that the document has (ISO 32000-2, 7.11.4). A name that is taken becomes
 * `name (2).ext`. Answers the name dictionary, as text: it takes the place of /Names in the catalog.
 */
export function writeAttachments(
  copy: DocumentCopy,
  writer: FileWriter,
  files: readonly NewAttachment[],
  digest: () => Digest,
): string {
  const unique = new UniqueNames(withCount);
  const entries = oldEntries(copy, unique);
  for (const file of files) {
    const key = unique.take(textOfBytes(textString(plainName(file.name))));
    const number = writeSpecification(writer, file, key, writeEmbedded(writer, file, digest()));
    file.source.close();
    entries.push({ key, write: (to) => to.ascii(`${number} 0 R`) });
  }
  const out = new ByteBuffer(1024);
  out.ascii('/Names<<');
  for (const [key, value] of nameDictionary(copy))
    if (key !== 'EmbeddedFiles') writeEntry(out, key, value, copy);
  out.ascii(`/EmbeddedFiles ${writeTree(writer, entries)} 0 R>>`);
  return textOfBytes(out.view());
}

/** What the tree has; its names, and those that the files would be saved by, are taken. */
function oldEntries(copy: DocumentCopy, unique: UniqueNames): NewEntry<string>[] {
  const { file } = copy.document;
  return nameTreeOf(copy, 'EmbeddedFiles').map(({ key, value }) => {
    const specification = file.resolve(value);
    const names = specification instanceof Map ? NAMES.map((entry) => specification.get(entry)) : [];
    for (const name of [new PdfString(bytesOfText(key)), ...names].map((each) => file.resolve(each)))
      if (name instanceof PdfString && !unique.has(textOfBytes(name.bytes)))
        unique.take(textOfBytes(name.bytes));
    return { key, write: (out) => writeObject(out, value, copy) };
  });
}

function nameDictionary({ document: { file, catalog } }: DocumentCopy): PdfDictionary {
  const names = file.resolve(catalog.get('Names'));
  return names instanceof Map ? names : new Map();
}

/** A name without what programs take for a path (ISO 32000-2, 7.11.2). */
function plainName(name: string): string {
  const [last = ''] = name.split(/[/\\]/).slice(-1);
  const plain = last.toWellFormed().replaceAll(/\p{C}/gu, '').trim();
  // The end has the extension.
  return [...(/^\.*$/.test(plain) ? NAMELESS : plain)].slice(-NAME_CHARACTERS_MAX).join('');
}

/** Writes a file specification (ISO 32000-2, table 43); answers its number. */
function writeSpecification(
  writer: FileWriter,
  { description = '', relationship = 'Unspecified' }: NewAttachment,
  name: string,
  embedded: number,
): number {
  const number = writer.allocate();
  const out = writer.begin(number);
  out.ascii('<</Type/Filespec');
  for (const entry of NAMES) {
    out.ascii(`/${entry} `);
    writeString(out, bytesOfText(name));
  }
  if (description !== '') {
    out.ascii('/Desc ');
    writeString(out, textString(description.toWellFormed()));
  }
  out.ascii(`/AFRelationship/${relationship}/EF<</F ${embedded} 0 R/UF ${embedded} 0 R>>>>`);
  writer.end();
  return number;
}

/** Writes the stream with the data (ISO 32000-2, table 44), piece by piece; answers its number. */
function writeEmbedded(
  writer: FileWriter,
  { source, mediaType = '', modified }: NewAttachment,
  hash: Digest,
): number {
  const { size } = source;
  const packer = paysToPack(source) ? new Deflater() : undefined;
  const [number, parameters] = [writer.allocate(), writer.allocate()];
  // What is known only afterwards stands in objects that follow.
  const length = packer && writer.allocate();
  const out = writer.beginStream(number);
  out.ascii('<</Type/EmbeddedFile');
  if (/^[\w.+-]+\/[\w.+-]+$/.test(mediaType)) {
    out.ascii('/Subtype');
    writeName(out, mediaType);
  }
  out.ascii(`/Params ${parameters} 0 R`);
  out.ascii(length === undefined ? `/Length ${size}>>` : `/Filter/FlateDecode/Length ${length} 0 R>>`);
  writer.beginData();
  let packedBytes = 0;
  const writePacked = (bytes: Uint8Array): void => {
    packedBytes += bytes.length;
    writer.data(bytes);
  };
  new Pieces().each(source, 0, size, (piece) => {
    hash.update(piece);
    if (packer === undefined) writer.data(piece);
    else writePacked(packer.update(piece));
  });
  if (packer !== undefined) writePacked(packer.final());
  writer.endStream();
  if (length !== undefined) {
    writer.begin(length).integer(packedBytes);
    writer.end();
  }
  const about = writer.begin(parameters);
  about.ascii(`<</Size ${size}${modified === undefined ? '' : modDate(modified)}/CheckSum`);
  writeHexString(about, hash.digest());
  about.ascii('>>');
  writer.end();
  return number;
}

function paysToPack(source: Source): boolean {
  if (source.size > PACKED_BYTES_MAX) return false;
  const sample = new Uint8Array(Math.min(SAMPLE_BYTES, source.size));
  return paysToDeflate(sample.subarray(0, source.readInto(sample, 0)));
}

/** A date as ISO 32000-2, 7.9.4 has it; empty where there are no four digits for its year. */
function modDate(date: Date): string {
  const [, digits] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)/.exec(date.toJSON() ?? '') ?? [];
  return digits === undefined ? '' : `/ModDate(D:${digits.replaceAll(/\D/g, '')}Z)`;
}
