/** What a cross-reference table says of an object number (ISO 32000-2, 7.5.4 and 7.5.8.3). */
export const UNKNOWN = 0;
export const FREE = 1;
/** `positions` is the offset of the object, `extras` its generation. */
export const IN_FILE = 2;
/** `positions` is the number of the object stream, `extras` the index in it. */
export const IN_STREAM = 3;

/** The cross-reference table of a document: parallel arrays of numbers, because there may be millions of objects. */
export class XrefTable {
  /** One more than the highest object number seen. */
  length = 0;
  kinds = new Uint8Array(0);
  positions = new Float64Array(0);
  extras = new Uint32Array(0);
  /** Object numbers stay below this. */
  readonly numberEnd: number;

  constructor(objectsMax: number) {
    this.numberEnd = objectsMax + 1;
  }

  /** Sets an entry that no newer section has set. False if the number is out of bounds. */
  offer(number: number, kind: number, position: number, extra: number): boolean {
    if (number < this.length && this.kinds[number] !== UNKNOWN) return true;
    return this.set(number, kind, position, extra);
  }

  /** Sets an entry, whatever it was. False if the number is out of bounds. */
  set(number: number, kind: number, position: number, extra: number): boolean {
    if (number >= this.kinds.length) {
      if (number >= this.numberEnd) return false;
      this.#grow(number + 1);
    }
    if (number >= this.length) this.length = number + 1;
    this.kinds[number] = kind;
    this.positions[number] = position;
    this.extras[number] = extra;
    return true;
  }

  /** Whether an object of this number and generation exists, by what the table says. */
  has(number: number, generation: number): boolean {
    if (number >= this.length || number === 0) return false;
    const kind = this.kinds[number];
    return kind === IN_FILE ? this.extras[number] === generation : kind === IN_STREAM && generation === 0;
  }

  /** The generation that a reference to an object has. */
  generation(number: number): number {
    return this.kinds[number] === IN_FILE ? this.extras[number]! : 0;
  }

  #grow(needed: number): void {
    const room = Math.min(Math.max(needed, this.kinds.length * 2, 64), this.numberEnd);
    // Fresh memory costs nothing until it is written to, so a lone high number is cheap.
    const kinds = new Uint8Array(room);
    const positions = new Float64Array(room);
    const extras = new Uint32Array(room);
    kinds.set(this.kinds.subarray(0, this.length));
    positions.set(this.positions.subarray(0, this.length));
    extras.set(this.extras.subarray(0, this.length));
    this.kinds = kinds;
    this.positions = positions;
    this.extras = extras;
  }
}
