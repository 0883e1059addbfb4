/** A page of a result: which page of which input, and how it is turned. */
export interface PagePlace {
  /** Index of the input; 0 as if nothing is said. */
  readonly input?: number | undefined;
  /** Index of the page in its document. */
  readonly page: number;
  /** Degrees clockwise, a multiple of 90, that are added to what the page has; 0 as if nothing is said. */
  readonly rotate?: number | undefined;
}

/** All pages of a document, in order. */
export function allPages(count: number, input = 0): PagePlace[] {
  return Array.from({ length: count }, (_, page) => ({ input, page }));
}

/** A list without the pages at some positions, from 0. */
export function deletePages(list: readonly PagePlace[], positions: readonly number[]): PagePlace[] {
  const gone = new Set(positions);
  return list.filter((_, position) => !gone.has(position));
}

/** A list with the pages at some positions, from 0, turned further. */
export function rotatePages(
  list: readonly PagePlace[],
  positions: readonly number[],
  degrees: number,
): PagePlace[] {
  const turned = new Set(positions);
  return list.map((place, position) =>
    turned.has(position) ? { ...place, rotate: (place.rotate ?? 0) + degrees } : place,
  );
}

/** A list with more pages before a position, from 0; at its length, they come last. */
export function insertPages(
  list: readonly PagePlace[],
  position: number,
  more: readonly PagePlace[],
): PagePlace[] {
  return [...list.slice(0, position), ...more, ...list.slice(position)];
}
