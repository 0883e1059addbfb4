import { closeSync, openSync, statSync } from 'node:fs';
import { Refused } from '../../sandbox/refusal.ts';
import { readAt } from '../zip/child-bytes.ts';
import { charactersOf, encodingOf } from './child-encoding.ts';

/**
 * What a file is by its content: a ZIP file (XLSX, XLSB, ODS), a compound file (XLS), records (older XLS, Lotus, dBase), XML or HTML, or a table of text.
 */
export type Kind = 'package' | 'compound' | 'records' | 'markup' | 'table';

const beginningBytes = 4_096;
/** Some of what programs write between letters; more of it no text has. */
const controlsShareMax = 0.02;
/** PNG, JPEG, GIF, TIFF, what begins with RIFF, gzip. */
const pictures = /^(?:89504e47|ffd8ff|47494638|49492a00|4d4d002a|52494646|1f8b08)/;
const markup = /^\s*</;
/** Other documents of text: PDF, RTF; SYLK and DIF, which SheetJS reads wrongly. */
const others = /^(?:%PDF-|\{\\rtf|ID;P|TABLE\r?\n0,1)/;

/** Tells what a file is. Throws Refused where it is neither a workbook nor a table. */
export function kindOf(path: string): Kind {
  if (statSync(path).size === 0) throw new Refused('workbook', 'it is empty');
  const bytes = beginningOf(path);
  const hex = bytes.toString('hex', 0, 16);
  if (/^504b0[357]0[468]/.test(hex)) return 'package';
  if (pictures.test(hex)) throw new Refused('workbook', 'it is none, or is damaged');
  if (hex.startsWith('d0cf11e0a1b11ae1')) return 'compound';
  if (/^(?:09(?:00|02|04|08)[04]?|0000(?:0200|1a00)|ff000200)/.test(hex) || isDbase(bytes)) return 'records';
  const [text = ''] = charactersOf(path, encodingOf(path));
  if (others.test(text) || isBinary(text.slice(0, beginningBytes)))
    throw new Refused('workbook', 'it is none, or is damaged');
  return markup.test(text) ? 'markup' : 'table';
}

function beginningOf(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    return readAt(file, 0, beginningBytes);
  } finally {
    closeSync(file);
  }
}

/** A version, then a date of which month and day are small, which no text has. */
function isDbase(bytes: Buffer): boolean {
  const [version = 0, , month = 0, day = 0] = bytes;
  return (
    [0x02, 0x03, 0x30, 0x31, 0x32, 0x83, 0x8b, 0x8c, 0xf5].includes(version) &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= 31
  );
}

function isBinary(text: string): boolean {
  let controls = 0;
  for (let at = 0; at < text.length; at++) if (isControl(text.charCodeAt(at))) controls += 1;
  return controls > text.length * controlsShareMax;
}

/** But for what parts lines and pages, and ends files of DOS. */
function isControl(code: number): boolean {
  return code < 0x09 || (code > 0x0d && code < 0x20 && code !== 0x1a) || code === 0x7f;
}
