import { openSecurity, type Security } from '../crypt/security.ts';
import { PdfError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import { countOf, nameOf, type PdfDictionary, type PdfObject } from '../objects/object.ts';
import { PdfReference } from '../objects/reference.ts';
import { PdfStream } from '../objects/stream.ts';
import { ObjectScan } from '../syntax/object-scan.ts';
import { readDigits, readObjectHeader, skipDigits } from '../syntax/tokens.ts';
import type { Warnings } from '../warnings.ts';
import { Work } from '../work.ts';
import { encryptionDictionary, firstId, ownCryptFilter, withoutCryptFilter } from './encryption.ts';
import { decodeStream } from './filter-steps.ts';
import { readHeader } from './header.ts';
import { ObjectStreamCache, splitObjectStream, type ObjectStream } from './object-streams.ts';
import { objectAt, parseScanned, streamKeywordEnd, type RawObject, type Reading } from './reading.ts';
import type { Source } from './source.ts';
import { dataOffset, endsAt, searchLength } from './stream-extent.ts';
import { Window } from './window.ts';
import { readXref, type Xref } from './xref-read.ts';
import { rebuildXref } from './xref-rebuild.ts';
import { IN_FILE, IN_STREAM, XrefTable } from './xref-table.ts';

/** Bytes in which the header of an object is looked for. */
const HEADER_BYTES_MAX = 64;
/** How far references to references are followed. */
const HOPS_MAX = 32;

/** What opening a file needs besides its bytes. */
export interface OpenOptions {
  /** Tried before the empty password. */
  readonly password: string;
  readonly limits: Limits;
  readonly warnings: Warnings;
}

/**
 * A PDF file that is open: its objects by number (ISO 32000-2, 7.5), whatever the state of its cross-reference table.
 * The table is rebuilt once, as soon as anything does not fit; from then on a missing object is just missing.
 */
export class PdfFile {
  readonly reading: Reading;
  /** The version of the header, such as `1.7`. */
  readonly version: string;
  /** Whether the cross-reference table had to be rebuilt. */
  rebuilt = false;
  /** Set if the file is encrypted. */
  security: Security | undefined;
  /** Whether metadata streams are encrypted, in an encrypted file. */
  #encryptsMetadata = true;
  /** The crypt filter of embedded files, if they have another than all streams. */
  #embeddedFilesFilter: string | undefined;
  #xref: Xref;
  readonly #password: string;
  readonly #cache = new ObjectStreamCache();
  /** Object streams that are being read: one may ask for itself. */
  readonly #loading = new Set<number>();
  readonly #decoded = new Set<number>();
  /** Objects whose headers were asked for another generation than the table has. */
  readonly #headers = new Set<number>();
  /** For objects that are read while another is in hand. */
  readonly #scan: ObjectScan;
  /** For objects that are built. */
  #spareScan: ObjectScan | undefined;

  /**
   * Opens a file. Throws PdfError `not-pdf`, `damaged`, `limit`, `password` or `unsupported-encryption`.
   */
  constructor(source: Source, { password, limits, warnings }: OpenOptions) {
    const window = new Window(source);
    const work = new Work(limits, window.size);
    this.reading = {
      window,
      limits,
      work,
      warnings,
      scan: new ObjectScan(limits.nestingMax),
      noEndstreamFrom: Infinity,
    };
    this.#scan = new ObjectScan(limits.nestingMax);
    this.#password = password;
    const header = readHeader(window);
    this.version = header.version ?? '1.4';
    let xref: Xref | undefined;
    try {
      xref = readXref(this.reading, header);
    } catch (error) {
      if (!(error instanceof PdfError) || error.code !== 'damaged') throw error;
    }
    this.#xref = xref ?? { table: new XrefTable(limits.objectsMax), trailer: new Map() };
    if (xref === undefined || !xref.trailer.has('Root')) this.repair();
    else this.#openSecurity();
    if (header.version === undefined && this.table.length === 0)
      throw new PdfError('not-pdf', 'The file is not a PDF.');
  }

  get table(): XrefTable {
    return this.#xref.table;
  }

  get trailer(): PdfDictionary {
    return this.#xref.trailer;
  }

  /** Whether objects lie in object streams, so that a result of the same size needs them too. */
  get hasStreams(): boolean {
    return this.table.kinds.includes(IN_STREAM);
  }

  /** Whether there is an object of this number and generation. */
  has(number: number, generation: number): boolean {
    return this.table.has(number, generation) || this.#hasOther(number, generation);
  }

  /** The table may have the generation wrong, which the header of the object then tells. */
  #hasOther(number: number, generation: number): boolean {
    const { table } = this;
    if (number >= table.length || table.kinds[number] !== IN_FILE || this.#headers.has(number)) return false;
    this.#headers.add(number);
    const { window, work } = this.reading;
    const offset = table.positions[number]!;
    window.need(offset, HEADER_BYTES_MAX);
    work.spend(HEADER_BYTES_MAX);
    const header = readObjectHeader(window.bytes, offset - window.origin, window.bytes.length);
    if (header?.number !== number || header.generation === table.extras[number]) return false;
    this.reading.warnings.add('The cross-reference table had wrong generations.');
    table.set(number, IN_FILE, offset, header.generation);
    return header.generation === generation;
  }

  /** Rebuilds the cross-reference table. False if that has been done before. */
  repair(): boolean {
    if (this.rebuilt) return false;
    this.rebuilt = true;
    this.reading.warnings.add('The cross-reference table was rebuilt.');
    const old = this.#xref;
    const rebuilt = rebuildXref(this.reading);
    this.#xref = rebuilt;
    this.#cache.clear();
    const { trailer, encryption } = rebuilt;
    for (const [key, value] of old.trailer) if (!trailer.has(key)) trailer.set(key, value);
    // A file that lost its trailer may be encrypted all the same; taken as it is, it would give scrambled bytes.
    const isEncrypted = !old.trailer.has('Root') || trailer.has('Encrypt');
    if (isEncrypted && encryption !== undefined && !(this.resolve(trailer.get('Encrypt')) instanceof Map))
      trailer.set('Encrypt', encryption);
    if (this.security === undefined) this.#openSecurity();
    for (const { number, offset } of rebuilt.objectStreams) this.#adopt(number, offset);
    return true;
  }

  /** Enters the objects of an object stream into a rebuilt table, where no later object has their number and none is deleted. */
  #adopt(container: number, offset: number): void {
    const { table } = this;
    if (table.kinds[container] !== IN_FILE || table.positions[container] !== offset) return;
    const numbers = this.#objectStream(container)?.numbers ?? [];
    for (const [index, number] of numbers.entries()) {
      if (number === container || number === 0) continue;
      const isOther = number < table.length && table.kinds[number] !== IN_STREAM;
      if (isOther && table.positions[number]! > offset) continue;
      table.set(number, IN_STREAM, container, index);
    }
  }

  #openSecurity(): void {
    const entry = this.trailer.get('Encrypt') ?? null;
    if (entry === null) return;
    const encrypt = this.resolve(entry);
    // Reading it may have meant a repair, which comes here too; its strings are not encrypted.
    if (this.security !== undefined) return;
    if (!(encrypt instanceof Map)) {
      // Repairing comes back here.
      if (this.repair()) return;
      throw new PdfError('damaged', 'The document is encrypted, and what tells how is lost.');
    }
    const resolve = (object: PdfObject | undefined): PdfObject => this.resolve(object);
    const dictionary = encryptionDictionary(encrypt, resolve);
    this.#encryptsMetadata = dictionary.encryptMetadata || dictionary.v < 4;
    const { v, eff = '', cryptFilters } = dictionary;
    this.#embeddedFilesFilter = v >= 4 && (eff === 'Identity' || cryptFilters.has(eff)) ? eff : undefined;
    this.security = openSecurity(dictionary, firstId(this.trailer, resolve), this.#password);
    // What was read until now was not decrypted.
    this.#cache.clear();
  }

  /** Scans an object with the scan given, which is empty if there is no such object. */
  scan(number: number, scan: ObjectScan): RawObject | undefined {
    const raw =
      this.#scanOnce(number, scan) ?? (this.#isListed(number) ? this.#scanRepaired(number, scan) : undefined);
    if (raw === undefined) scan.clear();
    return raw;
  }

  #isListed(number: number): boolean {
    const kind = number < this.table.length ? this.table.kinds[number] : undefined;
    return kind === IN_FILE || kind === IN_STREAM;
  }

  #scanRepaired(number: number, scan: ObjectScan): RawObject | undefined {
    return this.repair() ? this.#scanOnce(number, scan) : undefined;
  }

  #scanOnce(number: number, scan: ObjectScan): RawObject | undefined {
    const { table } = this;
    if (number >= table.length) return undefined;
    const kind = table.kinds[number];
    if (kind === IN_FILE) {
      const raw = objectAt(this.reading, table.positions[number]!, scan, this.security !== undefined, number);
      return raw?.number === number && raw.generation === table.extras[number] ? raw : undefined;
    }
    return kind === IN_STREAM ? this.#scanInStream(number, scan) : undefined;
  }

  #scanInStream(number: number, scan: ObjectScan): RawObject | undefined {
    const stream = this.#objectStream(this.table.positions[number]!);
    if (stream === undefined) return undefined;
    const { bytes, numbers, positions } = stream;
    let index = this.table.extras[number]!;
    if (numbers[index] !== number) index = numbers.lastIndexOf(number);
    if (index === -1) return undefined;
    const start = positions[index]!;
    scan.read(bytes, start, bytes.length, false);
    this.reading.work.spend(scan.end - start);
    return { number, generation: 0, bytes, start, end: bytes.length, origin: -1 };
  }

  #objectStream(number: number): ObjectStream | undefined {
    const held = this.#cache.get(number);
    if (held !== undefined) return held;
    if (this.table.kinds[number] !== IN_FILE || this.#loading.has(number)) return undefined;
    this.#loading.add(number);
    try {
      const object = this.object(number);
      if (!(object instanceof PdfStream)) return undefined;
      const { limits, work } = this.reading;
      const bytes = this.#decode(object, number, this.table.extras[number]!, limits.decodedBytesMax);
      if (this.#decoded.has(number)) work.spend(bytes.length);
      else work.decoded(bytes.length);
      this.#decoded.add(number);
      const count = countOf(this.resolve(object.dictionary.get('N'))) ?? 0;
      const first = countOf(this.resolve(object.dictionary.get('First'))) ?? 0;
      const stream = splitObjectStream(bytes, count, first);
      this.#cache.put(number, stream);
      return stream;
    } catch (error) {
      if (error instanceof PdfError && error.code === 'damaged') return undefined;
      throw error;
    } finally {
      this.#loading.delete(number);
    }
  }

  /** Builds an object; `null` if there is no such object. */
  object(number: number): PdfObject {
    // One is enough unless reading the object takes reading another.
    const scan = this.#spareScan ?? new ObjectScan(this.reading.limits.nestingMax);
    this.#spareScan = undefined;
    const raw = this.scan(number, scan);
    const object = raw === undefined ? null : this.build(raw, scan);
    this.#spareScan = scan;
    return object;
  }

  /** Builds the object that was scanned. */
  build(raw: RawObject, scan: ObjectScan): PdfObject {
    const object = parseScanned(scan, this.reading.limits, this.stringDecryption(raw));
    const keywordEnd = streamKeywordEnd(raw, scan);
    if (keywordEnd === -1 || !(object instanceof Map)) return object;
    const { offset, length } = this.streamExtent(keywordEnd, object.get('Length'));
    return new PdfStream(object, offset, length);
  }

  /** Follows references until there is none; `null` where they lead nowhere. */
  resolve(object: PdfObject | undefined): PdfObject {
    let current = object ?? null;
    for (let hop = 0; current instanceof PdfReference; hop++) {
      if (hop === HOPS_MAX || !this.has(current.number, current.generation)) return null;
      current = this.object(current.number);
    }
    return current;
  }

  /** How the strings of an object are decrypted, or undefined if they are not encrypted. */
  stringDecryption({
    number,
    generation,
    origin,
  }: RawObject): ((bytes: Uint8Array) => Uint8Array) | undefined {
    const { security } = this;
    if (security === undefined || origin === -1) return undefined;
    return (bytes) => security.decryptString(number, generation, bytes);
  }

  /**
   * Where the data of a stream lies, given the offset after its keyword and its /Length, which is used only if the data
   * ends there.
   */
  streamExtent(keywordEnd: number, lengthObject: PdfObject | undefined): { offset: number; length: number } {
    const { window, warnings } = this.reading;
    const offset = dataOffset(window, keywordEnd);
    const claimed =
      lengthObject instanceof PdfReference ? this.#integer(lengthObject) : countOf(lengthObject);
    if (claimed !== undefined && endsAt(window, offset, claimed)) return { offset, length: claimed };
    warnings.add('The length of a stream was wrong and was found again.');
    return { offset, length: searchLength(this.reading, offset) };
  }

  /** The number an indirect /Length stands for; read without repair, because a stream's end can be found without it. */
  #integer(reference: PdfReference): number | undefined {
    if (!this.has(reference.number, reference.generation)) return undefined;
    const raw = this.#scanOnce(reference.number, this.#scan);
    if (raw === undefined || this.#scan.isDictionary) return undefined;
    const { bytes, start, end } = this.#scan;
    return skipDigits(bytes, start, end) === end && end > start ? readDigits(bytes, start, end) : undefined;
  }

  /** The raw bytes of a stream, decrypted. Throws PdfError `limit` if there are more than may be decoded. */
  streamBytes(stream: PdfStream, number: number, generation: number): Uint8Array {
    const { window, limits } = this.reading;
    if (stream.length > limits.decodedBytesMax)
      throw new PdfError('limit', 'A stream of the document is too large.');
    window.need(stream.offset, stream.length);
    const start = stream.offset - window.origin;
    const bytes = window.bytes.subarray(start, start + stream.length);
    const filter = this.streamCipher(stream.dictionary);
    if (this.security === undefined || filter === false) return bytes;
    return this.security.decryptStream(number, generation, bytes, filter);
  }

  /**
   * The bytes of the stream that a reference means, decrypted and decoded; undefined if it means none, or one that cannot be
   * decoded to `bytesMax` bytes at most.
   */
  decodedStream({ number, generation }: PdfReference, bytesMax: number): Uint8Array | undefined {
    const stream = this.has(number, generation) ? this.object(number) : null;
    if (!(stream instanceof PdfStream) || stream.length > bytesMax) return undefined;
    try {
      return this.decodedBytes(stream, number, generation, bytesMax);
    } catch (error) {
      if (error instanceof PdfError && error.code !== 'unsupported-encryption') return undefined;
      throw error;
    }
  }

  /**
   * The data of a stream, decrypted and decoded. Throws PdfError: `limit` if there are more than `bytesMax` bytes, `damaged`
   * if a filter is not known or gives nothing.
   */
  decodedBytes(
    stream: PdfStream,
    number: number,
    generation: number,
    bytesMax = this.reading.limits.decodedBytesMax,
  ): Uint8Array {
    const bytes = this.#decode(stream, number, generation, bytesMax);
    this.reading.work.spend(bytes.length);
    return bytes;
  }

  #decode(stream: PdfStream, number: number, generation: number, bytesMax: number): Uint8Array {
    const raw = this.streamBytes(stream, number, generation);
    const resolve = (each: PdfObject | undefined): PdfObject => this.resolve(each);
    return decodeStream(raw, stream.dictionary, resolve, {
      ...this.reading.limits,
      decodedBytesMax: bytesMax,
    });
  }

  /** The crypt filter that a stream goes by: undefined for the document's own, false if the stream is not encrypted. */
  streamCipher(dictionary: PdfDictionary): string | undefined | false {
    if (this.security === undefined) return false;
    const type = nameOf(dictionary.get('Type'));
    if (type === 'XRef') return false;
    const own = ownCryptFilter(dictionary, (object) => this.resolve(object));
    if (type === 'Metadata' && !this.#encryptsMetadata) return own === undefined ? false : 'Identity';
    return own ?? (type === 'EmbeddedFile' ? this.#embeddedFilesFilter : undefined);
  }

  /** The dictionary of a stream without its own crypt filter, if it has one. */
  withoutCryptFilter(dictionary: PdfDictionary): PdfDictionary {
    return withoutCryptFilter(dictionary, (object) => this.resolve(object));
  }

  /** Lets go of all bytes that were read and of the file; they come back when needed. */
  release(): void {
    this.reading.window.release();
    this.reading.window.source.close();
    this.#cache.clear();
    this.#spareScan = undefined;
  }
}
