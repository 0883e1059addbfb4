import { TextDecoder } from 'node:util';

/** Code pages of Windows that the Encoding Standard has under other names. */
const names: Readonly<Record<number, string>> = {
  866: 'ibm866',
  874: 'windows-874',
  932: 'shift_jis',
  936: 'gbk',
  949: 'euc-kr',
  950: 'big5',
  1200: 'utf-16le',
  1201: 'utf-16be',
  10000: 'macintosh',
  10007: 'x-mac-cyrillic',
  20866: 'koi8-r',
  20932: 'euc-jp',
  21866: 'koi8-u',
  28605: 'iso-8859-15',
  38598: 'iso-8859-8-i',
  50220: 'iso-2022-jp',
  50221: 'iso-2022-jp',
  50222: 'iso-2022-jp',
  51932: 'euc-jp',
  51949: 'euc-kr',
  54936: 'gb18030',
  65001: 'utf-8',
};

/** Reads text in a code page of Windows, by its number; the Western one where that is none. */
export function decoderOf(page: number): TextDecoder {
  const latin = page >= 28_591 && page <= 28_606 ? `iso-8859-${page - 28_590}` : `windows-${page}`;
  for (const label of [names[page] ?? latin, 'windows-1252'])
    try {
      return new TextDecoder(label);
    } catch {
      // Not one of the standard.
    }
  return new TextDecoder();
}
