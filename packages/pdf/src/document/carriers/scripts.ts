import type { PdfObject } from '../../objects/object.ts';
import { PdfReference } from '../../objects/reference.ts';
import { PdfStream } from '../../objects/stream.ts';
import { PdfString } from '../../objects/string.ts';
import { encodedAs, textOfString } from '../../syntax/text-string.ts';
import type { DocumentCopy } from '../copy.ts';
import { renameInScript, type Rename } from './scripts-names.ts';

/** Longer scripts are left as they are. */
const SCRIPT_BYTES_MAX = 1024 * 1024;

/**
 * A script (ISO 32000-2, 12.6.4.17) that uses new names in the arguments of some functions; the same object if nothing
 * changes. One that stands in a stream and changes becomes a string. `warning` is given where a use
 * may have been missed.
 */
export function renamedScript(
  { document: { file } }: DocumentCopy,
  entry: PdfObject,
  functions: ReadonlySet<string>,
  rename: Rename,
  warning?: string,
): PdfObject {
  const object = file.resolve(entry);
  const isStream = object instanceof PdfStream && entry instanceof PdfReference;
  const bytes = isStream ? file.decodedStream(entry, SCRIPT_BYTES_MAX) : bytesOf(object);
  if (bytes === undefined) return entry;
  file.reading.work.spend(bytes.length);
  const old = textOfString(bytes);
  const { text, missed } = renameInScript(old, functions, rename);
  if (missed && warning !== undefined) file.reading.warnings.add(warning);
  return text === old ? entry : new PdfString(encodedAs(bytes, text));
}

function bytesOf(object: PdfObject): Uint8Array | undefined {
  return object instanceof PdfString ? object.bytes : undefined;
}
