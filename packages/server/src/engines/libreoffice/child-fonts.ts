import { spawnSync } from 'node:child_process';
import { closeSync, fstatSync, openSync } from 'node:fs';
import { readAt } from '../zip/child-bytes.ts';
import { readDirectory } from '../zip/child-directory.ts';
import { bytesOfEntry } from '../zip/child-entry.ts';
import type { KindName } from './kinds.ts';

const entriesMax = 100_000;
const partBytesMax = 32 * 1024 * 1024;
const bytesReadMax = 64 * 1024 * 1024;
const pieceBytes = 4 * 1024 * 1024;
const askedMax = 200;
const warnedMax = 20;
const matcher = '/usr/bin/fc-match';

/** Parts of packages that name fonts which are used, and how. */
const naming: readonly {
  readonly kinds: readonly KindName[];
  readonly parts: RegExp;
  readonly fonts: RegExp;
}[] = [
  {
    kinds: ['docx'],
    parts: /^word\/(?:document|styles|theme\/theme1|header\d*|footer\d*)\.xml$/,
    fonts: /<w:rFonts\b[^>]*?\sw:(?:ascii|hAnsi)="([^"]{1,100})"|<a:latin\s+typeface="([^"+]{1,100})"/g,
  },
  { kinds: ['xlsx'], parts: /^xl\/styles\.xml$/, fonts: /<name\s+val="([^"]{1,100})"/g },
  {
    kinds: ['pptx'],
    parts: /^ppt\/(?:slides\/slide\d+|theme\/theme\d+)\.xml$/,
    fonts: /<a:latin\s+typeface="([^"+]{1,100})"/g,
  },
  {
    kinds: ['odt', 'ods', 'odp', 'odg'],
    parts: /^(?:content|styles)\.xml$/,
    fonts: /<style:font-face\b[^>]*?\ssvg:font-family="(?:&apos;)?([^"&;]{1,100})/g,
  },
];

/**
 * A warning for each font that a document asks for, that is not installed, and in whose place the PDF has another. What cannot be read is
 * passed over.
 */
export function fontWarnings(document: string, kind: KindName, printed: string): string[] {
  const asked = fontsAsked(document, kind);
  if (asked.length === 0) return [];
  const held = fontsHeld(printed);
  const isHeld = (family: string) => [...held].some((name) => name.startsWith(plain(family)));
  return asked
    .filter((family) => !isHeld(family))
    .slice(0, warnedMax)
    .flatMap((family) => {
      const taken = matchOf(family);
      if (taken === undefined || plain(taken) === plain(family) || !isHeld(taken)) return [];
      return [`The font ${family} is not installed: ${taken} was taken.`];
    });
}

function fontsAsked(document: string, kind: KindName): string[] {
  try {
    return [...new Set(kind === 'rtf' ? fontsOfRtf(document) : fontsOfPackage(document, kind))].slice(
      0,
      askedMax,
    );
  } catch {
    return [];
  }
}

function fontsOfPackage(document: string, kind: KindName): string[] {
  const how = naming.find(({ kinds }) => kinds.includes(kind));
  if (how === undefined) return [];
  let left = bytesReadMax;
  return readDirectory(document, entriesMax)
    .filter(({ name, bytes }) => how.parts.test(name) && bytes <= partBytesMax && (left -= bytes) >= 0)
    .flatMap((entry) => [...bytesOfEntry(document, entry).toString().matchAll(how.fonts)])
    .map(([, one, other]) => (one ?? other ?? '').trim())
    .filter((name) => name !== '');
}

function fontsOfRtf(document: string): string[] {
  const file = openSync(document, 'r');
  try {
    const text = readAt(file, 0, pieceBytes).toString('latin1');
    const start = text.indexOf('{\\fonttbl');
    // Names of fonts that stand behind the last control word of an entry.
    return start < 0
      ? []
      : [
          ...text
            .slice(start, start + 64 * 1024)
            .matchAll(/\{\\f\d+[^{};]{0,200}?\s([A-Z][^{};\\]{1,80});\}/g),
        ].map(([, name = '']) => name.trim());
  } finally {
    closeSync(file);
  }
}

/** Names of the fonts that a PDF of the office program embeds, plain: its dictionaries are not packed. */
function fontsHeld(printed: string): Set<string> {
  const held = new Set<string>();
  const file = openSync(printed, 'r');
  try {
    const { size } = fstatSync(file);
    for (let at = 0; at < size; at += pieceBytes - 200) {
      const text = readAt(file, at, pieceBytes).toString('latin1');
      for (const [, name = ''] of text.matchAll(/\/BaseFont\/(?:[A-Z]{6}\+)?([^\s/<>[\]()]{1,120})/g))
        held.add(plain(name.replaceAll(/#[\da-f]{2}/gi, '')));
    }
  } finally {
    closeSync(file);
  }
  return held;
}

/** The family that stands in for this one on this machine; undefined where nobody tells. */
function matchOf(family: string): string | undefined {
  const pattern = family.replaceAll(/[\\:,-]/g, '\\$&');
  const { stdout } = spawnSync(matcher, ['-f', '%{family[0]}', pattern], {
    encoding: 'utf8',
    timeout: 5_000,
  });
  return stdout?.trim() || undefined;
}

function plain(name: string): string {
  return name.replaceAll(/[^\p{L}\p{N}]/gu, '').toLowerCase();
}
