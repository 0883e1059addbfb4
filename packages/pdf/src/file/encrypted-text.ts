import type { Encryption, Encryptor } from '../crypt/encryption.ts';
import { countOf } from '../objects/object.ts';
import { PdfReference } from '../objects/reference.ts';
import { ByteBuffer } from '../syntax/byte-buffer.ts';
import { ObjectScan } from '../syntax/object-scan.ts';
import { Parser } from '../syntax/parser.ts';
import type { Rewriting } from '../syntax/transcribe.ts';

/** Deeper than anything that the limits of reading let through. */
const NESTING_MAX = 1 << 16;

/**
 * Encrypts the text of objects after it was written (ISO 32000-2, 7.6.2), so that whoever writes them need not know: the
 * strings, but no signature; and the lengths of streams.
 */
export class EncryptedText {
  readonly #encryption: Encryption;
  readonly #scan = new ObjectScan(NESTING_MAX);
  readonly #scratch = new ByteBuffer(4096);
  /** Numbers of objects that will be the length of a stream that was encrypted. */
  readonly #lengths = new Set<number>();
  readonly #rewriting: Rewriting;
  #number = 0;

  constructor(encryption: Encryption) {
    this.#encryption = encryption;
    this.#rewriting = {
      reference: (number) => number,
      string: (bytes) => encryption.string(this.#number, bytes),
    };
  }

  /** Changes an object that is no stream and stands at the end of the buffer; `inStream` if that is an object stream. */
  object(out: ByteBuffer, from: number, number: number, inStream: boolean): void {
    if (this.#lengths.delete(number)) {
      const length = countOf(new Parser(out.bytes, from, out.length, 1).object()) ?? 0;
      out.length = from;
      out.integer(this.#encryption.streamLength(length));
    } else if (!inStream) {
      this.#read(out, from, number);
      this.#scan.copy(this.#scratch, this.#rewriting);
      this.#replace(out, from);
    }
  }

  /**
   * Changes the dictionary of a stream, which stands at the end of the buffer; answers what encrypts the data, or
   * undefined where they stay as they are.
   */
  stream(out: ByteBuffer, from: number, number: number): Encryptor | undefined {
    const scan = this.#scan;
    const scratch = this.#scratch;
    this.#read(out, from, number);
    const isClear = !this.#encryption.dictionary.encryptMetadata && scan.isName('Type', 'Metadata');
    scratch.ascii('<<');
    for (let index = 0; index < scan.count; index++)
      if (isClear || !scan.keyIs(index, 'Length')) scan.copyEntry(index, scratch, this.#rewriting);
      else this.#length(scan.valueFrom(index), scan.valueTo(index));
    scratch.ascii('>>');
    this.#replace(out, from);
    return isClear ? undefined : this.#encryption.stream(number);
  }

  #read(out: ByteBuffer, from: number, number: number): void {
    this.#number = number;
    this.#scratch.clear();
    this.#scan.read(out.bytes, from, out.length, true);
  }

  #replace(out: ByteBuffer, from: number): void {
    const scratch = this.#scratch;
    out.length = from;
    out.range(scratch.bytes, 0, scratch.length);
  }

  #length(from: number, to: number): void {
    const scratch = this.#scratch;
    const length = new Parser(this.#scan.bytes, from, to, 1).object();
    scratch.ascii('/Length ');
    if (length instanceof PdfReference) {
      this.#lengths.add(length.number);
      scratch.ascii(`${length.number} 0 R`);
    } else scratch.integer(this.#encryption.streamLength(countOf(length) ?? 0));
  }
}
