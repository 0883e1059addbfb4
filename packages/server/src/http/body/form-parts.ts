import { Failure } from '../../errors.ts';
import { FieldList, readMembers } from '../../operations/field-list.ts';
import { isObject, parseRelaxed } from '../../operations/relaxed-json.ts';
import type { TextLimits } from './budget.ts';
import { chain, type FilesInFields } from './files.ts';
import { type Part, readParts } from './multipart.ts';
import { ByteGatherer, type ByteReader } from './reader.ts';
import { decodeText, looksBinary } from './text.ts';

const partsMax = 1_000;
const headBytesMin = 512;

/** Reads the parts into fields: texts in memory, all together up to the limit; files, also those in texts, are stored as they come. */
export async function readFormParts(
  reader: ByteReader,
  into: FieldList,
  limits: TextLimits,
  files: FilesInFields,
): Promise<void> {
  let count = 0;
  let bytesLeft = limits.fieldBytesMax;
  for await (const part of readParts(reader)) {
    if (++count > partsMax)
      throw new Failure('bodyInvalid', { reason: `it has more than ${partsMax} parts` });
    const name = part.name ?? (part.fileName === null ? null : 'file');
    if (name === null) continue;
    const head = await headOf(part.bytes);
    const isPart = isFile(name, part, head);
    const inText = files.inPart(name, head, part.bytes, isPart);
    if (inText !== null) {
      into.add(name, await files.store(part.fileName || inText.name, inText.bytes));
    } else if (isPart) {
      into.add(files.anyFile ?? name, await files.store(part.fileName ?? '', chain(head, part.bytes)));
    } else {
      const text = await textOf(chain(head, part.bytes), bytesLeft, limits);
      bytesLeft -= text.length;
      into.add(name, decodeText(text));
    }
  }
  spreadData(into);
}

/**
 * A part with a file name is a file. Some programs give none: then a part called `file` is one if its bytes are no text;
 * a data URI or a link in it stays a text.
 */
function isFile(name: string, part: Part, head: Buffer): boolean {
  if (part.fileName !== null) return part.fileName !== '' || head.length > 0;
  return /^file(?:\[\d*\])?$/i.test(name.trim()) && looksBinary(head);
}

async function headOf(bytes: AsyncIterator<Buffer>): Promise<Buffer> {
  const head = new ByteGatherer(Number.MAX_SAFE_INTEGER);
  while (head.length < headBytesMin) {
    const next = await bytes.next();
    if (next.done === true) break;
    if (head.length === 0 && next.value.length >= headBytesMin) return next.value;
    head.add(next.value);
  }
  return head.bytes();
}

async function textOf(bytes: AsyncIterable<Buffer>, bytesMax: number, limits: TextLimits): Promise<Buffer> {
  const all = new ByteGatherer(bytesMax, limits);
  for await (const chunk of bytes) all.add(chunk);
  return all.bytes();
}

/** `data={async: true, pages: ''}` holds the other fields as the text of a JavaScript object. Fields of their own win. */
function spreadData(fields: FieldList): void {
  const object = asObject(fields.text('data'));
  if (object === null) return;
  const members = new FieldList();
  readMembers(object, members);
  fields.remove('data');
  fields.addMissing(members);
}

function asObject(text: string | null): object | null {
  if (text === null || !text.trimStart().startsWith('{')) return null;
  try {
    const value = parseRelaxed(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
