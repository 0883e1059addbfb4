/** Streams of one digest that are kept, and places looked at for one: more would let a hostile file cause endless work. */
const EQUAL_MAX = 4;
const PROBES_MAX = 32;

/** A stream that was referred to: the copy that it belongs to, by its index, and its old number there. */
export interface Registered {
  readonly owner: number;
  readonly number: number;
}

/** Streams by the digest of their data: arrays of numbers, because there may be one for each page of a large document. */
export class StreamIndex {
  #digests = new Uint32Array(64);
  #owners = new Uint32Array(64);
  #numbers = new Uint32Array(64);
  #count = 0;

  /** The streams with a digest, which is not 0. */
  get(digest: number): Registered[] {
    const found: Registered[] = [];
    for (let probe = 0, at = this.#first(digest); probe < PROBES_MAX; probe++, at = this.#next(at)) {
      if (this.#digests[at] === 0) break;
      if (this.#digests[at] === digest) found.push({ owner: this.#owners[at]!, number: this.#numbers[at]! });
    }
    return found;
  }

  /** Adds a stream, unless there are too many like it. */
  add(digest: number, owner: number, number: number): void {
    if (this.#count * 2 >= this.#digests.length) this.#grow();
    let equal = 0;
    for (let probe = 0, at = this.#first(digest); probe < PROBES_MAX; probe++, at = this.#next(at)) {
      if (this.#digests[at] === digest && ++equal === EQUAL_MAX) return;
      if (this.#digests[at] !== 0) continue;
      this.#digests[at] = digest;
      this.#owners[at] = owner;
      this.#numbers[at] = number;
      this.#count++;
      return;
    }
  }

  #first(digest: number): number {
    return digest & (this.#digests.length - 1);
  }

  #next(at: number): number {
    return (at + 1) & (this.#digests.length - 1);
  }

  #grow(): void {
    const [digests, owners, numbers] = [this.#digests, this.#owners, this.#numbers];
    this.#digests = new Uint32Array(digests.length * 2);
    this.#owners = new Uint32Array(digests.length * 2);
    this.#numbers = new Uint32Array(digests.length * 2);
    this.#count = 0;
    for (let at = 0; at < digests.length; at++)
      if (digests[at] !== 0) this.add(digests[at]!, owners[at]!, numbers[at]!);
  }
}
