import { deflateSync } from 'node:zlib';

/** A stream object: the entries of its dictionary without the brackets and without /Length, and its raw data. */
export interface StreamText {
  readonly dictionary: string;
  readonly data: Uint8Array | string;
}

/** The objects of a file by number, generation 0. */
export type Objects = Readonly<Record<number, string | StreamText>>;

export interface BuildOptions {
  readonly version?: string;
  /** Entries of the trailer besides /Size and /Root. */
  readonly trailer?: string;
  /** Number of the catalog. */
  readonly root?: number;
  /** Objects that are no streams go into object streams of this many, and the cross-reference is a stream. */
  readonly objectStreamSize?: number;
  /** Line ends of the file. */
  readonly before?: string;
  /** Encrypts what belongs to an object: its strings and its data. Object streams are encrypted as a whole. */
  readonly cipher?: Cipher;
}

/** Encrypts a string or the data of a stream of the object with that number. */
export type Cipher = (number: number, plain: Uint8Array) => Uint8Array;

/** Bytes of text of which each character is one byte. */
export function bytes(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

/** Builds a file whose cross-reference is right; tests break it afterwards, or break its objects. */
export function buildPdf(objects: Objects, options: BuildOptions = {}): Buffer {
  const { version = '1.7', trailer = '', root = 1, objectStreamSize = 0, before = '', cipher } = options;
  const parts: Buffer[] = [bytes(`${before}%PDF-${version}\n%\xe2\xe3\xcf\xd3\n`)];
  let offset = parts[0]!.length;
  const places = new Map<number, readonly [kind: number, position: number, extra: number]>();
  const add = (number: number, object: string | StreamText): void => {
    places.set(number, [1, offset, 0]);
    const part = objectBytes(number, cipher === undefined ? object : encrypted(number, object, cipher));
    parts.push(part);
    offset += part.length;
  };
  const numbers = Object.keys(objects).map(Number);
  const plain = objectStreamSize === 0 ? [] : numbers.filter((number) => typeof objects[number] === 'string');
  for (const number of numbers)
    if (!plain.includes(number) || objectStreamSize === 0) add(number, objects[number]!);
  let next = numbers.reduce((highest, number) => Math.max(highest, number), 0) + 1;
  for (let at = 0; at < plain.length; at += objectStreamSize) {
    const group = plain.slice(at, at + objectStreamSize);
    for (const [index, number] of group.entries()) places.set(number, [2, next, index]);
    add(next++, objectStream(group.map((number) => [number, objects[number] as string])));
  }
  const size = objectStreamSize === 0 ? next : next + 1;
  const entries = `/Size ${size} /Root ${root} 0 R ${trailer}`;
  const start = offset;
  if (objectStreamSize === 0) parts.push(bytes(`${xrefTable(places, size)}trailer\n<< ${entries} >>\n`));
  else {
    places.set(next, [1, offset, 0]);
    parts.push(objectBytes(next, xrefStream(places, size, entries)));
  }
  parts.push(bytes(`startxref\n${start}\n%%EOF\n`));
  return Buffer.concat(parts);
}

/** An object with its strings and its data encrypted. Strings that the builder's tests write have no escapes. */
function encrypted(number: number, object: string | StreamText, cipher: Cipher): string | StreamText {
  const hex = (plain: Uint8Array): string => `<${Buffer.from(cipher(number, plain)).toString('hex')}>`;
  const inText = (text: string): string =>
    text.replaceAll(/\(([^()\\]*)\)|(?<!<)<([0-9A-Fa-f]+)>/g, (_, literal?: string, digits = '') =>
      hex(literal === undefined ? Buffer.from(digits, 'hex') : bytes(literal)),
    );
  if (typeof object === 'string') return inText(object);
  const data = typeof object.data === 'string' ? bytes(object.data) : object.data;
  return { dictionary: inText(object.dictionary), data: cipher(number, data) };
}

/** An indirect object with its header. */
export function objectBytes(number: number, object: string | StreamText): Buffer {
  if (typeof object === 'string') return bytes(`${number} 0 obj\n${object}\nendobj\n`);
  const data = typeof object.data === 'string' ? bytes(object.data) : object.data;
  const head = bytes(`${number} 0 obj\n<< ${object.dictionary} /Length ${data.length} >>\nstream\n`);
  return Buffer.concat([head, data, bytes('\nendstream\nendobj\n')]);
}

/** An object stream that holds these objects. */
export function objectStream(group: readonly (readonly [number: number, text: string])[]): StreamText {
  let header = '';
  let body = '';
  for (const [number, text] of group) {
    header += `${number} ${body.length} `;
    body += `${text}\n`;
  }
  const data = deflateSync(bytes(header + body));
  return {
    dictionary: `/Type /ObjStm /N ${group.length} /First ${header.length} /Filter /FlateDecode`,
    data,
  };
}

type Places = ReadonlyMap<number, readonly [kind: number, position: number, extra: number]>;

function xrefTable(places: Places, size: number): string {
  let text = `xref\n0 ${size}\n0000000000 65535 f \n`;
  for (let number = 1; number < size; number++) {
    const place = places.get(number);
    text +=
      place === undefined ? '0000000000 65535 f \n' : `${String(place[1]).padStart(10, '0')} 00000 n \n`;
  }
  return text;
}

/** A cross-reference stream with fields of 1, 4 and 2 bytes. */
export function xrefStream(places: Places, size: number, entries: string): StreamText {
  const rows = Buffer.alloc(size * 7);
  for (const [number, [kind, position, extra]] of places) {
    rows.writeUInt8(kind, number * 7);
    rows.writeUInt32BE(position, number * 7 + 1);
    rows.writeUInt16BE(extra, number * 7 + 5);
  }
  return { dictionary: `/Type /XRef /W [1 4 2] /Filter /FlateDecode ${entries}`, data: deflateSync(rows) };
}

/** A document of pages that say `Page N` in Helvetica; each page is objects 10 + 2 N and 11 + 2 N, N from 0. */
export function pagesPdf(count: number, options: BuildOptions & { readonly label?: string } = {}): Buffer {
  const objects: Record<number, string | StreamText> = {
    1: '<< /Type /Catalog /Pages 2 0 R >>',
    2: '',
    3: '<< /Font << /F1 4 0 R >> >>',
    4: '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  };
  const kids: string[] = [];
  for (let page = 0; page < count; page++) {
    const number = 10 + 2 * page;
    kids.push(`${number} 0 R`);
    objects[number] =
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources 3 0 R /Contents ${number + 1} 0 R >>`;
    objects[number + 1] = {
      dictionary: '',
      data: `BT /F1 24 Tf 72 700 Td (${options.label ?? 'Page'} ${page + 1}) Tj ET`,
    };
  }
  objects[2] = `<< /Type /Pages /Count ${count} /Kids [${kids.join(' ')}] >>`;
  return buildPdf(objects, options);
}
