import { parseScanned, streamKeywordEnd, type RawObject } from '../file/reading.ts';
import type { FileWriter } from '../file/writer.ts';
import type { PdfDictionary, PdfObject } from '../objects/object.ts';
import type { ByteBuffer } from '../syntax/byte-buffer.ts';
import { ObjectScan } from '../syntax/object-scan.ts';
import { Parser } from '../syntax/parser.ts';
import type { Rewriting } from '../syntax/transcribe.ts';
import { writeEntry, writeName, writeObject } from '../syntax/write.ts';
import type { Document } from './document.ts';
import { Edited, Edits, type Edit, type Replacement } from './edits.ts';
import { pageRotation } from './page.ts';
import { INHERITABLE, type InheritedValue, type Page } from './page-tree.ts';
import { Selection, type SelectedPage } from './selection.ts';
import { Numbering } from './numbering.ts';
import { Repeat } from './repeats.ts';
import type { PageTreeWriter } from './page-tree-writer.ts';
import type { Sharing } from './sharing.ts';
import type { Repack } from './stream-packing.ts';
import { copyStream } from './stream-copy.ts';

/** An inherited value longer than this is written once and referred to by its pages. */
const SHARED_BYTES_MIN = 64;
/** Entries of a page that place it in the tree, or make a node of it; they are written anew. */
const OF_THE_TREE = ['Type', 'Parent', 'Kids'];
/** Entries of a page without which many viewers show it, and with another value than a container do not. */
const CONTAINERS = [...INHERITABLE, 'Contents', 'Annots'];
/** What a page need not have but viewers want: US Letter, as they assume. */
const DEFAULT_MEDIA_BOX = '/MediaBox[0 0 612 792]';

/** Types of objects that belong to the old file's framework, wherever a reference to them was found. */
const FRAMEWORK_TYPES = ['Page', 'Pages', 'Catalog', 'XRef', 'ObjStm', 'StructTreeRoot', 'StructElem'];

/**
 * Copies pages of one document, with all that they reach, into a file that is being written. Objects are copied as bytes
 * with their references renumbered, each once, in order of their numbers as far as possible.
 */
export class DocumentCopy implements Rewriting {
  readonly document: Document;
  /** What changes on the way; see there for how carriers use it. */
  readonly edits = new Edits();
  readonly #writer: FileWriter;
  readonly #scan: ObjectScan;
  /** For inherited values, which are written while a page is in hand. */
  readonly #valueScan: ObjectScan;
  readonly #numbering: Numbering;
  readonly #sharing: Sharing | undefined;
  readonly #shared = new Map<InheritedValue, number>();
  readonly #repeats = new Map<SelectedPage, Repeat>();
  /** The repeated page that is being copied, with its annotations. */
  #repeat: Repeat | undefined;
  #decrypt: ((bytes: Uint8Array) => Uint8Array) | undefined;
  /** Packs the data of streams anew, where that makes them smaller. */
  repack: Repack | undefined;
  /** The object that is being copied, if edits have changed it. */
  #edited: Edited | undefined;
  /** The pages that are part of the result, known before anything is copied. */
  readonly selection: Selection;
  /**
   * Whether what belongs to the document as a whole, such as attachments and start scripts, goes into the result too, and
   * not only what its pages need. Set before carriers look.
   */
  keepsAll = true;

  /**
   * `isSparse`: few pages of many will be copied, so that nothing may cost as much as the whole document. With `sharing`,
   * what is equal to something that was copied before is not copied again.
   */
  constructor(document: Document, writer: FileWriter, isSparse = false, sharing?: Sharing) {
    this.document = document;
    this.#sharing = sharing;
    this.selection = new Selection(document);
    this.#writer = writer;
    this.#scan = new ObjectScan(document.file.reading.limits.nestingMax);
    this.#valueScan = new ObjectScan(document.file.reading.limits.nestingMax);
    this.#numbering = new Numbering(document.file, writer, document.framework, isSparse);
  }

  /** Gives the page at an index of the document the next place in the result, turned by degrees clockwise. */
  place(index: number, tree: PageTreeWriter, rotate = 0): void {
    const number = this.#writer.allocate();
    const position = tree.count;
    const { page } = this.selection.add(index, { position, number, parent: tree.place(number), rotate });
    // A page that comes twice is copied twice; references mean the first.
    if (page.number !== 0) this.#numbering.claim(page.number, number);
  }

  /** Copies the pages that have a place. */
  pages(): void {
    // Only now all edits are known, which decide what may be shared.
    this.#numbering.findEqual ??= this.#sharing?.join(this);
    for (const selected of this.selection.pages) {
      this.#repeat = selected.isRepeat ? this.repeatOf(selected) : undefined;
      this.#page(selected);
    }
    this.#repeat = undefined;
  }

  /** The annotations that a page which comes again has of its own. */
  repeatOf(selected: SelectedPage): Repeat {
    let repeat = this.#repeats.get(selected);
    if (repeat === undefined) {
      repeat = new Repeat(this.document, selected, this.#writer);
      this.#repeats.set(selected, repeat);
    }
    return repeat;
  }

  /** Copies everything that what was copied so far refers to. */
  drain(): void {
    for (const [value, number] of this.#shared) {
      this.#copyValue(value, this.#writer.begin(number));
      this.#writer.end();
    }
    this.#shared.clear();
    for (const repeat of this.#repeats.values()) {
      this.#repeat = repeat;
      for (const [old, fresh] of repeat.annotations) this.#object(old, fresh);
    }
    this.#repeat = undefined;
    this.#repeats.clear();
    for (;;) {
      const wave = this.#numbering.takePending();
      if (wave.length === 0) return;
      for (const old of wave) this.#object(old, this.#numbering.of(old));
    }
  }

  /** The new number of an object, which will be copied; 0 if there is no such object or it is left out. */
  reference(number: number, generation: number): number {
    const own = this.#repeat?.annotations.get(number);
    if (own !== undefined) return own;
    return this.#numbering.reference(number, generation);
  }

  /** The new number of an object; 0 if it has none. */
  numberOf(number: number): number {
    return this.#numbering.has(number) ? this.#numbering.of(number) : 0;
  }

  /** Lets references to objects mean equal ones, before anything is copied: `find` answers such a number, or 0. */
  replaceEqual(find: (old: number) => number): void {
    this.#numbering.findEqual = find;
  }

  /** Whether references to an object become `null`. */
  isLeftOut(number: number): boolean {
    return this.#numbering.isLeftOut(number);
  }

  /** The object that is being copied, as it was scanned. */
  get scanned(): ObjectScan {
    return this.#scan;
  }

  /** Whether an object is a page that is part of the result. */
  isPage(number: number): boolean {
    return this.selection.has(number);
  }

  /** Whether an object has a number in the result by now. */
  holds(number: number): boolean {
    return this.#numbering.has(number);
  }

  /** Makes references to an object mean another, which the caller writes; false if it has a number already. */
  claim(old: number, fresh: number): boolean {
    return this.#numbering.claim(old, fresh);
  }

  /** Makes references to an object `null`, unless it has a number already. */
  leaveOut(old: number): void {
    this.#numbering.leaveOut(old);
  }

  /** Likewise for all objects that a rule picks. */
  leaveOutWhere(rule: (old: number) => boolean): void {
    this.#numbering.leaveOutWhere(rule);
  }

  /**
   * Copies the entries of a dictionary, edits applied and one more if it is given, without its brackets and some of its
   * keys.
   */
  entries(old: number, out: ByteBuffer, without: readonly string[], edit?: Edit): void {
    const raw = this.document.file.scan(old, this.#scan);
    this.#decrypt = raw && this.document.file.stringDecryption(raw);
    this.#edit(old, false);
    if (edit !== undefined) {
      this.#edited ??= new Edited(old, false, this.#scan, this.document.file, this.#decrypt);
      edit(this.#edited);
    }
    this.#copyEntries(out, (index) => !without.some((key) => this.#scan.keyIs(index, key)));
  }

  /** Decrypts a string of the object that is being copied. */
  string(bytes: Uint8Array): Uint8Array {
    return this.#decrypt === undefined ? bytes : this.#decrypt(bytes);
  }

  #page({ page, number, parent, rotate }: SelectedPage): void {
    const raw = this.#scanPage(page);
    if (raw !== undefined) this.#decrypt = this.document.file.stringDecryption(raw);
    this.#warnIfMended();
    this.#edit(page.number, true);
    const out = this.#writer.begin(number);
    out.ascii('<</Type/Page/Parent ');
    out.integer(parent);
    out.ascii(' 0 R');
    const turned =
      rotate === 0 ? undefined : pageRotation(this.document.file, page, raw, this.#scan) + rotate;
    const isTurned = turned !== undefined;
    this.#copyEntries(
      out,
      (index) => this.#isKept(index) && !(isTurned && this.#scan.keyIs(index, 'Rotate')),
    );
    for (const value of page.inherited)
      if (!this.#has(value.key) && !(isTurned && value.key === 'Rotate')) this.#inherited(value, out);
    if (isTurned) out.ascii(`/Rotate ${((turned % 360) + 360) % 360}`);
    if (!this.#has('MediaBox') && !page.inherited.some(({ key }) => key === 'MediaBox')) {
      this.document.file.reading.warnings.add('A page had no size; it is taken to be 612 x 792.');
      out.ascii(DEFAULT_MEDIA_BOX);
    }
    out.ascii('>>');
    this.#writer.end();
  }

  /** Lets the edits look at the object that was scanned. */
  #edit(number: number, isPage: boolean): void {
    this.#edited = undefined;
    if (this.edits.isEmpty && this.#repeat === undefined) return;
    const scan = this.#scan;
    const make = (): Edited => new Edited(number, isPage, scan, this.document.file, this.#decrypt);
    let edited = this.edits.apply(number, isPage, scan, make);
    if (this.#repeat !== undefined) this.#repeat.change((edited ??= make()));
    if (edited !== undefined && (edited.changes.size > 0 || edited.whole !== undefined))
      this.#edited = edited;
  }

  /** Copies the entries of the dictionary that was scanned for which `isKept` holds, as edits have changed them. */
  #copyEntries(out: ByteBuffer, isKept: (index: number) => boolean): void {
    const scan = this.#scan;
    const edited = this.#edited;
    for (let index = 0; index < scan.count; index++)
      if (isKept(index) && !(edited !== undefined && this.#isChanged(index, edited)))
        scan.copyEntry(index, out, this);
    this.#writeChanges(out);
  }

  #writeChanges(out: ByteBuffer): void {
    for (const [key, value] of this.#edited?.changes ?? []) {
      if (value === undefined) continue;
      writeName(out, key);
      out.byte(32);
      this.#replacement(out, value);
    }
  }

  #isChanged(index: number, { changes }: Edited): boolean {
    for (const key of changes.keys()) if (this.#scan.keyIs(index, key)) return true;
    return false;
  }

  #replacement(out: ByteBuffer, value: Exclude<Replacement, undefined>): void {
    if (typeof value === 'string') out.ascii(value);
    else writeObject(out, value, this);
  }

  #warnIfMended(): void {
    if (this.#scan.scanner.repaired)
      this.document.file.reading.warnings.add('An object was broken and was mended.');
  }

  #scanPage({ number, direct }: Page): RawObject | undefined {
    const { file } = this.document;
    if (direct === undefined) return file.scan(number, this.#scan);
    file.reading.work.spend(direct.end);
    this.#scan.read(direct.bytes, direct.start, direct.end, false);
    return direct;
  }

  /** Whether an entry of a page goes into the result as it is. */
  #isKept(index: number): boolean {
    const scan = this.#scan;
    if (OF_THE_TREE.some((key) => scan.keyIs(index, key))) return false;
    // Where the structure tree does not come along as it is, the page's key into it means nothing.
    if (scan.keyIs(index, 'StructParents') && !this.edits.keeps('StructTreeRoot')) return false;
    return !CONTAINERS.some((key) => scan.keyIs(index, key) && !this.#has(key));
  }

  /** Whether the page has an entry whose value is a container, or a reference to one. */
  #has(key: string): boolean {
    const scan = this.#scan;
    const index = scan.find(key);
    if (index === -1 || !scan.has(key)) return false;
    if (key === 'Rotate' || scan.isContainer(index)) return true;
    this.document.file.reading.warnings.add('An entry of a page made no sense and was left out.');
    return false;
  }

  #inherited(value: InheritedValue, out: ByteBuffer): void {
    out.ascii(`/${value.key} `);
    const { raw } = value;
    if (raw.end - raw.start < SHARED_BYTES_MIN) return this.#copyValue(value, out);
    let number = this.#shared.get(value);
    if (number === undefined) {
      number = this.#writer.allocate();
      this.#shared.set(value, number);
    }
    out.ascii(`${number} 0 R`);
  }

  #copyValue({ raw }: InheritedValue, out: ByteBuffer): void {
    const decrypt = this.document.file.stringDecryption(raw);
    const previous = this.#decrypt;
    this.#decrypt = decrypt;
    this.#valueScan.read(raw.bytes, raw.start, raw.end, decrypt !== undefined);
    this.#valueScan.copy(out, this);
    this.#decrypt = previous;
  }

  #object(old: number, fresh: number): void {
    const { file } = this.document;
    const scan = this.#scan;
    const raw = file.scan(old, scan);
    this.#decrypt = raw && file.stringDecryption(raw);
    this.#warnIfMended();
    const keywordEnd = raw === undefined ? -1 : streamKeywordEnd(raw, scan);
    const isLeftOut = raw === undefined || this.#isFramework();
    if (!isLeftOut) this.#edit(old, false);
    if (keywordEnd !== -1 && raw !== undefined && !isLeftOut) return this.#stream(raw, keywordEnd, fresh);
    const out = this.#writer.begin(fresh);
    if (isLeftOut) out.ascii('null');
    else if (this.#edited === undefined) scan.copy(out, this);
    else this.#copyEdited(this.#edited, out);
    this.#writer.end();
  }

  #copyEdited({ whole }: Edited, out: ByteBuffer): void {
    if (whole !== undefined) return this.#replacement(out, whole);
    out.ascii('<<');
    this.#copyEntries(out, () => true);
    out.ascii('>>');
  }

  /** Whether the object that was scanned belongs to the old file's framework. */
  #isFramework(): boolean {
    const index = this.#scan.find('Type');
    return (
      index !== -1 &&
      FRAMEWORK_TYPES.some((type) => this.#scan.valueIs(index, type) && !this.edits.keeps(type))
    );
  }

  #stream(raw: RawObject, keywordEnd: number, fresh: number): void {
    const { file } = this.document;
    const scan = this.#scan;
    const lengthIndex = scan.find('Length');
    const extent = file.streamExtent(keywordEnd, lengthIndex === -1 ? undefined : this.#entry(lengthIndex));
    const build = (): PdfDictionary =>
      parseScanned(scan, file.reading.limits, this.#decrypt) as PdfDictionary;
    const packed = this.repack?.(file, raw, extent, build());
    if (packed !== undefined) {
      const out = this.#beginStream(fresh, packed.dictionary);
      out.ascii(`/Length ${packed.data.length}>>`);
      this.#writer.beginData();
      this.#writer.data(packed.data);
      return this.#writer.endStream();
    }
    const head = {
      dictionary: build,
      begin: (dictionary?: PdfDictionary) => this.#beginStream(fresh, dictionary),
    };
    copyStream(file, this.#writer, raw, extent, head, fresh);
  }

  /**
   * Begins a stream with the entries of its dictionary, all but /Length, which the caller adds with the `>>`: as they were
   * scanned, or of another dictionary in its place.
   */
  #beginStream(fresh: number, dictionary?: PdfDictionary): ByteBuffer {
    const scan = this.#scan;
    const out = this.#writer.beginStream(fresh);
    out.ascii('<<');
    if (dictionary !== undefined) {
      for (const [key, value] of dictionary)
        if (key !== 'Length' && this.#edited?.changes.has(key) !== true) writeEntry(out, key, value, this);
      this.#writeChanges(out);
    } else this.#copyEntries(out, (index) => !scan.keyIs(index, 'Length'));
    return out;
  }

  #entry(index: number): PdfObject {
    const { bytes } = this.#scan;
    const { nestingMax } = this.document.file.reading.limits;
    return new Parser(bytes, this.#scan.valueFrom(index), this.#scan.valueTo(index), nestingMax).object();
  }
}
