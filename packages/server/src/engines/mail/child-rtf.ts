import type { TextDecoder } from 'node:util';
import { Refused } from '../../sandbox/refusal.ts';
import { decoderOf } from './code-pages.ts';

const unpackedBytesMax = 32 * 1024 * 1024;
const [packed, stored] = [0x75465a4c, 0x414c454d];
/** What the window begins with (MS-OXRTFCP 2.1.2.1). */
const beginning =
  '{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx';

/** Undoes the packing of RTF in messages of Outlook (MS-OXRTFCP); undefined where it is none. Throws Refused for too much. */
export function unpackRtf(data: Uint8Array): Buffer | undefined {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.length);
  if (bytes.length < 16) return undefined;
  const [size, kind] = [bytes.readUInt32LE(4), bytes.readUInt32LE(8)];
  if (kind === stored) return bytes.subarray(16, 16 + size);
  if (kind !== packed) return undefined;
  // A step takes 2 bytes at least, and gives 17 at most.
  const most = Math.min(size, bytes.length * 9);
  if (most > unpackedBytesMax) throw new Refused('limit', 'a message whose text is too long');
  const out = Buffer.alloc(beginning.length + most + 18);
  let to = out.write(beginning, 'latin1');
  const end = beginning.length + most;
  for (let from = 16; from < bytes.length && to < end;) {
    const control = bytes[from++]!;
    for (let bit = 0; bit < 8 && from < bytes.length && to < end; bit++) {
      if ((control & (1 << bit)) === 0) {
        out[to++] = bytes[from++]!;
        continue;
      }
      const token = from + 1 < bytes.length ? bytes.readUInt16BE(from) : 0;
      from += 2;
      const offset = token >> 4;
      // A place in the window of 4,096 bytes; its own one is the end.
      let at = to - ((to - offset) & 4_095);
      if (at === to || at < 0) return out.subarray(beginning.length, to);
      for (let left = (token & 15) + 2; left > 0; left--) out[to++] = out[at++]!;
    }
  }
  return out.subarray(beginning.length, Math.min(to, end));
}

/** What RTF holds: HTML or text that was put into it (MS-OXRTFEX), or text with formats of its own, which are left out. */
export interface RtfText {
  readonly kind: 'html' | 'text' | 'rtf';
  readonly text: string;
}

/** What has no text of the document: tables, and all that begins with an asterisk. */
const withoutText = new Set(
  'fonttbl colortbl stylesheet info pict object objdata header headerl headerr headerf footer footerl footerr footerf listtable listoverridetable rsidtbl generator themedata xmlnstbl datastore fldinst'.split(
    ' ',
  ),
);
/** Words that stand for characters. */
const characters: Readonly<Record<string, string>> = {
  par: '\r\n',
  line: '\r\n',
  row: '\r\n',
  sect: '\r\n',
  page: '\r\n',
  tab: '\t',
  cell: '\t',
  emdash: '\u2014',
  endash: '\u2013',
  bullet: '\u2022',
  lquote: '\u2018',
  rquote: '\u2019',
  ldblquote: '\u201c',
  rdblquote: '\u201d',
  emspace: '\u2003',
  enspace: '\u2002',
};
/** Code pages of the character sets of fonts (MS-WMF 2.1.1.5); that of the document for others. */
const pagesOfSets: Readonly<Record<number, number>> = {
  77: 10000,
  128: 932,
  129: 949,
  134: 936,
  136: 950,
  161: 1253,
  162: 1254,
  163: 1258,
  177: 1255,
  178: 1256,
  186: 1257,
  204: 1251,
  222: 874,
  238: 1250,
};

/** What counts between two brackets. */
interface Group {
  /** Nothing of it is text. */
  isHidden: boolean;
  /** It is not text of the HTML: formats for who shows the RTF. */
  isOfRtf: boolean;
  /** It is markup of the HTML. */
  isMarkup: boolean;
  /** Characters that stand after one of Unicode, for old programs. */
  unicodeSkip: number;
  codePage: number;
}

const groupsMax = 1_000;
const token =
  /\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)|[\r\n]/g;

/** Reads RTF. Throws Refused where it is nested too deeply. */
export function textOfRtf(rtf: Buffer): RtfText {
  return new RtfReader().read(rtf.toString('latin1'));
}

class RtfReader {
  #kind: RtfText['kind'] = 'rtf';
  #codePage = 1252;
  #group: Group = { isHidden: false, isOfRtf: false, isMarkup: false, unicodeSkip: 1, codePage: 0 };
  readonly #groups: Group[] = [];
  readonly #pagesOfFonts = new Map<number, number>();
  /** The font that the table is at. */
  #font = -1;
  #isInFontTable = 0;
  readonly #out: string[] = [];
  /** Bytes in a code page that wait for what follows: a character may have several. */
  #bytes: number[] = [];
  #bytesPage = 1252;
  readonly #decoders = new Map<number, TextDecoder>();
  /** Characters that are still left out after one of Unicode. */
  #skip = 0;
  /** Whether the last thing was the asterisk that begins what may be left out. */
  #isOptional = false;

  read(rtf: string): RtfText {
    for (const [, word, number, hex, symbol, bracket, plain] of rtf.matchAll(token)) {
      if (word !== undefined) this.#word(word, number === undefined ? undefined : Number(number));
      else if (hex !== undefined) this.#byte(Number.parseInt(hex, 16));
      else if (symbol !== undefined) this.#symbol(symbol);
      else if (bracket !== undefined) this.#bracket(bracket);
      else if (plain !== undefined) this.#plain(plain);
    }
    this.#flush();
    return { kind: this.#kind, text: this.#out.join('') };
  }

  #bracket(bracket: string): void {
    this.#flush();
    this.#skip = 0;
    this.#isOptional = false;
    if (bracket === '{') {
      if (this.#groups.length === groupsMax) throw new Refused('limit', 'a text of too many levels');
      this.#groups.push({ ...this.#group });
      return;
    }
    this.#group = this.#groups.pop() ?? this.#group;
    if (this.#groups.length < this.#isInFontTable) this.#isInFontTable = 0;
  }

  #word(word: string, number: number | undefined): void {
    const group = this.#group;
    const isOptional = this.#isOptional;
    this.#isOptional = false;
    switch (word) {
      case 'fromhtml':
        this.#kind = 'html';
        return;
      case 'fromtext':
        this.#kind = 'text';
        return;
      case 'ansicpg':
        this.#codePage = number ?? 1252;
        return;
      case 'uc':
        group.unicodeSkip = Math.max(0, number ?? 1);
        return;
      case 'u':
        this.#text(String.fromCharCode((number ?? 63) & 0xffff));
        this.#skip = group.unicodeSkip;
        return;
      case 'htmlrtf':
        this.#flush();
        group.isOfRtf = number !== 0;
        return;
      case 'htmltag':
        group.isMarkup = true;
        return;
      case 'f':
        this.#flush();
        if (this.#isInFontTable > 0) this.#font = number ?? 0;
        else group.codePage = this.#pagesOfFonts.get(number ?? 0) ?? 0;
        return;
      case 'fcharset':
        this.#pagesOfFonts.set(this.#font, pagesOfSets[number ?? 0] ?? 0);
        return;
      case 'fonttbl':
        this.#isInFontTable = this.#groups.length;
    }
    if (isOptional || withoutText.has(word)) group.isHidden = true;
    const character = characters[word];
    if (character !== undefined) this.#text(character);
  }

  #symbol(symbol: string): void {
    if (symbol === '*') this.#isOptional = true;
    else if (symbol === '~') this.#text('\u00a0');
    else if (symbol === '_') this.#text('\u2011');
    else if (symbol === '\r' || symbol === '\n') this.#text('\r\n');
    else if (symbol !== '-' && symbol !== ':' && symbol !== '|') this.#plain(symbol);
  }

  #plain(text: string): void {
    const rest = text.slice(this.#skip);
    this.#skip = Math.max(0, this.#skip - text.length);
    if (/^[ -~\t]*$/.test(rest) && this.#bytes.length === 0) return this.#text(rest);
    for (let at = 0; at < rest.length; at++) this.#byte(rest.charCodeAt(at));
  }

  #byte(byte: number): void {
    if (this.#skip > 0) {
      this.#skip--;
      return;
    }
    const page = this.#group.codePage || this.#codePage;
    if (page !== this.#bytesPage) this.#flush();
    this.#bytesPage = page;
    this.#bytes.push(byte);
  }

  #text(text: string): void {
    this.#flush();
    const { isHidden, isOfRtf, isMarkup } = this.#group;
    // Of HTML, what is not markup stands there as it is, but for what is only for showing the RTF.
    if (isHidden && !isMarkup) return;
    if (this.#kind === 'html' && isOfRtf) return;
    this.#out.push(text);
  }

  #flush(): void {
    if (this.#bytes.length === 0) return;
    const bytes = Buffer.from(this.#bytes);
    this.#bytes = [];
    let decoder = this.#decoders.get(this.#bytesPage);
    if (decoder === undefined) this.#decoders.set(this.#bytesPage, (decoder = decoderOf(this.#bytesPage)));
    this.#text(decoder.decode(bytes));
  }
}
