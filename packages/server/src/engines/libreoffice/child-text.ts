import { isUtf8 } from 'node:buffer';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { Refused } from '../../sandbox/refusal.ts';

const textBytesMax = 64 * 1024 * 1024;

/** Writes a text as UTF-8, whatever it was: UTF-8, UTF-16, or else Windows-1252. Throws Refused where it is too long. */
export function writeAsUtf8(from: string, to: string): void {
  if (statSync(from).size > textBytesMax) throw new Refused('limit', 'the text is too long');
  const bytes = readFileSync(from);
  writeFileSync(to, new TextDecoder(encodingOf(bytes)).decode(bytes));
}

function encodingOf(bytes: Buffer): string {
  const mark = bytes.length < 2 ? 0 : bytes.readUInt16BE(0);
  if (mark === 0xfffe) return 'utf-16le';
  if (mark === 0xfeff) return 'utf-16be';
  return isUtf8(bytes) ? 'utf-8' : 'windows-1252';
}
