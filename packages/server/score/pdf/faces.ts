import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { deflateSync } from 'node:zlib';
import { create, type Font } from 'fontkit';
import type { StreamText } from '../../../pdf/test/builder.ts';
import { standardWidths } from './widths.ts';

/** Faces that fixtures write with; `sans-ligatures` has the glyphs fi and fl at codes 1 and 2. */
export type FaceName =
  | 'sans'
  | 'sans-bold'
  | 'sans-ligatures'
  | 'serif'
  | 'serif-bold'
  | 'serif-italic'
  | 'mono'
  | 'arabic'
  | 'hebrew'
  | 'devanagari'
  | 'chinese'
  | 'japanese'
  | 'japanese-vertical';

/** Text in the codes of a face. */
export interface Coded {
  /** Hexadecimal digits of a string object. */
  readonly hex: string;
  /** Thousandths of the size. */
  readonly width: number;
}

export interface Face {
  code(text: string): Coded;
  /** The font's object and all that it needs, numbered from `first`, which is the font itself. */
  objects(first: number): readonly (string | StreamText)[];
}

/** A face with nothing written yet: what is embedded depends on what is written. */
export function makeFace(name: FaceName): Face {
  if (name === 'arabic' || name === 'hebrew' || name === 'devanagari') return embedded(name);
  if (name === 'chinese') return ideographs('STSong-Light', 'GB1', 'UniGB-UTF16-H');
  if (name === 'japanese') return ideographs('HeiseiKakuGo-W5', 'Japan1', 'UniJIS-UTF16-H');
  if (name === 'japanese-vertical') return ideographs('HeiseiKakuGo-W5', 'Japan1', 'UniJIS-UTF16-V');
  return standard(name);
}

const baseFonts: Readonly<Record<string, string>> = {
  sans: 'Helvetica',
  'sans-bold': 'Helvetica-Bold',
  'sans-ligatures': 'Helvetica',
  serif: 'Times-Roman',
  'serif-bold': 'Times-Bold',
  'serif-italic': 'Times-Italic',
  mono: 'Courier',
};

const windows1252: Readonly<Record<string, number>> = {
  '€': 128,
  '…': 133,
  '‘': 145,
  '’': 146,
  '“': 147,
  '”': 148,
  '•': 149,
  '–': 150,
  '—': 151,
};

/** One of the 14 fonts that every reader has (ISO 32000-2, 9.6.2.2). */
function standard(name: FaceName): Face {
  const hasLigatures = name === 'sans-ligatures';
  const widths = [...standardWidths(hasLigatures ? 'sans' : name)];
  if (hasLigatures) widths.splice(1, 2, 500, 500);
  const encoding = hasLigatures
    ? '<< /BaseEncoding /WinAnsiEncoding /Differences [1 /fi /fl] >>'
    : '/WinAnsiEncoding';
  return {
    code(text) {
      const written = hasLigatures ? text.replaceAll('fi', '\u0001').replaceAll('fl', '\u0002') : text;
      const codes = Array.from(written, (char) => windows1252[char] ?? char.codePointAt(0)!);
      return {
        hex: codes.map((code) => hexadecimal(code, 2)).join(''),
        width: sum(codes.map((code) => widths[code] ?? 0)),
      };
    },
    objects: () => [
      `<< /Type /Font /Subtype /Type1 /BaseFont /${baseFonts[name]} /Encoding ${encoding} ` +
        `/FirstChar 0 /LastChar 255 /Widths [${widths.join(' ')}] >>`,
    ],
  };
}

/** A font that is not embedded, with a predefined CMap from UTF-16 (ISO 32000-2, 9.7.5.2); Latin letters are half as wide as others. */
function ideographs(base: string, ordering: string, encoding: string): Face {
  return {
    code(text) {
      return { hex: utf16(text), width: sum(Array.from(text, (char) => (char < '\u0080' ? 500 : 1000))) };
    },
    objects: (first) => [
      `<< /Type /Font /Subtype /Type0 /BaseFont /${base} /Encoding /${encoding} /DescendantFonts [${first + 1} 0 R] >>`,
      `<< /Type /Font /Subtype /CIDFontType0 /BaseFont /${base} /CIDSystemInfo << /Registry (Adobe) /Ordering (${ordering}) ` +
        `/Supplement 2 >> /DW 1000 /W [1 [${'500 '.repeat(95)}]] /FontDescriptor ${first + 2} 0 R >>`,
      `<< /Type /FontDescriptor /FontName /${base} /Flags 6 /FontBBox [-100 -200 1000 900] /ItalicAngle 0 /Ascent 880 ` +
        '/Descent -120 /CapHeight 700 /StemV 80 >>',
    ],
  };
}

/** What its published types say otherwise. */
interface Subset {
  /** Gives the number of the glyph in the subset. */
  includeGlyph(id: number): number;
  encode(): Uint8Array;
}

/**
 * A part of a Noto font, shaped and embedded, with a ToUnicode CMap: glyphs stand from left to right as they are shown. Dots that the
 * font sets apart from their letter have no text of their own and are left out. A glyph has a code for each text that it stands for.
 */
function embedded(name: 'arabic' | 'hebrew' | 'devanagari'): Face {
  const font = loadFont(name);
  const subset = font.createSubset() as unknown as Subset;
  const scale = 1000 / font.unitsPerEm;
  const known = new Map<string, Coded>();
  const codes = new Map<string, number>();
  const written: { readonly glyph: number; readonly text: string; readonly width: number }[] = [];
  return {
    code(text) {
      const before = known.get(text);
      if (before !== undefined) return before;
      const run = loadFont(name).layout(text);
      let hex = '';
      let width = 0;
      for (const [index, glyph] of run.glyphs.entries()) {
        if (glyph.codePoints.length === 0) continue;
        const meant = String.fromCodePoint(...glyph.codePoints);
        const key = `${glyph.id} ${meant}`;
        const advance = Math.round(run.positions[index]!.xAdvance * scale);
        const code =
          codes.get(key) ??
          written.push({ glyph: subset.includeGlyph(glyph.id), text: meant, width: advance });
        codes.set(key, code);
        hex += hexadecimal(code, 4);
        width += written[code - 1]!.width;
      }
      known.set(text, { hex, width });
      return { hex, width };
    },
    objects(first) {
      const program = subset.encode();
      const bounds = [font.bbox.minX, font.bbox.minY, font.bbox.maxX, font.bbox.maxY];
      const base = `AAAAAA+NotoSans${name[0]!.toUpperCase()}${name.slice(1)}`;
      const glyphs = Buffer.from(`0000${written.map(({ glyph }) => hexadecimal(glyph, 4)).join('')}`, 'hex');
      return [
        `<< /Type /Font /Subtype /Type0 /BaseFont /${base} /Encoding /Identity-H /DescendantFonts [${first + 1} 0 R] /ToUnicode ${first + 3} 0 R >>`,
        `<< /Type /Font /Subtype /CIDFontType2 /BaseFont /${base} /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) ` +
          `/Supplement 0 >> /CIDToGIDMap ${first + 5} 0 R /FontDescriptor ${first + 2} 0 R ` +
          `/W [1 [${written.map(({ width }) => width).join(' ')}]] >>`,
        `<< /Type /FontDescriptor /FontName /${base} /Flags 4 /FontBBox [${bounds.map((each) => Math.round(each * scale)).join(' ')}] ` +
          `/ItalicAngle 0 /Ascent ${Math.round(font.ascent * scale)} /Descent ${Math.round(font.descent * scale)} /CapHeight 700 ` +
          `/StemV 80 /FontFile2 ${first + 4} 0 R >>`,
        { dictionary: '', data: toUnicode(written.map(({ text }) => text)) },
        { dictionary: `/Length1 ${program.length} /Filter /FlateDecode`, data: deflateSync(program) },
        { dictionary: '', data: glyphs },
      ];
    },
  };
}

/** Each font is read once for all documents. */
const fonts = new Map<string, Font>();

/** fontkit remembers of a glyph what it stood for first, also where it stands for another letter later: it has to forget that. */
function loadFont(name: string): Font {
  const font = fonts.get(name) ?? readFont(name);
  fonts.set(name, font);
  Reflect.set(font, '_glyphs', {});
  return font;
}

function readFont(name: string): Font {
  const file = `@fontsource/noto-sans-${name}/files/noto-sans-${name}-${name}-400-normal.woff`;
  const font = create(readFileSync(fileURLToPath(import.meta.resolve(file))));
  if (!('layout' in font)) throw new Error(`${file} holds several fonts`);
  return font;
}

/** A ToUnicode CMap (ISO 32000-2, 9.10.3) of codes from 1, at most 100 in a block. */
function toUnicode(texts: readonly string[]): string {
  const entries = texts.map((text, index) => `<${hexadecimal(index + 1, 4)}> <${utf16(text)}>`);
  const blocks: string[] = [];
  for (let at = 0; at < entries.length; at += 100) {
    const block = entries.slice(at, at + 100);
    blocks.push(`${block.length} beginbfchar\n${block.join('\n')}\nendbfchar`);
  }
  return [
    '/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Adobe-Identity-UCS def /CMapType 2 def',
    '/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def',
    '1 begincodespacerange <0000> <FFFF> endcodespacerange',
    ...blocks,
    'endcmap CMapName currentdict /CMap defineresource pop end end',
  ].join('\n');
}

function utf16(text: string): string {
  return Array.from({ length: text.length }, (_, at) => hexadecimal(text.charCodeAt(at), 4)).join('');
}

function hexadecimal(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
