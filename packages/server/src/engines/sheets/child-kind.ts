import { statSync } from 'node:fs';
import { Refused } from '../../sandbox/refusal.ts';
import { isCompound } from '../compound/format.ts';
import { kindOf as pictureKindOf } from '../pictures/picture-kind.ts';
import { beginningOf } from '../zip/child-bytes.ts';
import { isArchive } from '../zip/child-directory.ts';
import { charactersOf, encodingOf } from './child-encoding.ts';

/**
 * What a file is by its content: a ZIP file (XLSX, XLSB, ODS), a compound file (XLS), records (older XLS, Lotus, dBase), XML or HTML, or a table of text.
 */
export type Kind = 'package' | 'compound' | 'records' | 'markup' | 'table';

const beginningBytes = 4_096;
/** Some of what programs write between letters; more of it no text has. */
const controlsShareMax = 0.02;
/** What begins with RIFF, such as sounds; gzip. */
const otherBytes = /^(?:52494646|1f8b08)/;
const markup = /^\s*</;
/** Other documents of text: PDF, RTF; SYLK and DIF, which SheetJS reads wrongly. */
const others = /^(?:%PDF-|\{\\rtf|ID;P|TABLE\r?\n0,1)/;

/** Tells what a file is. Throws Refused where it is neither a workbook nor a table. */
export function kindOf(path: string): Kind {
  if (statSync(path).size === 0) throw new Refused('workbook', 'it is empty');
  const bytes = beginningOf(path, beginningBytes);
  if (isArchive(bytes)) return 'package';
  if (isCompound(bytes)) return 'compound';
  const hex = bytes.toString('hex', 0, 16);
  if (pictureKindOf(bytes) !== undefined || otherBytes.test(hex))
    throw new Refused('workbook', 'it is none, or is damaged');
  if (/^(?:09(?:00|02|04|08)[04]?|0000(?:0200|1a00)|ff000200)/.test(hex) || isDbase(bytes)) return 'records';
  const [text = ''] = charactersOf(path, encodingOf(path));
  if (others.test(text) || isBinary(text.slice(0, beginningBytes)))
    throw new Refused('workbook', 'it is none, or is damaged');
  return markup.test(text) ? 'markup' : 'table';
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
