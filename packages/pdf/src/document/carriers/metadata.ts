import type { FileWriter } from '../../file/writer.ts';
import { PdfReference } from '../../objects/reference.ts';
import { PdfStream } from '../../objects/stream.ts';
import { PdfString } from '../../objects/string.ts';
import { writeEntry, writeObject } from '../../syntax/write.ts';
import type { Carrier } from '../carriers.ts';
import type { DocumentCopy } from '../copy.ts';
import { ByteBuffer } from '../../syntax/byte-buffer.ts';
import { textOfBytes } from './names-unique.ts';

const PRODUCER = 'Octavo';
/** XMP packets up to this size are searched for their producer. */
const PACKET_BYTES_MAX = 1024 * 1024;

/**
 * The document information and the metadata stream of the first document (ISO 32000-2, 14.3), dates and all, with the
 * producer set.
 */
export function metadata(): Carrier {
  return {
    carry: (copies, writer, carried) => {
      const first = copies[0]!;
      carried.info = writeInformation(first, writer);
      const packet = writePacket(first, writer);
      if (packet !== 0) carried.catalog += `/Metadata ${packet} 0 R`;
    },
  };
}

function writeInformation(copy: DocumentCopy, writer: FileWriter): number {
  const { file } = copy.document;
  const entry = file.trailer.get('Info') ?? null;
  const information = file.resolve(entry);
  const number = writer.allocate();
  if (entry instanceof PdfReference) copy.claim(entry.number, number);
  const text = new ByteBuffer(1024);
  text.ascii('<<');
  for (const [key, value] of information instanceof Map ? information : [])
    if (key !== 'Producer') writeEntry(text, key, value, copy);
  text.ascii('/Producer');
  writeObject(text, new PdfString(Buffer.from(PRODUCER)), copy);
  text.ascii('>>');
  writer.begin(number).range(text.bytes, 0, text.length);
  writer.end();
  return number;
}

/** Answers the number of the metadata stream, 0 if there is none. */
function writePacket(copy: DocumentCopy, writer: FileWriter): number {
  const { file, catalog } = copy.document;
  const entry = catalog.get('Metadata');
  if (!(entry instanceof PdfReference)) return 0;
  const stream = file.resolve(entry);
  if (!(stream instanceof PdfStream)) return 0;
  const packet = readPacket(copy, entry, stream);
  const changed = packet === undefined ? undefined : withProducer(packet);
  if (changed === undefined || changed === packet) return copy.reference(entry.number, entry.generation);
  const number = writer.allocate();
  // Where something else refers to it already, both are written.
  copy.claim(entry.number, number);
  const data = Buffer.from(changed, 'latin1');
  writer.beginStream(number).ascii(`<</Type/Metadata/Subtype/XML/Length ${data.length}>>`);
  writer.beginData();
  writer.data(data);
  writer.endStream();
  return number;
}

/** The text of a packet, one character for each byte, unless it is compressed, too large or behind two references. */
function readPacket(copy: DocumentCopy, entry: PdfReference, stream: PdfStream): string | undefined {
  const { file } = copy.document;
  if (stream.dictionary.has('Filter') || stream.length > PACKET_BYTES_MAX) return undefined;
  if (!(file.object(entry.number) instanceof PdfStream)) return undefined;
  return textOfBytes(file.streamBytes(stream, entry.number, entry.generation));
}

/** Sets pdf:Producer, written as an element or as an attribute; a packet without one stays without. */
function withProducer(packet: string): string {
  return packet
    .replaceAll(/(<pdf:Producer>)[^<]*(<\/pdf:Producer>)/g, `$1${PRODUCER}$2`)
    .replaceAll(/(\spdf:Producer=)(?:"[^"<]*"|'[^'<]*')/g, `$1"${PRODUCER}"`);
}
