/** Marks of direction that some readers add, and others do not. */
const DIRECTIONS = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
/** Ideographs and kana, which have no blanks between words: each counts as one. */
const IDEOGRAPH = /([\u3040-\u30ff\u3400-\u9fff])/g;
/** Dots that lead from a title to its number. */
const LEADERS = /(?:\.[ ]?){4,}/g;

/** A text in the form in which texts are compared: composed, without marks of direction and leaders, one blank where there were some. */
export function plain(text: string): string {
  return text
    .normalize('NFC')
    .replaceAll(DIRECTIONS, '')
    .replaceAll(LEADERS, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

export function wordsOf(text: string): readonly string[] {
  return plain(text)
    .replaceAll(IDEOGRAPH, ' $1 ')
    .split(' ')
    .filter((word) => word !== '');
}

/** How many things two lists have in common, each as often as it is in both. */
export function common(some: readonly string[], others: readonly string[]): number {
  const left = new Map<string, number>();
  for (const each of some) left.set(each, (left.get(each) ?? 0) + 1);
  let count = 0;
  for (const each of others) {
    const still = left.get(each) ?? 0;
    if (still === 0) continue;
    left.set(each, still - 1);
    count++;
  }
  return count;
}

/** 2 P R / (P + R) of parts that are right; 1 where nothing was expected and nothing came. */
export function f1(right: number, expected: number, got: number): number {
  return expected + got === 0 ? 1 : (2 * right) / (expected + got);
}

/** F1 of the words of two texts, whatever their order. */
export function wordScore(expected: string, got: string): number {
  const [wanted, found] = [wordsOf(expected), wordsOf(got)];
  return f1(common(wanted, found), wanted.length, found.length);
}

/** The share of the words in both texts that stand in the same order: their longest common subsequence through all that they have in common. */
export function orderScore(expected: string, got: string): number {
  const [wanted, found] = [wordsOf(expected), wordsOf(got)];
  const shared = common(wanted, found);
  return shared === 0
    ? 0
    : alignment(wanted.length, found.length, (a, b) => (wanted[a] === found[b] ? 1 : 0)).total / shared;
}

/**
 * The best way to put two lists beside each other without changing their orders, by dynamic programming: `total` of the weights of
 * what stands together, and the places that do.
 */
export function alignment(
  length: number,
  otherLength: number,
  weight: (at: number, other: number) => number,
): { readonly total: number; readonly pairs: readonly (readonly [at: number, other: number])[] } {
  const width = otherLength + 1;
  const best = new Float64Array((length + 1) * width);
  const weights = new Float64Array(length * otherLength);
  for (let a = 1; a <= length; a++)
    for (let b = 1; b <= otherLength; b++) {
      const here = weight(a - 1, b - 1);
      weights[(a - 1) * otherLength + b - 1] = here;
      const together = here > 0 ? best[(a - 1) * width + b - 1]! + here : 0;
      best[a * width + b] = Math.max(together, best[(a - 1) * width + b]!, best[a * width + b - 1]!);
    }
  const pairs: (readonly [number, number])[] = [];
  let [a, b] = [length, otherLength];
  while (a > 0 && b > 0) {
    const here = weights[(a - 1) * otherLength + b - 1]!;
    if (best[a * width + b] === best[(a - 1) * width + b]) a--;
    else if (best[a * width + b] === best[a * width + b - 1]) b--;
    else {
      if (here > 0) pairs.push([a - 1, b - 1]);
      a--;
      b--;
    }
  }
  return { total: best[length * width + otherLength]!, pairs: pairs.toReversed() };
}
