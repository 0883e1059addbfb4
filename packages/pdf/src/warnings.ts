/** Warnings that are kept of one call; a broken file can give one for each of its objects. */
const WARNINGS_MAX = 50;

/** What was repaired, in short sentences, each once. */
export class Warnings {
  readonly #sentences = new Set<string>();
  readonly #prefix: string;
  #left = 0;

  /** `prefix` says what the warnings are about, where there is more than one document. */
  constructor(prefix = '') {
    this.#prefix = prefix;
  }

  /** Notes a repair. */
  add(sentence: string): void {
    if (this.#sentences.size < WARNINGS_MAX) this.#sentences.add(sentence);
    else if (!this.#sentences.has(sentence)) this.#left++;
  }

  /** All of them; the last counts those that were too many. */
  list(): string[] {
    const list = [...this.#sentences];
    if (this.#left > 0) list.push(`There were ${this.#left} more repairs.`);
    return list.map((sentence) => this.#prefix + sentence);
  }
}
