import type { PdfFile } from '../file/file.ts';
import type { FileWriter } from '../file/writer.ts';

/** In the map of numbers: the object is not part of the result, references to it become `null`. */
const LEFT_OUT = 0xffff_ffff;

/** Which object of an old file has which number in the new one, and which are still to be copied. */
export class Numbering {
  readonly #file: Pick<PdfFile, 'has' | 'table'>;
  readonly #writer: FileWriter;
  readonly #framework: ReadonlySet<number>;
  /** New numbers by old number; 0 for objects that nothing has referred to yet. */
  #numbers: Uint32Array;
  /** The same in place of the array, where few of many objects are copied. */
  readonly #sparse: Map<number, number> | undefined;
  readonly #rules: ((old: number) => boolean)[] = [];
  /** Old numbers of objects that were referred to and are not written yet. */
  #pending: number[] = [];
  /** Given an old number that nothing has referred to yet: the new number of an equal object, or 0. */
  findEqual: ((old: number) => number) | undefined;

  /** `framework` are objects that are left out. With `isSparse`, the size of the file does not matter. */
  constructor(
    file: Pick<PdfFile, 'has' | 'table'>,
    writer: FileWriter,
    framework: ReadonlySet<number>,
    isSparse: boolean,
  ) {
    this.#file = file;
    this.#writer = writer;
    this.#framework = framework;
    this.#numbers = new Uint32Array(isSparse ? 0 : file.table.length);
    this.#sparse = isSparse ? new Map() : undefined;
  }

  /** The new number of an object, which will be copied; 0 if there is no such object or it is left out. */
  reference(number: number, generation: number): number {
    const known = this.of(number);
    if (known === LEFT_OUT || !this.#file.has(number, generation)) return 0;
    if (known !== 0) return known;
    if (this.#isOut(number)) {
      this.#set(number, LEFT_OUT);
      return 0;
    }
    const equal = this.findEqual?.(number) ?? 0;
    if (equal !== 0) {
      this.#set(number, equal);
      return equal;
    }
    const fresh = this.#writer.allocate();
    this.#set(number, fresh);
    this.#pending.push(number);
    return fresh;
  }

  /** The new number of an object that has one; else 0. */
  of(old: number): number {
    return (this.#sparse === undefined ? this.#numbers[old] : this.#sparse.get(old)) ?? 0;
  }

  /** Whether an object has a number, so that it is or will be part of the result. */
  has(old: number): boolean {
    const known = this.of(old);
    return known !== 0 && known !== LEFT_OUT;
  }

  /** Whether references to an object become, or would become, `null`. */
  isLeftOut(old: number): boolean {
    const known = this.of(old);
    return known === LEFT_OUT || (known === 0 && this.#isOut(old));
  }

  /** Leaves out the objects that a rule picks, unless they have a number already; it is asked once for each. */
  leaveOutWhere(rule: (old: number) => boolean): void {
    this.#rules.push(rule);
  }

  /** Makes references to an object mean another, which the caller writes; false if it has a number already. */
  claim(old: number, fresh: number): boolean {
    if (this.of(old) !== 0 || old >= this.#file.table.length || this.#framework.has(old)) return false;
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

  #isOut(old: number): boolean {
    return this.#framework.has(old) || this.#rules.some((rule) => rule(old));
  }

  #set(number: number, value: number): void {
    if (this.#sparse !== undefined) return void this.#sparse.set(number, value);
    // A table that is rebuilt meanwhile may know higher numbers.
    if (number >= this.#numbers.length) {
      const grown = new Uint32Array(Math.max(this.#file.table.length, number + 1));
      grown.set(this.#numbers);
      this.#numbers = grown;
    }
    this.#numbers[number] = value;
  }
}
