import { Failure } from '../../errors.ts';
import type { FieldList } from '../../operations/field-list.ts';
import type { TextLimits } from './budget.ts';
import { readPairs } from './form.ts';
import type { FilesInFields } from './files.ts';
import { readFormParts } from './form-parts.ts';
import { readJson } from './json.ts';
import type { ByteReader } from './reader.ts';
import { decodeText } from './text.ts';

const epilogueBytesMax = 64 * 1024;
const headBytes = 1_024;

/**
 * Reads a body into fields. Its kind is told by its first bytes: real clients send multipart as `application/json`, forms as
 * JSON, JSON as forms or as nothing. `type` is what the header says, which counts only where the body may be a file.
 */
export async function readBody(
  reader: ByteReader,
  into: FieldList,
  limits: TextLimits,
  files: FilesInFields,
  type: string,
): Promise<void> {
  if (files.anyFile !== null && (await isFile(reader, type))) {
    return into.add(files.anyFile, await files.store('', reader.chunks()));
  }
  await skipBlanks(reader);
  const [first, second] = reader.held.toString('latin1', 0, 2);
  if (first === undefined) return;
  if (first === '-' && second === '-') {
    await readFormParts(reader, into, limits, files);
    await skipEpilogue(reader);
  } else {
    refuseBinary(reader.held);
    const text = decodeText(await reader.rest(limits));
    if (first === '{' || first === '[') readJson(text, into);
    else readPairs(text.trimEnd(), into);
  }
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** Leaves the first two bytes that count in `held`. */
async function skipBlanks(reader: ByteReader): Promise<void> {
  if ((await reader.atLeast(1)) && reader.held[0] === byteOrderMark[0]) {
    await reader.atLeast(3);
    if (reader.held.subarray(0, 3).equals(byteOrderMark)) reader.take(3);
  }
  do {
    const start = reader.held.findIndex((byte) => byte !== 0x20 && (byte < 0x09 || byte > 0x0d));
    reader.take(start < 0 ? reader.held.length : start);
  } while (reader.held.length < 2 && (await reader.more()));
}

/** Types that clients send whatever the body is. */
const vague = /^(?:multipart\/|application\/(?:json|x-www-form-urlencoded)\b|$)/i;

/** A body that is a document, or is said to be one. curl says of `--data-binary` that it is a form. */
async function isFile(reader: ByteReader, type: string): Promise<boolean> {
  await reader.atLeast(headBytes);
  if (reader.held.length === 0 || reader.held.toString('latin1', 0, 2) === '--') return false;
  return isDocument(reader.held) || !vague.test(type.trim());
}

function isDocument(head: Buffer): boolean {
  return head.subarray(0, headBytes).includes(0) || head.toString('latin1', 0, 5) === '%PDF-';
}

/** A document that was sent as the body itself would be read as a form of one absurd name. */
function refuseBinary(head: Buffer): void {
  if (!isDocument(head)) return;
  throw new Failure('bodyInvalid', {
    reason: 'it is neither JSON, nor a form, nor multipart; send a document as a part named file',
  });
}

/** Read to its end, so that the connection can be used again. */
async function skipEpilogue(reader: ByteReader): Promise<void> {
  let bytes = 0;
  do {
    bytes += reader.take(reader.held.length).length;
    if (bytes > epilogueBytesMax)
      throw new Failure('bodyInvalid', { reason: 'its multipart form goes on after its end' });
  } while (await reader.more());
}
