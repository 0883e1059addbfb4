import { characters, long, record, recordBytesMax, WaitingBytes, words } from './xls-records.ts';

/** Short texts that are looked for before one is written again; a text may stand in the table twice. */
const knownMax = 50_000;
const knownLengthMax = 255;

/** The table of texts of a workbook ([MS-XLS] 2.4.265), which goes on over record after record. */
export class SharedStrings {
  readonly #records = new WaitingBytes();
  #known = new Map<string, number>();
  #uses = 0;
  #count = 0;
  /** What goes into the record that is being filled; the two counts stand in front of the first. */
  #parts: Uint8Array[] = [];
  #room = recordBytesMax - 8;
  #first: Uint8Array | undefined;

  /** Place of a text. */
  placeOf(text: string): number {
    this.#uses++;
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    if (this.#known.size === knownMax) this.#known = new Map();
    if (text.length <= knownLengthMax) this.#known.set(text, this.#count);
    this.#append(text);
    return this.#count++;
  }

  /** All records, after the last text. */
  end(): { readonly size: number; read(): Generator<Uint8Array> } {
    this.#finish();
    const first = record('SST', long(this.#uses), long(this.#count), this.#first ?? new Uint8Array());
    const rest = this.#records.end();
    return {
      size: first.length + rest.size,
      *read() {
        yield first;
        yield* rest.read();
      },
    };
  }

  #append(text: string): void {
    const { bytes, flag } = characters(text);
    const width = flag === 0 ? 1 : 2;
    // The head of a text, and a character, are never divided.
    if (this.#room < 3 + width) this.#finish();
    this.#put(Buffer.concat([words(text.length), Buffer.of(flag)]));
    for (let at = 0; at < bytes.length;) {
      if (this.#room < 1 + width) {
        this.#finish();
        this.#put(Buffer.of(flag));
      }
      const part = bytes.subarray(at, at + Math.floor(this.#room / width) * width);
      this.#put(part);
      at += part.length;
    }
  }

  #put(bytes: Uint8Array): void {
    this.#parts.push(bytes);
    this.#room -= bytes.length;
  }

  #finish(): void {
    const body = Buffer.concat(this.#parts);
    if (this.#first === undefined) this.#first = body;
    else if (body.length > 0) this.#records.write(record('Continue', body));
    this.#parts = [];
    this.#room = recordBytesMax;
  }
}
