import { isUtf8 } from 'node:buffer';

const escape = 0x1b;
const headBytes = 2_048;
const svgHeadMax = 64 * 1024;

/** The text of an HTML or SVG file: by its byte order mark, as UTF-8 where it is that, else by what it says of itself. */
export function textOf(bytes: Buffer): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

function encodingOf(bytes: Buffer): string {
  const mark = bytes.toString('hex', 0, 2);
  if (mark === 'fffe') return 'utf-16le';
  if (mark === 'feff') return 'utf-16be';
  // Text that came as text is UTF-8 here, whatever it says; that other bytes are valid UTF-8 does not happen.
  if (!bytes.includes(escape) && isUtf8(bytes)) return 'utf-8';
  const head = bytes.toString('latin1', 0, headBytes);
  const [, named] = /<(?:meta|\?xml)\b[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)/i.exec(head) ?? [];
  return named !== undefined && isKnown(named) ? named : 'windows-1252';
}

function isKnown(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== 'replacement';
  } catch {
    return false;
  }
}

/** Whether a text is an SVG picture of its own, and not HTML. */
export function isSvg(text: string): boolean {
  let rest = text.slice(0, svgHeadMax);
  for (let before = ''; before !== rest;) {
    before = rest;
    rest = rest.replace(/^(?:\uFEFF|\s+|<\?xml[^>]*>|<!--[^]*?-->|<!DOCTYPE\s+svg[^>]*>)/i, '');
  }
  return /^<svg[\s>]/i.test(rest);
}
