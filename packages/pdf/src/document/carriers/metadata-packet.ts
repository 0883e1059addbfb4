import { encodedAs } from '../../syntax/text-string.ts';
import { bytesOfText, textOfBytes } from './names-unique.ts';

/** Where the producer stands. */
const PDF = 'http://ns.adobe.com/pdf/1.3/';

/** Standards that a document may say it conforms to, by their namespace, and the entries that say so. */
const CLAIMS: readonly (readonly [namespace: string, standard: string, entry: RegExp])[] = [
  ['http://www.aiim.org/pdfa/ns/id/', 'PDF/A', /./],
  ['http://www.aiim.org/pdfua/ns/id/', 'PDF/UA', /./],
  ['http://www.npes.org/pdfx/ns/id/', 'PDF/X', /./],
  ['http://ns.adobe.com/pdfx/1.3/', 'PDF/X', /^GTS_PDFX/],
  ['http://www.npes.org/pdfvt/ns/id/', 'PDF/VT', /^GTS_PDFVT/],
  ['http://www.aiim.org/pdfe/ns/id/', 'PDF/E', /./],
];

/** An XMP packet (ISO 16684-1) as text, read without a parser of XML: only what is written in the usual ways is found. */
export class Packet {
  readonly #bytes: Uint8Array;
  readonly #isWide: boolean;
  /** The characters of UTF-16, or one character for each byte. */
  text: string;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    const [first, second] = bytes;
    const order = first === 0xfe && second === 0xff ? 'be' : first === 0xff && second === 0xfe ? 'le' : '';
    this.#isWide = order !== '';
    this.text = this.#isWide ? new TextDecoder(`utf-16${order}`).decode(bytes) : textOfBytes(bytes);
  }

  /** The bytes of the text, in the encoding that it came in. */
  get bytes(): Uint8Array {
    return this.#isWide ? encodedAs(this.#bytes, this.text) : bytesOfText(this.text);
  }

  /** Sets pdf:Producer, written as an element or as an attribute, or adds it. */
  setProducer(producer: string): void {
    const prefix = this.#prefix(PDF) ?? 'pdf';
    const before = this.text;
    this.text = before
      .replaceAll(element(prefix, 'Producer'), (whole, _name, value: string) =>
        whole.replace(`>${value}<`, () => `>${producer}<`),
      )
      .replaceAll(attribute(prefix, 'Producer'), ` ${prefix}:Producer="${producer}"`);
    if (this.#values(prefix, /^Producer$/).length === 0)
      this.#add(`xmlns:pdf="${PDF}" pdf:Producer="${producer}"`);
  }

  /** What the document says of a standard that it conforms to; standards that it does not name are not in the map. */
  get claims(): Map<string, string> {
    const claims = new Map<string, string>();
    for (const [namespace, standard, entry] of CLAIMS) {
      const prefix = this.#prefix(namespace);
      const values = prefix === undefined ? [] : this.#values(prefix, entry);
      if (values.length > 0)
        claims.set(standard, [claims.get(standard) ?? '', ...values.toSorted()].join(' ').trim());
    }
    return claims;
  }

  /** Takes out what is said of a standard. */
  dropClaim(dropped: string): void {
    for (const [namespace, standard, entry] of CLAIMS) {
      const prefix = standard === dropped ? this.#prefix(namespace) : undefined;
      if (prefix === undefined) continue;
      const keep = (whole: string, name: string): string => (entry.test(name) ? '' : whole);
      this.text = this.text.replaceAll(element(prefix), keep).replaceAll(attribute(prefix), keep);
    }
  }

  #prefix(namespace: string): string | undefined {
    const { text } = this;
    // It may be named as a text before it is declared.
    for (let at = text.indexOf(namespace); at !== -1; at = text.indexOf(namespace, at + 1)) {
      const declared = /xmlns:([\w.-]+)\s*=\s*["']$/.exec(text.slice(Math.max(0, at - 100), at));
      if (declared !== null && /["']/.test(text[at + namespace.length] ?? '')) return declared[1];
    }
    return undefined;
  }

  #values(prefix: string, entry: RegExp): string[] {
    const found: string[] = [];
    for (const pattern of [element(prefix), attribute(prefix)])
      for (const [, name, value] of this.text.matchAll(pattern))
        if (entry.test(name!)) found.push(`${name}=${value!.replaceAll(/^["'\s]+|["'\s]+$/g, '')}`);
    return found;
  }

  #add(attributes: string): void {
    const end = /<\/([\w.-]+):RDF\s*>/.exec(this.text);
    if (end === null) return;
    const [, prefix] = end;
    const about = new RegExp(`\\s${prefix}:about\\s*=\\s*("[^"<]*"|'[^'<]*')`).exec(this.text)?.[1] ?? '""';
    const description = `<${prefix}:Description ${prefix}:about=${about} ${attributes}/>`;
    this.text = this.text.slice(0, end.index) + description + this.text.slice(end.index);
  }
}

/** Elements of a prefix with text in them: groups are the name and the text. */
function element(prefix: string, name = '[\\w.-]+'): RegExp {
  return new RegExp(`<${prefix}:(${name})(?:\\s[^<>]*)?>([^<]*)</${prefix}:\\1\\s*>`, 'g');
}

/** Attributes of a prefix, with the white space before: groups are the name and the value in its quotes. */
function attribute(prefix: string, name = '[\\w.-]+'): RegExp {
  return new RegExp(`\\s${prefix}:(${name})\\s*=\\s*("[^"<]*"|'[^'<]*')`, 'g');
}
