/** The four numbers of a matrix that scale and turn (ISO 32000-2, 8.3.3); where it moves to is of no interest here. */
export type Linear = readonly [a: number, b: number, c: number, d: number];

/** The matrix that changes nothing. */
export const IDENTITY: Linear = [1, 0, 0, 1];

/** Matrices that are kept apart; of more, one that is larger than all takes the place. */
const MATRICES_MAX = 4;

/** The matrix that applies the first one, and then the second. */
export function product(first: Linear, then: Linear): Linear {
  const [a, b, c, d] = first;
  const [e, f, g, h] = then;
  return [a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h];
}

/**
 * How large something is shown: the matrices of all its uses, or few that are at least as large. A size that is not known
 * is endless, and so is all that comes of it.
 */
export class Scales {
  #matrices: Linear[] = [];
  isEndless = false;

  /** Adds a use. */
  add(matrix: Linear): void {
    if (this.isEndless) return;
    const size = norm(matrix);
    if (!Number.isFinite(size)) return this.endless();
    if (this.#matrices.some((known) => isNear(known, matrix, size))) return;
    this.#matrices.push(matrix);
    if (this.#matrices.length <= MATRICES_MAX) return;
    const largest = Math.max(...this.#matrices.map(norm));
    this.#matrices = [[largest, 0, 0, largest]];
  }

  /** Adds uses of whatever size. */
  endless(): void {
    this.isEndless = true;
    this.#matrices = [];
  }

  /** Adds the uses that come of these by those of a step between. */
  addThrough(steps: Scales, to: Scales): void {
    if (this.isEndless || steps.isEndless) return to.endless();
    for (const outer of this.#matrices) for (const inner of steps.#matrices) to.add(product(inner, outer));
  }

  /** Adds all uses of another. */
  addAll(other: Scales): void {
    if (other.isEndless) return this.endless();
    for (const matrix of other.#matrices) this.add(matrix);
  }

  /** Width and height of the unit square where it is the largest; undefined if that is not known, or there is no use. */
  largest(): { readonly width: number; readonly height: number } | undefined {
    if (this.isEndless || this.#matrices.length === 0) return undefined;
    let [width, height] = [0, 0];
    for (const [a, b, c, d] of this.#matrices) {
      width = Math.max(width, Math.hypot(a, b));
      height = Math.max(height, Math.hypot(c, d));
    }
    return { width, height };
  }
}

/** By how much a matrix makes a length longer at most: its largest singular value. */
function norm([a, b, c, d]: Linear): number {
  const half = (a * a + b * b + c * c + d * d) / 2;
  const determinant = a * d - b * c;
  return Math.sqrt(half + Math.sqrt(Math.max(0, half * half - determinant * determinant)));
}

function isNear(known: Linear, matrix: Linear, size: number): boolean {
  return known.every((value, index) => Math.abs(value - matrix[index]!) <= size * 1e-6);
}
