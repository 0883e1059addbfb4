import type { Field, TextIsFile, UploadedPart } from '../../operations/fields.ts';
import { fieldName } from '../../operations/field-list.ts';
import { extensionOf } from '../media.ts';
import { decodeBase64, prefixOf } from './base64.ts';

type Bytes = AsyncIterable<Uint8Array>;

/** A file that a text stands for, with a name of our own making. */
export interface FileInText {
  readonly name: string;
  readonly bytes: Bytes;
}

/** Which fields of a request hold files, and where these go. */
export interface FilesInFields {
  /** The fields whose texts may be files, as `FieldList` has them. */
  readonly names: readonly string[];
  /** The field that every file counts as, whatever its part is called; null where each has its own. */
  readonly anyFile: string | null;
  /** Stores a file. Its name is hostile text. */
  store(name: string, bytes: Bytes): Promise<UploadedPart>;
  /** The file in a value that begins with these bytes; null where it is no text that stands for one. */
  inPart(name: string, head: Buffer, rest: AsyncIterable<Buffer>, isFile: boolean): FileInText | null;
  inText(name: string, text: string): FileInText | null;
}

/** Reads it off the definitions of the fields. */
export function filesInFields(
  fields: Readonly<Record<string, Field<unknown>>>,
  store: FilesInFields['store'],
): FilesInFields {
  const kinds = new Map<string, TextIsFile>(
    Object.entries(fields)
      .filter(([, field]) => field.textIsFile !== 'never')
      .flatMap(([name, field]) =>
        [name, ...field.alsoNamed].map((one) => [fieldName(one), field.textIsFile] as const),
      ),
  );
  const kindOf = (name: string) => kinds.get(fieldName(name)) ?? 'never';
  return {
    names: [...kinds.keys()],
    anyFile: [...kinds].find(([, kind]) => kind === 'always')?.[0] ?? null,
    store,
    inPart: (name, head, rest, isFile) => open(name, kindOf(name), head, rest, isFile),
    inText(name, text) {
      const slices = slicesOf(text);
      return open(name, kindOf(name), slices.next().value ?? Buffer.alloc(0), slices, false);
    },
  };
}

function open(
  field: string,
  kind: TextIsFile,
  head: Buffer,
  rest: AsyncIterable<Buffer> | Iterable<Buffer>,
  isFile: boolean,
): FileInText | null {
  // A file is taken as it is, though it may hold base64; but not where base64 is what was asked for.
  if (kind === 'never' || (isFile && kind !== 'base64')) return null;
  const prefix = prefixOf(head);
  if (prefix !== null) {
    const bytes = decodeBase64(chain(head.subarray(prefix.length), rest), field);
    return { name: `file${extensionOf(prefix.type)}`, bytes };
  }
  if (isFile || kind === 'data-uri') return null;
  if (kind === 'base64') return { name: '', bytes: decodeBase64(chain(head, rest), field) };
  return /^\s*https?:\/\/\S*\s*$/i.test(head.toString('latin1'))
    ? null
    : { name: '', bytes: chain(head, rest) };
}

/** Some bytes that were read already, and those that follow. */
export async function* chain(
  head: Buffer,
  rest: AsyncIterable<Buffer> | Iterable<Buffer>,
): AsyncGenerator<Buffer, void, undefined> {
  if (head.length > 0) yield head;
  yield* rest;
}

const sliceCharacters = 64 * 1024;

/** The bytes of a text, without a second copy of it. */
function* slicesOf(text: string): Generator<Buffer, void, undefined> {
  for (let start = 0; start < text.length;) {
    let end = start + sliceCharacters;
    // Not between the halves of a surrogate pair.
    if (isHigh(text.charCodeAt(end - 1))) end++;
    yield Buffer.from(text.slice(start, end));
    start = end;
  }
}

function isHigh(code: number): boolean {
  return code >= 0xd800 && code < 0xdc00;
}
