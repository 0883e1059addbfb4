import { Refused } from '../../sandbox/refusal.ts';
import { bytesOfEntry } from '../zip/child-entry.ts';
import { type Entry, readDirectory } from '../zip/child-directory.ts';

/** Bounds that no workbook that fits into a box comes near: parts, bytes of one, and of all that are read. */
const limits = { entriesMax: 10_000, partBytesMax: 256 * 1024 * 1024, bytesMax: 512 * 1024 * 1024 };

/** A ZIP file as SheetJS looks at one that it has opened. */
export interface OpenPackage {
  readonly FullPaths: readonly string[];
  readonly FileIndex: readonly PackagePart[];
}
interface PackagePart {
  readonly name: string;
  /** It is a file. */
  readonly type: 2;
  readonly content: Buffer;
}

interface PackageOptions {
  /** Says which parts there are; all where it is left out. */
  isWanted?(name: string): boolean;
  /** Told of each part that is read. */
  onPart?(name: string, bytes: Buffer): void;
}

/**
 * Opens a workbook that is a ZIP file, by our own reader: SheetJS is given parts that were counted and checked before it sees a byte, each
 * only when it asks for it, and no pictures or macros. Throws Refused.
 */
export function openPackage(
  path: string,
  { isWanted = () => true, onPart }: PackageOptions = {},
): OpenPackage {
  const entries = readDirectory(path, limits.entriesMax).filter(
    ({ name, isFolder }) => !isFolder && isPart(name) && isWanted(name),
  );
  let bytesLeft = limits.bytesMax;
  for (const { bytes, isEncrypted, isPacked } of entries) {
    bytesLeft -= bytes;
    if (bytes > limits.partBytesMax || bytesLeft < 0)
      throw new Refused('limit', 'what it holds is too large');
    if (isEncrypted || isPacked === undefined)
      throw new Refused('workbook', 'its parts are packed by an unusual method');
  }
  // SheetJS asks for the same part several times one after another.
  let held: { readonly of: Entry; readonly bytes: Buffer } | undefined;
  return {
    FullPaths: entries.map(({ name }) => name),
    FileIndex: entries.map((entry) => ({
      name: entry.name,
      type: 2,
      get content() {
        if (held?.of === entry) return held.bytes;
        held = { of: entry, bytes: bytesOfEntry(path, entry) };
        onPart?.(entry.name, held.bytes);
        return held.bytes;
      },
    })),
  };
}

function isPart(name: string): boolean {
  return (
    /(?:^|[/\\])mimetype$|\.(?:xml|rels|bin|iwa)$/i.test(name) &&
    !/(?:^|[/\\])(?:media|embeddings|drawings|charts|printerSettings|customXml|Thumbnails|Pictures)[/\\]|vbaProject\.bin$/i.test(
      name,
    )
  );
}
