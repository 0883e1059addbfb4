/** What is noticed while pages are read, to be told in few sentences: which pages, from 0. */
export class Remarks {
  readonly #pages = new Map<string, number[]>();
  readonly #sentences = new Set<string>();

  /** Says of a page what `sayings` has under this name. */
  page(saying: keyof typeof sayings, index: number): void {
    const pages = this.#pages.get(saying) ?? [];
    pages.push(index);
    this.#pages.set(saying, pages);
  }

  sentence(text: string): void {
    this.#sentences.add(text);
  }

  list(): string[] {
    const ofPages = [...this.#pages].map(([saying, pages]) => {
      const isOne = new Set(pages).size === 1;
      return `${isOne ? 'Page' : 'Pages'} ${rangesOf(pages)} (from 0) ${sayings[saying as keyof typeof sayings][isOne ? 0 : 1]}`;
    });
    return [...this.#sentences, ...ofPages];
  }
}

/** Of one page, and of several. */
const sayings = {
  pictures: [
    'holds no text, only pictures: text recognition is not done.',
    'hold no text, only pictures: text recognition is not done.',
  ],
  unknown: [
    'has characters of which the document does not say what they stand for.',
    'have characters of which the document does not say what they stand for.',
  ],
  cut: [
    'has more than this server reads of one page: the rest is left out.',
    'have more than this server reads of one page: the rest is left out.',
  ],
  smaller: [
    'is drawn with fewer pixels than it would have: at most 70 million, and 32,767 on a side (of WebP 16,383).',
    'are drawn with fewer pixels than they would have: at most 70 million, and 32,767 on a side (of WebP 16,383).',
  ],
  unreadable: ['cannot be read, and counts as empty.', 'cannot be read, and count as empty.'],
} as const;

const rangesMax = 20;

/** Such as `0-2, 6`: from 0, as the field `pages` counts. */
function rangesOf(pages: readonly number[]): string {
  const ranges: [from: number, to: number][] = [];
  for (const page of [...new Set(pages)].sort((one, other) => one - other)) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === page - 1) last[1] = page;
    else ranges.push([page, page]);
  }
  const texts = ranges.slice(0, rangesMax).map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`));
  return ranges.length > rangesMax ? `${texts.join(', ')} and others` : texts.join(', ');
}
