import { bytesSource, encrypt, memorySink } from '@octavo/pdf';

/** A page of a document that a test makes. */
export interface PageText {
  /** The page's content stream. Fonts: `/F1` is Helvetica, `/F2` Helvetica-BoldOblique, `/F3` has a ToUnicode map. */
  readonly content: string;
  /** Entries of the page besides those that every page has. */
  readonly entries?: string;
}

/** Objects that a test adds, from number 100 on: a text, or the dictionary and the data of a stream. */
export type Extra = Readonly<Record<number, string | readonly [dictionary: string, data: string | Buffer]>>;

/** What a test document has besides its pages. */
export interface Options {
  readonly extra?: Extra;
  /** Entries of the catalog and of the resources of all pages. */
  readonly catalog?: string;
  readonly resources?: string;
}

/** Of the font /F3: A is `ffi`, B a smiling face, C and D Hebrew letters, E a ligature; what else it has, it does not say. */
const unicodeMap = `/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def
1 begincodespacerange <00> <FF> endcodespacerange
5 beginbfchar <41> <006600660069> <42> <D83DDE00> <43> <05D0> <44> <05D1> <45> <FB01> endbfchar endcmap end end`;

/** A document of pages of 600 x 800 points. */
export function documentOf(pages: readonly (PageText | string)[], options: Options = {}): Buffer {
  const { extra = {}, catalog = '', resources = '' } = options;
  const objects = new Map<number, Buffer>();
  const text = (number: number, value: string) => objects.set(number, Buffer.from(value, 'latin1'));
  const stream = (number: number, dictionary: string, data: string | Buffer) => {
    const bytes = typeof data === 'string' ? Buffer.from(data, 'latin1') : data;
    const head = Buffer.from(`<<${dictionary}/Length ${bytes.length}>>\nstream\n`, 'latin1');
    objects.set(number, Buffer.concat([head, bytes, Buffer.from('\nendstream')]));
  };
  const numberOf = (index: number) => 1_000 + 2 * index;
  text(1, `<</Type/Catalog/Pages 2 0 R ${catalog}>>`);
  const kids = pages.map((_, index) => `${numberOf(index)} 0 R`).join(' ');
  const fonts = '/Font<</F1 3 0 R/F2 4 0 R/F3 5 0 R>>';
  text(
    2,
    `<</Type/Pages/Kids[${kids}]/Count ${pages.length}/MediaBox[0 0 600 800]/Resources<<${fonts}${resources}>>>>`,
  );
  text(3, '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>');
  text(4, '<</Type/Font/Subtype/Type1/BaseFont/ABCDEF+Helvetica-BoldOblique>>');
  text(5, '<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R/Encoding<</Differences[70/g70]>>>>');
  stream(6, '', unicodeMap);
  for (const [index, page] of pages.entries()) {
    const { content, entries = '' } = typeof page === 'string' ? { content: page } : page;
    const number = numberOf(index);
    text(number, `<</Type/Page/Parent 2 0 R/Contents ${number + 1} 0 R ${entries}>>`);
    stream(number + 1, '', content);
  }
  for (const [number, value] of Object.entries(extra)) {
    if (typeof value === 'string') text(Number(number), value);
    else stream(Number(number), value[0], value[1]);
  }
  return written(objects);
}

function written(objects: ReadonlyMap<number, Buffer>): Buffer {
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n')];
  const places = new Map<number, number>();
  let length = (parts[0] as Buffer).length;
  for (const [number, object] of objects) {
    const part = Buffer.concat([Buffer.from(`${number} 0 obj\n`), object, Buffer.from('\nendobj\n')]);
    places.set(number, length);
    parts.push(part);
    length += part.length;
  }
  const sections = [...places]
    .map(([number, place]) => `${number} 1\n${String(place).padStart(10, '0')} 00000 n \n`)
    .join('');
  const size = Math.max(...places.keys()) + 1;
  const end = `xref\n0 1\n0000000000 65535 f \n${sections}trailer\n<</Size ${size}/Root 1 0 R>>\nstartxref\n${length}\n%%EOF\n`;
  return Buffer.concat([...parts, Buffer.from(end)]);
}

/** A line of text in /F1. */
export function line(text: string, x: number, y: number, size = 12): string {
  return `BT /F1 ${size} Tf ${x} ${y} Td (${text.replaceAll(/[()\\]/g, '\\$&')}) Tj ET\n`;
}

/** The same document under passwords, with or without the permission to take text from it. */
export function protectedDocument(bytes: Uint8Array, userPassword: string, extract: boolean): Uint8Array {
  const sink = memorySink();
  encrypt(bytesSource(bytes), sink, {
    method: 'aes-256',
    userPassword,
    ownerPassword: 'owner',
    permissions: { extract },
  });
  return sink.bytes();
}
