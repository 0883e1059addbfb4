import { ObjectScan } from '../../syntax/object-scan.ts';
import { geometryOf, rounded, type Box, type PageGeometry } from '../page.ts';
import type { Facts } from './facts.ts';

/** A rectangle on a page as it is shown, turned and cut to its crop box: points from the upper left corner. */
export interface Place {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Turns rectangles of pages into places on what is shown of them. */
export class Places {
  readonly #facts: Facts;
  readonly #scan: ObjectScan;
  readonly #pages = new Map<number, PageGeometry>();

  constructor(facts: Facts) {
    this.#facts = facts;
    this.#scan = new ObjectScan(facts.file.reading.limits.nestingMax);
  }

  /** The place of a rectangle in the units of a page. */
  of(pageIndex: number, [left, bottom, right, top]: Box): Place {
    const { cropBox, rotate, userUnit } = this.#page(pageIndex);
    const points = (units: number): number => rounded(units * userUnit);
    const fromLeft = points(left - cropBox[0]);
    const fromTop = points(cropBox[3] - top);
    const fromRight = points(cropBox[2] - right);
    const fromBottom = points(bottom - cropBox[1]);
    const width = points(right - left);
    const height = points(top - bottom);
    switch (rotate) {
      case 90:
        return { left: fromBottom, top: fromLeft, width: height, height: width };
      case 180:
        return { left: fromRight, top: fromBottom, width, height };
      case 270:
        return { left: fromTop, top: fromRight, width: height, height: width };
      default:
        return { left: fromLeft, top: fromTop, width, height };
    }
  }

  #page(index: number): PageGeometry {
    let page = this.#pages.get(index);
    if (page === undefined) {
      const { document } = this.#facts;
      page = geometryOf(document, document.pages[index]!, this.#scan);
      this.#pages.set(index, page);
    }
    return page;
  }
}
