import { Failure } from '../../errors.ts';
import { readDisposition } from './disposition.ts';
import type { ByteReader } from './reader.ts';

const boundaryBytesMax = 250;
const headerBytesMax = 16 * 1024;

/** One part. Its bytes have to be read before the next part is asked for; what is left of them is skipped. */
export interface Part {
  /** Null where the part has none. */
  readonly name: string | null;
  /** Null where it is no file; may be empty. */
  readonly fileName: string | null;
  /** In lower case, without parameters; empty where there is none. */
  readonly contentType: string;
  readonly bytes: AsyncGenerator<Buffer, void, undefined>;
}

/**
 * Reads the parts of a multipart body (RFC 7578, RFC 2046), whose boundary is its first line, whatever a header says. Takes
 * `attachment` for `form-data`, line ends without a carriage return, and a body without any part.
 */
export async function* readParts(reader: ByteReader): AsyncGenerator<Part, void, undefined> {
  const delimiter = await readBoundary(reader);
  if (delimiter === null) return;
  do {
    const headers = await readHeaders(reader, delimiter);
    const place = { atEnd: false };
    yield { ...describe(headers), bytes: partBytes(reader, delimiter, place) };
    if (!place.atEnd) for await (const _ of partBytes(reader, delimiter, place));
  } while (await isFollowed(reader));
}

/** What stands between two parts: a line end, and the first line. Null where the first line ends the body already. */
async function readBoundary(reader: ByteReader): Promise<Buffer | null> {
  while (!reader.held.includes(0x0a) && reader.held.length <= boundaryBytesMax && (await reader.more()));
  const end = reader.held.indexOf(0x0a);
  const line = reader.take(end < 0 ? reader.held.length : end + 1).toString('latin1');
  const boundary = line.trimEnd();
  if (boundary.length > 4 && boundary.endsWith('--') && !(await reader.atLeast(1))) return null;
  if (end < 0 || boundary.length < 3 || boundary.length > boundaryBytesMax) throw cutOff();
  return Buffer.from((line.endsWith('\r\n') ? '\r\n' : '\n') + boundary, 'latin1');
}

/**
 * Reads up to the blank line. A part without headers and without bytes, as .NET writes an empty form, has its delimiter right
 * there: then the line end that opens the delimiter is left in its place.
 */
async function readHeaders(reader: ByteReader, delimiter: Buffer): Promise<string[]> {
  const headers: string[] = [];
  let budget = headerBytesMax;
  for (;;) {
    if (await startsWith(reader, delimiter)) return headers;
    const line = await reader.line(budget);
    if (line === null) throw cutOff();
    if (line === '') return headers;
    budget -= line.length + 2;
    if (/^[ \t]/.test(line) && headers.length > 0) headers.push(`${headers.pop()} ${line.trim()}`);
    else headers.push(line);
  }
}

async function startsWith(reader: ByteReader, bytes: Buffer): Promise<boolean> {
  if ((await reader.atLeast(1)) && reader.held[0] !== bytes[0]) return false;
  await reader.atLeast(bytes.length);
  return reader.held.subarray(0, bytes.length).equals(bytes);
}

function describe(headers: readonly string[]): Omit<Part, 'bytes'> {
  const { name, fileName } = readDisposition(valueOf(headers, 'content-disposition'));
  const contentType = (valueOf(headers, 'content-type').split(';')[0] as string).trim().toLowerCase();
  return { name, fileName, contentType };
}

function valueOf(headers: readonly string[], name: string): string {
  const line = headers.find((header) => header.slice(0, name.length + 1).toLowerCase() === `${name}:`);
  return line?.slice(name.length + 1).trim() ?? '';
}

/** The bytes up to the next delimiter, which is taken too. */
async function* partBytes(
  reader: ByteReader,
  delimiter: Buffer,
  place: { atEnd: boolean },
): AsyncGenerator<Buffer, void, undefined> {
  for (;;) {
    const at = reader.held.indexOf(delimiter);
    if (at < 0) {
      const whole = reader.held.length - tailLength(reader.held, delimiter);
      if (whole > 0) yield reader.take(whole);
      if (!(await reader.more())) throw cutOff();
    } else if (await isDelimiter(reader, at + delimiter.length)) {
      if (at > 0) yield reader.take(at);
      reader.take(delimiter.length);
      place.atEnd = true;
      return;
    } else {
      yield reader.take(at + delimiter.length);
    }
  }
}

/** How many of the last bytes could be the beginning of a delimiter. */
function tailLength(held: Buffer, delimiter: Buffer): number {
  for (let length = Math.min(held.length, delimiter.length - 1); length > 0; length--) {
    const start = held.indexOf(delimiter[0] as number, held.length - length);
    if (start < 0) return 0;
    length = held.length - start;
    if (held.subarray(start).equals(delimiter.subarray(0, length))) return length;
  }
  return 0;
}

/** A boundary may be the beginning of a longer line of the file. */
async function isDelimiter(reader: ByteReader, end: number): Promise<boolean> {
  if (!(await reader.atLeast(end + 2))) throw cutOff();
  const after = reader.held.toString('latin1', end, end + 2);
  return after === '--' || /^[ \t\r\n]/.test(after);
}

/** Whether another part follows. After the last one nothing counts. */
async function isFollowed(reader: ByteReader): Promise<boolean> {
  if (reader.held.toString('latin1', 0, 2) === '--') return false;
  if ((await reader.line(boundaryBytesMax)) === null) throw cutOff();
  return true;
}

function cutOff(): Failure {
  return new Failure('bodyInvalid', { reason: 'its multipart form is broken or cut off' });
}
