import { randomNumbers } from '../filters/helpers.ts';

/** Choices that the seed determines. */
export class Random {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = randomNumbers(Math.imul(seed + 1, 0x9e37_79b1));
    // The first numbers of neighbouring seeds are alike.
    for (let skipped = 0; skipped < 8; skipped++) this.#next();
  }

  /** A whole number from 0, below the limit. */
  below(limit: number): number {
    return this.#next() % limit;
  }

  /** A whole number from `low` to `high`. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** True so many times in a hundred. */
  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  /** One of the list. */
  pick<Item>(list: readonly Item[]): Item {
    return list[this.below(list.length)]!;
  }

  /** The list in another order. */
  shuffled<Item>(list: readonly Item[]): Item[] {
    const result = [...list];
    for (let at = result.length - 1; at > 0; at--) {
      const other = this.below(at + 1);
      [result[at], result[other]] = [result[other]!, result[at]!];
    }
    return result;
  }
}
