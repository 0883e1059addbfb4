import { PdfError } from '../errors.ts';
import { PdfStream } from '../objects/stream.ts';
import type { ObjectScan } from '../syntax/object-scan.ts';
import { Comparison, type Part } from './comparison.ts';
import type { DocumentCopy } from './copy.ts';
import { StreamIndex, type Registered } from './stream-index.ts';
import { StreamTails } from './stream-tails.ts';
import { shareResources, TwinSearch } from './twins.ts';

/** Streams of which the dictionary is remembered, since many may be equal to them. */
const REMEMBERED_MAX = 64;
/** Documents that are read again for a comparison and stay open, where few are to be open. */
const OPEN_MAX = 8;

/** A document that is being copied, as its table stands: with another table it is another member. */
interface Member {
  readonly copy: DocumentCopy;
  readonly tails: StreamTails;
}

/**
 * Finds, when an object is referred to for the first time, whether an equal one is in the result already: a picture, the
 * program of a font, a colour profile, the content of a page. Streams are known by samples of the end of their data, and
 * only where these agree they are read and compared, all their bytes and all that they refer to. Equal files share all that
 * their pages show.
 */
export class Sharing {
  readonly #members: Member[] = [];
  readonly #index = new StreamIndex();
  readonly #comparison = new Comparison();
  readonly #remembered = new Map<string, Part | undefined>();
  readonly #twins = new TwinSearch();
  readonly #isFrugal: boolean;
  /** Where the object lies that was last asked about, and whether it is an annotation. */
  #asked: { readonly bytes: Uint8Array; readonly start: number; readonly answer: boolean } | undefined;
  /** Where few files are to be open: copies whose file was read for a comparison, the last one last. */
  readonly #opened = new Set<DocumentCopy>();

  /** `isFrugal` if there are so many documents that not all can be open. */
  constructor(isFrugal: boolean) {
    this.#isFrugal = isFrugal;
  }

  /**
   * Adds a document, of which nothing has been copied and whose edits are complete. Answers what finds, for one of its
   * objects, the number in the new file of an equal one, or 0.
   */
  join(copy: DocumentCopy): ((number: number) => number) | undefined {
    const { file } = copy.document;
    const twin = this.#twins.add(copy, (other) => this.#open(other));
    if (twin !== undefined) shareResources(copy, twin);
    if (file.security !== undefined) return undefined;
    let owner = -1;
    return (number) => {
      if (owner === -1 || this.#members[owner]!.tails.table !== file.table)
        owner = this.#members.push({ copy, tails: new StreamTails(file) }) - 1;
      return this.#find(owner, number);
    };
  }

  #find(owner: number, number: number): number {
    const { copy, tails } = this.#members[owner]!;
    const digest = tails.digest(number);
    // The appearance of an annotation is changed in place by programs that fill in forms.
    if (digest === 0 || this.#isInAnnotation(copy.scanned)) return 0;
    const found = this.#index.get(digest);
    if (found.length > 0) {
      const equal = this.#compare(found, owner, number);
      if (equal !== 0) return equal;
    }
    this.#index.add(digest, owner, number);
    return 0;
  }

  /** Whether an object is an annotation, or holds the appearances of one. */
  #isInAnnotation(scan: ObjectScan): boolean {
    const { bytes, start } = scan;
    // A dictionary may refer to as many objects as it has keys, and each of them asks.
    if (this.#asked?.bytes !== bytes || this.#asked.start !== start)
      this.#asked = { bytes, start, answer: scan.has('AP') || scan.has('N') };
    return this.#asked.answer;
  }

  /** The number in the new file of the first registered stream that is equal to one; 0 if there is none. */
  #compare(found: readonly Registered[], owner: number, number: number): number {
    const { copy } = this.#members[owner]!;
    try {
      const part = this.#comparison.part(copy, number);
      if (part?.object instanceof PdfStream)
        for (const registered of found) {
          const other = this.#part(registered);
          if (other !== undefined && this.#comparison.isEqual(other, part))
            return other.copy.numberOf(registered.number);
        }
    } catch (error) {
      // What cannot be compared is not equal; if it cannot be copied either, that will be said then.
      if (!(error instanceof PdfError)) throw error;
    }
    return 0;
  }

  #part(registered: Registered): Part | undefined {
    const { copy, tails } = this.#members[registered.owner]!;
    // What was copied by an older table may not be what the table leads to now.
    if (tails.table !== copy.document.file.table) return undefined;
    this.#open(copy);
    const key = `${registered.owner} ${registered.number}`;
    if (!this.#remembered.has(key)) {
      if (this.#remembered.size >= REMEMBERED_MAX) this.#remembered.clear();
      this.#remembered.set(key, this.#comparison.part(copy, registered.number));
    }
    return this.#remembered.get(key);
  }

  /** Notes that the file of a document is about to be read again; the one for which that is longest ago is let go of. */
  #open(copy: DocumentCopy): void {
    if (!this.#isFrugal) return;
    this.#opened.delete(copy);
    this.#opened.add(copy);
    if (this.#opened.size <= OPEN_MAX) return;
    const [oldest] = this.#opened;
    this.#opened.delete(oldest!);
    oldest!.document.file.release();
  }
}
