import { Refused } from '../../sandbox/refusal.ts';
import { bytesOfEntry, unpackEntry } from '../zip/child-entry.ts';
import { type Entry, readDirectory } from '../zip/child-directory.ts';

const mebibyte = 1024 * 1024;
/** Bounds that no workbook that fits into a box comes near: parts, bytes of one that is held, of all that are, and of all that go to files. */
const limits = {
  entriesMax: 10_000,
  partBytesMax: 256 * mebibyte,
  heldBytesMax: 512 * mebibyte,
  unpackedBytesMax: 1_024 * mebibyte,
};

/** A ZIP file as SheetJS looks at one that it has opened. */
export interface OpenedZip {
  readonly FullPaths: readonly string[];
  readonly FileIndex: readonly { readonly name: string; readonly type: 2; readonly content: Buffer }[];
}

/**
 * A workbook that is a ZIP file, by our own reader: its parts are counted and checked before a library sees a byte of them, and it sees
 * no pictures or macros.
 */
export class Package {
  readonly #path: string;
  readonly #entries: readonly Entry[];
  #unpackedBytes = 0;

  /** Throws Refused. */
  constructor(path: string) {
    this.#path = path;
    const all = readDirectory(path, limits.entriesMax);
    this.#entries = all.filter(({ name, isFolder }) => !isFolder && isPart(name));
    if (this.#entries.some(({ isEncrypted, isPacked }) => isEncrypted || isPacked === undefined))
      throw new Refused('workbook', 'its parts are packed by an unusual method');
  }

  /** For SheetJS, which gets a part when it asks for it. Throws Refused where the parts are too large to be held. */
  opened(isWanted: (name: string) => boolean = () => true): OpenedZip {
    const entries = this.#entries.filter(({ name }) => isWanted(name));
    const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
    if (bytes > limits.heldBytesMax || entries.some((entry) => entry.bytes > limits.partBytesMax))
      throw new Refused('limit', 'what it holds is too large');
    const path = this.#path;
    // It asks for the same part several times one after another.
    let held: { readonly of: Entry; readonly bytes: Buffer } | undefined;
    return {
      FullPaths: entries.map(({ name }) => name),
      FileIndex: entries.map((entry) => ({
        name: entry.name,
        type: 2,
        get content() {
          if (held?.of !== entry) held = { of: entry, bytes: bytesOfEntry(path, entry) };
          return held.bytes;
        },
      })),
    };
  }

  has(name: string): boolean {
    return this.#find(name) !== undefined;
  }

  /** A part that says where others are; undefined where there is none. Throws Refused. */
  text(name: string): string | undefined {
    const entry = this.#find(name);
    if (entry === undefined) return undefined;
    if (entry.bytes > limits.partBytesMax) throw new Refused('limit', 'what it holds is too large');
    return bytesOfEntry(this.#path, entry).toString('utf8');
  }

  /** Unpacks a part that is there. Throws Refused. */
  async unpack(name: string, to: string): Promise<void> {
    const entry = this.#find(name);
    if (entry === undefined) throw new Refused('workbook', 'it is damaged');
    this.#unpackedBytes += entry.bytes;
    if (this.#unpackedBytes > limits.unpackedBytesMax)
      throw new Refused('limit', 'what it holds is too large');
    await unpackEntry(this.#path, entry, to);
  }

  /** Names are the same in any letter case (ECMA-376, part 2, 10.1.2). */
  #find(name: string): Entry | undefined {
    const plain = (text: string) => text.replaceAll('\\', '/').toLowerCase();
    const asked = plain(name);
    return this.#entries.find((entry) => plain(entry.name) === asked);
  }
}

function isPart(name: string): boolean {
  return (
    /(?:^|[/\\])mimetype$|\.(?:xml|rels|bin|iwa)$/i.test(name) &&
    !/(?:^|[/\\])(?:media|embeddings|drawings|charts|printerSettings|customXml|Thumbnails|Pictures)[/\\]|vbaProject\.bin$/i.test(
      name,
    )
  );
}
