import type { XrefTable } from '../file/xref-table.ts';
import type { FileWriter } from '../file/writer.ts';

/** In the map of numbers: the object is not part of the result, references to it become `null`. */
const LEFT_OUT = 0xffff_ffff;

/** Which object of an old file has which number in the new one, and which are still to be copied. */
export class Numbering {
  readonly #file: { readonly table: XrefTable };
  readonly #writer: FileWriter;
  /** New numbers by old number; 0 for objects that nothing has referred to yet. */
  #numbers: Uint32Array;
  /** Old numbers of objects that were referred to and are not written yet. */
  #pending: number[] = [];

  constructor(file: { readonly table: XrefTable }, writer: FileWriter) {
    this.#file = file;
    this.#writer = writer;
    this.#numbers = new Uint32Array(file.table.length);
  }

  /** The new number of an object, which will be copied; 0 if there is no such object or it is left out. */
  reference(number: number, generation: number): number {
    const known = this.#numbers[number];
    if (known === LEFT_OUT || !this.#file.table.has(number, generation)) return 0;
    if (known !== undefined && known !== 0) return known;
    const fresh = this.#writer.allocate();
    this.#set(number, fresh);
    this.#pending.push(number);
    return fresh;
  }

  /** The new number of an object that has one. */
  of(old: number): number {
    return this.#numbers[old]!;
  }

  /** Makes references to an object mean another, which the caller writes; false if it has a number already. */
  claim(old: number, fresh: number): boolean {
    if ((this.#numbers[old] ?? 0) !== 0 || old >= this.#file.table.length) return false;
    this.#set(old, fresh);
    return true;
  }

  /** Makes references to an object `null`, unless it has a number already. */
  leaveOut(old: number): void {
    this.claim(old, LEFT_OUT);
  }

  /** Old numbers, in order, of the objects that are still to be copied; they count as copied from here on. */
  takePending(): Uint32Array {
    const wave = Uint32Array.from(this.#pending).sort();
    this.#pending = [];
    return wave;
  }

  #set(number: number, value: number): void {
    // A table that is rebuilt meanwhile may know higher numbers.
    if (number >= this.#numbers.length) {
      const grown = new Uint32Array(Math.max(this.#file.table.length, number + 1));
      grown.set(this.#numbers);
      this.#numbers = grown;
    }
    this.#numbers[number] = value;
  }
}
