import type { FileWriter } from '../../file/writer.ts';
import { nameOf, type PdfDictionary } from '../../objects/object.ts';
import { PdfReference } from '../../objects/reference.ts';
import { PdfStream } from '../../objects/stream.ts';
import { PdfString } from '../../objects/string.ts';
import { ByteBuffer } from '../../syntax/byte-buffer.ts';
import { textOfString } from '../../syntax/text-string.ts';
import { writeEntry, writeObject } from '../../syntax/write.ts';
import type { Carrier } from '../carriers.ts';
import type { DocumentCopy } from '../copy.ts';
import { eachCopy } from './catalog-each.ts';
import { elementsOf } from './forms-read.ts';
import { Packet } from './metadata-packet.ts';

const PRODUCER = 'Octavo';
/** XMP packets up to this size are read, and changed where they must. */
const PACKET_BYTES_MAX = 4 * 1024 * 1024;
/** Entries of the document information that say that a document conforms to PDF/X (ISO 15930). */
const PDF_X_KEYS = ['GTS_PDFXVersion', 'GTS_PDFXConformance'];

/**
 * The document information and the metadata stream of the first document (ISO 32000-2, 14.3), dates and all, with the
 * producer set, and without the claim to conform to a standard where not all documents make the same.
 */
export function metadata(): Carrier {
  return {
    carry: (copies, writer, carried) => {
      const first = copies[0]!;
      const packet = packetOf(first);
      const lost = lostClaims(copies, packet);
      for (const standard of lost)
        first.document.file.reading.warnings.add(
          `It says that it conforms to ${standard}; the result does not, as not all documents say the same.`,
        );
      carried.info = writeInformation(first, writer, lost.has('PDF/X') ? PDF_X_KEYS : []);
      const number = writePacket(first, packet, lost, writer);
      if (number !== 0) carried.catalog += `/Metadata ${number} 0 R`;
    },
  };
}

function writeInformation(copy: DocumentCopy, writer: FileWriter, without: readonly string[]): number {
  const { trailer } = copy.document.file;
  const entry = trailer.get('Info') ?? null;
  const number = writer.allocate();
  if (entry instanceof PdfReference) copy.claim(entry.number, number);
  const text = new ByteBuffer(1024);
  text.ascii('<<');
  for (const [key, value] of informationOf(copy))
    if (key !== 'Producer' && !without.includes(key)) writeEntry(text, key, value, copy);
  text.ascii('/Producer');
  writeObject(text, new PdfString(Buffer.from(PRODUCER)), copy);
  text.ascii('>>');
  writer.begin(number).range(text.bytes, 0, text.length);
  writer.end();
  return number;
}

function informationOf({ document: { file } }: DocumentCopy): PdfDictionary {
  const information = file.resolve(file.trailer.get('Info'));
  return information instanceof Map ? information : new Map();
}

/** The standards that the first document claims to conform to and the result must not. */
function lostClaims(copies: readonly DocumentCopy[], packet: Packet | undefined): Set<string> {
  const claims = claimsOf(copies[0]!, packet);
  const lost = new Set<string>();
  if (claims.size === 0) return lost;
  const conditions = new Set<string>();
  eachCopy(copies, (copy, index) => {
    const own = index === 0 ? claims : claimsOf(copy, packetOf(copy));
    for (const [standard, claim] of claims) if (own.get(standard) !== claim) lost.add(standard);
    for (const condition of archivalConditions(copy)) conditions.add(condition);
  });
  // PDF/A knows one output condition for the whole file (ISO 19005-2, 6.2.3).
  if (claims.has('PDF/A') && conditions.size > 1) lost.add('PDF/A');
  return lost;
}

/** What a document says in its information and in its packet. */
function claimsOf(copy: DocumentCopy, packet: Packet | undefined): Map<string, string> {
  const claims = packet?.claims ?? new Map<string, string>();
  const information = informationOf(copy);
  for (const key of PDF_X_KEYS) {
    const value = copy.document.file.resolve(information.get(key));
    if (value instanceof PdfString)
      claims.set('PDF/X', `${claims.get('PDF/X') ?? ''} ${textOfString(value.bytes)}`);
  }
  return claims;
}

function archivalConditions(copy: DocumentCopy): string[] {
  const { file, catalog } = copy.document;
  return elementsOf(copy, catalog.get('OutputIntents')).flatMap((each) => {
    const intent = file.resolve(each);
    if (!(intent instanceof Map) || nameOf(file.resolve(intent.get('S'))) !== 'GTS_PDFA1') return [];
    const condition = file.resolve(intent.get('OutputConditionIdentifier'));
    return condition instanceof PdfString ? textOfString(condition.bytes) : '';
  });
}

/** The packet of a document; undefined if there is none, or one that is too large or cannot be decoded. */
function packetOf({ document: { file, catalog } }: DocumentCopy): Packet | undefined {
  const entry = catalog.get('Metadata');
  const bytes = entry instanceof PdfReference ? file.decodedStream(entry, PACKET_BYTES_MAX) : undefined;
  return bytes === undefined ? undefined : new Packet(bytes);
}

/** Answers the number of the metadata stream, 0 if there is none. One that changes is written without filters. */
function writePacket(
  copy: DocumentCopy,
  packet: Packet | undefined,
  lost: ReadonlySet<string>,
  writer: FileWriter,
): number {
  const { file, catalog } = copy.document;
  const entry = catalog.get('Metadata');
  if (!(entry instanceof PdfReference) || !(file.resolve(entry) instanceof PdfStream)) return 0;
  const before = packet?.text;
  packet?.setProducer(PRODUCER);
  for (const standard of lost) packet?.dropClaim(standard);
  if (packet === undefined || packet.text === before) return copy.reference(entry.number, entry.generation);
  const number = writer.allocate();
  // Where something else refers to it already, both are written.
  copy.claim(entry.number, number);
  const data = packet.bytes;
  writer.beginStream(number).ascii(`<</Type/Metadata/Subtype/XML/Length ${data.length}>>`);
  writer.beginData();
  writer.data(data);
  writer.endStream();
  return number;
}
