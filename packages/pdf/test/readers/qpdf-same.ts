import { isDictionary, isReference, meaningsOf, type Meaning, type Meanings } from './qpdf-meaning.ts';
import type { QpdfFile, QpdfValue } from './qpdf.ts';

/** Two values that are to mean the same, and where they were found. */
interface Pair {
  readonly path: string;
  readonly before: QpdfValue;
  readonly after: QpdfValue;
}

/**
 * The first difference in meaning between two files as qpdf reads them, or undefined. Numbers and order of objects do not
 * count, nor the shapes of trees of pages, names and numbers, keys of the parent tree, the producer, the /ID, and what a
 * merge drops by the README's rules. What was one object must be one object where that matters: pages, annotations,
 * fields, layers, structure elements.
 */
export function difference(before: QpdfFile, after: QpdfFile): string | undefined {
  const [one, two] = [meaningsOf(before), meaningsOf(after)];
  const pending: Pair[] = Object.keys(one.parts).map((part) => ({
    path: part,
    before: one.parts[part]!,
    after: two.parts[part]!,
  }));
  const pairs = new Pairs();
  // It grows on the way.
  for (const pair of pending) {
    const [first, second] = [follow(one, pair.before), follow(two, pair.after)];
    const { path } = pair;
    if (first.reference !== '' && second.reference !== '') {
      if (pairs.has(first.reference, second.reference)) continue;
      if (!pairs.add(first, second))
        return `${path}: ${first.reference} and ${second.reference} are not one object`;
    }
    const found = compare(path, first, second, pending);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Compares two objects and leaves what they hold to be compared. */
function compare(path: string, before: Meaning, after: Meaning, pending: Pair[]): string | undefined {
  if (before.data !== after.data && !isMetadata(before.value)) return `${path}: the data changed`;
  const [one, two] = [before.value, after.value];
  if (Array.isArray(one) && Array.isArray(two)) {
    if (one.length !== two.length) return `${path}: ${text(one)} became ${text(two)}`;
    for (const [index, each] of one.entries())
      pending.push({ path: `${path}/${index}`, before: each as QpdfValue, after: two[index] as QpdfValue });
  } else if (isDictionary(one) && isDictionary(two))
    for (const key of new Set([...Object.keys(one), ...Object.keys(two)]))
      pending.push({ path: `${path}${key}`, before: one[key] ?? null, after: two[key] ?? null });
  else if (one !== two) return `${path}: ${text(one)} became ${text(two)}`;
  return undefined;
}

interface Followed extends Meaning {
  /** The reference that led to the object; empty for one that stands where it is used. */
  readonly reference: string;
}

function follow({ objects }: Meanings, value: QpdfValue): Followed {
  let found: Followed = { reference: '', value, data: undefined };
  for (let steps = 0; isReference(found.value) && steps < 64; steps++) {
    const { value: reference } = found;
    found = { ...(objects.get(reference) ?? { value: null, data: undefined }), reference };
  }
  return found;
}

/** Which object of one file is which of the other. */
class Pairs {
  readonly #pairs = new Set<string>();
  readonly #forth = new Map<string, string>();
  readonly #back = new Map<string, string>();

  has(one: string, two: string): boolean {
    return this.#pairs.has(`${one} ${two}`);
  }

  /** False if one of them is something else already, and must not be. */
  add({ reference: one, value }: Followed, { reference: two }: Followed): boolean {
    this.#pairs.add(`${one} ${two}`);
    if (!hasIdentity(value)) return true;
    if (this.#forth.has(one) || this.#back.has(two)) return false;
    this.#forth.set(one, two);
    this.#back.set(two, one);
    return true;
  }
}

/** Whether it matters that an object is one and not two that say the same. */
function hasIdentity(value: QpdfValue): boolean {
  return (
    (isDictionary(value) && ['/Rect', '/FT', '/MediaBox', '/S', '/Kids', '/T'].some((key) => key in value)) ||
    isLayer(value)
  );
}

const isLayer = (value: QpdfValue): boolean => isDictionary(value) && value['/Type'] === '/OCG';
/** XMP says the producer too. */
const isMetadata = (value: QpdfValue): boolean => isDictionary(value) && value['/Subtype'] === '/XML';

function text(value: QpdfValue): string {
  const found = JSON.stringify(value);
  return found.length > 200 ? `${found.slice(0, 200)}...` : found;
}
