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

type Saying = keyof typeof sayings;
type Range = readonly [from: number, to: number];

/** What was noticed, in a form that goes over a pipe. */
export interface Noticed {
  readonly sentences: readonly string[];
  /** Pages of which the same is to be said. */
  readonly pages: Readonly<Partial<Record<Saying, readonly Range[]>>>;
}

/** Ranges of one saying that are kept; those that are told. */
const keptMax = 1_000;
const toldMax = 20;

/** Notices what is to be said of pages while they are read, so that it can be said in few sentences. */
export class Remarks {
  readonly #pages = new Map<Saying, number[]>();
  readonly #sentences = new Set<string>();

  /** Says this of a page, counted from 0. */
  page(saying: Saying, index: number): void {
    const pages = this.#pages.get(saying) ?? [];
    pages.push(index);
    this.#pages.set(saying, pages);
  }

  sentence(text: string): void {
    this.#sentences.add(text);
  }

  noticed(): Noticed {
    const pages = [...this.#pages].map(
      ([saying, list]) => [saying, rangesOf(list).slice(0, keptMax)] as const,
    );
    return { sentences: [...this.#sentences], pages: Object.fromEntries(pages) };
  }
}

/** What a client hears of all that was noticed of parts of a document. */
export function warningsOf(parts: readonly Noticed[]): string[] {
  const told = (Object.keys(sayings) as Saying[]).flatMap((saying) => {
    const ranges = joined(parts.flatMap(({ pages }) => pages[saying] ?? []));
    const [first] = ranges;
    if (first === undefined) return [];
    const isOne = ranges.length === 1 && first[0] === first[1];
    return [
      `${isOne ? 'Page' : 'Pages'} ${textOf(ranges)} (from 0) ${isOne ? sayings[saying][0] : sayings[saying][1]}`,
    ];
  });
  return [...new Set(parts.flatMap(({ sentences }) => sentences)), ...told];
}

function rangesOf(pages: readonly number[]): Range[] {
  return joined(pages.map((page) => [page, page]));
}

function joined(ranges: readonly Range[]): Range[] {
  const found: [from: number, to: number][] = [];
  for (const [from, to] of ranges.toSorted((one, other) => one[0] - other[0])) {
    const last = found.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else found.push([from, to]);
  }
  return found;
}

/** Such as `0-2, 6`. */
function textOf(ranges: readonly Range[]): string {
  const texts = ranges.slice(0, toldMax).map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`));
  return ranges.length > toldMax ? `${texts.join(', ')} and others` : texts.join(', ');
}
