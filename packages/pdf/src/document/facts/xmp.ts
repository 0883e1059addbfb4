import { PdfStream } from '../../objects/stream.ts';
import type { Facts } from './facts.ts';
import { readXml } from './xml.ts';

/** Bytes of a packet that are read. */
const PACKET_BYTES_MAX = 4 * 1024 * 1024;
/** Values of one property, and characters of one value. */
const VALUES_MAX = 1000;
const VALUE_CHARACTERS_MAX = 64 * 1024;

const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';

/** The namespaces that are read, each under its usual prefix, whatever prefix the packet gives it. */
const PREFIXES: ReadonlyMap<string, string> = new Map([
  [RDF, 'rdf'],
  ['http://purl.org/dc/elements/1.1/', 'dc'],
  ['http://ns.adobe.com/xap/1.0/', 'xmp'],
  ['http://ns.adobe.com/pdf/1.3/', 'pdf'],
  ['http://ns.adobe.com/pdfx/1.3/', 'pdfx'],
  ['http://www.aiim.org/pdfa/ns/id/', 'pdfaid'],
  ['http://www.aiim.org/pdfua/ns/id/', 'pdfuaid'],
  ['http://www.npes.org/pdfx/ns/id/', 'pdfxid'],
]);

/** Properties by names such as `dc:title`; several values are those of a list, in its order. */
export type Xmp = ReadonlyMap<string, readonly string[]>;

/** The metadata of the document (ISO 32000-2, 14.3.2): properties of the namespaces above that are texts or lists of texts. */
export function documentXmp(facts: Facts): Xmp {
  const entry = facts.document.catalog.get('Metadata');
  if (!(facts.resolve(entry) instanceof PdfStream)) return new Map();
  return facts.part('The metadata', new Map(), () => {
    const located = facts.stream(entry);
    if (located === undefined) return new Map();
    const bytes = facts.bytes(located);
    if (bytes.length > PACKET_BYTES_MAX) facts.warn('The metadata were too long; a part was not read.');
    return readXmp(packetText(bytes.subarray(0, PACKET_BYTES_MAX)));
  });
}

/** A packet is UTF-8 unless it begins with the mark of UTF-16, or without a mark as UTF-16 does. */
function packetText(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const encoding =
    (first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c)
      ? 'utf-16be'
      : (first === 0xff && second === 0xfe) || (first === 0x3c && second === 0)
        ? 'utf-16le'
        : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}

/** Reads the properties that stand directly in a description of the packet; those of ingredients and versions are others' */
export function readXmp(packet: string): Xmp {
  const properties = new Map<string, string[]>();
  /** Names of the elements around, in usual prefixes. */
  const path: string[] = [];
  const usual = new Map([['rdf', 'rdf']]);
  const nameOf = (name: string): string => {
    const colon = name.indexOf(':');
    return `${usual.get(name.slice(0, Math.max(colon, 0))) ?? '?'}:${name.slice(colon + 1)}`;
  };
  let property: string | undefined;
  let values: string[] = [];
  let text = '';
  const keep = (key: string, found: readonly string[]): void => {
    const full = found.map((value) => value.trim()).filter((value) => value !== '');
    if (full.length > 0 && !properties.has(key)) properties.set(key, full);
  };
  for (const piece of readXml(packet)) {
    if (piece.kind === 'text') {
      if (property !== undefined && text.length < VALUE_CHARACTERS_MAX) text += piece.text;
    } else if (piece.kind === 'open') {
      for (const [name, uri] of piece.attributes)
        if (name.startsWith('xmlns:')) usual.set(name.slice(6), PREFIXES.get(uri) ?? '?');
      const name = nameOf(piece.name);
      const isInDescription = path.at(-1) === 'rdf:Description' && path.at(-2) === 'rdf:RDF';
      if (isInDescription) {
        property = piece.isEmpty ? undefined : name;
        values = [];
      }
      if (name === 'rdf:Description' && path.at(-1) === 'rdf:RDF')
        for (const [attribute, value] of piece.attributes) keep(nameOf(attribute), [value]);
      if (isInDescription || name === 'rdf:li') text = '';
      if (!piece.isEmpty) path.push(name);
    } else {
      const name = path.pop();
      const isProperty = path.at(-1) === 'rdf:Description' && path.at(-2) === 'rdf:RDF';
      if (property !== undefined && name === 'rdf:li') {
        if (values.length < VALUES_MAX) values.push(text.slice(0, VALUE_CHARACTERS_MAX));
        text = '';
      } else if (property !== undefined && isProperty) {
        keep(property, values.length > 0 ? values : [text.slice(0, VALUE_CHARACTERS_MAX)]);
        property = undefined;
      }
    }
  }
  return properties;
}
