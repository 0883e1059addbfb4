import type { Box, Page } from '../page.ts';
import { angleOf } from './placing.ts';

/** Of all glyphs: how many have to be turned the same way for a page to be read turned. A stamp along the side of an upright page is less. */
const TURNED_MIN = 0.8;

type Turn = 0 | 90 | 180 | 270;

/** A page whose text runs from left to right, and how far it was turned back for that. */
export interface Upright {
  readonly page: Page;
  /** Degrees clockwise that its text is turned by on the page as it is shown. */
  readonly turn: Turn;
}

/** Turns a page back on which as good as all text is turned, as where a broad table was put on a tall page, or is written downwards. */
export function uprightOf(page: Page): Upright {
  const turn = turnOf(page);
  if (turn === 0) return { page, turn };
  const box = (of: Box): Box => turned(of, page, turn);
  const isQuarter = turn !== 180;
  return {
    turn,
    page: {
      index: page.index,
      styles: page.styles,
      width: isQuarter ? page.height : page.width,
      height: isQuarter ? page.width : page.height,
      glyphs: page.glyphs.map((glyph) => {
        const { left: x, top: y } = turned(
          { left: glyph.x, right: glyph.x, top: glyph.y, bottom: glyph.y },
          page,
          turn,
        );
        return { ...glyph, ...box(glyph), x, y, angle: (angleOf(glyph) - turn + 360) % 360 };
      }),
      rulings: page.rulings.map((ruling) => {
        const { isVertical, at, from, to } = ruling;
        const { left, top, right, bottom } = box(
          isVertical
            ? { left: at, right: at, top: from, bottom: to }
            : { left: from, right: to, top: at, bottom: at },
        );
        const isVerticalNow = isQuarter ? !isVertical : isVertical;
        return isVerticalNow
          ? { ...ruling, isVertical: true, at: left, from: top, to: bottom }
          : { ...ruling, isVertical: false, at: top, from: left, to: right };
      }),
      fills: page.fills.map((fill) => ({ ...fill, ...box(fill) })),
      pictures: page.pictures.map((picture) => ({ ...picture, ...box(picture) })),
      fields: page.fields.map((field) => ({ ...field, ...box(field) })),
      links: page.links.map((link) => ({ ...link, ...box(link) })),
    },
  };
}

/** Where a box of the upright page stands on the page as it is shown. */
export function asShown(box: Box, { page, turn }: Upright): Box {
  return turned(box, page, ((360 - turn) % 360) as Turn);
}

function turnOf(page: Page): Turn {
  const counts = [0, 0, 0, 0];
  let all = 0;
  for (const glyph of page.glyphs) {
    if (glyph.text.trim() === '') continue;
    all++;
    const quarter = Math.round(angleOf(glyph) / 90) % 4;
    counts[quarter] = (counts[quarter] ?? 0) + 1;
  }
  for (const turn of [90, 180, 270] as const) if ((counts[turn / 90] ?? 0) > TURNED_MIN * all) return turn;
  return 0;
}

/** A box on a page that is turned back by so many degrees. */
function turned({ left, top, right, bottom }: Box, { width, height }: Page, turn: Turn): Box {
  if (turn === 90) return { left: top, right: bottom, top: width - right, bottom: width - left };
  if (turn === 180)
    return { left: width - right, right: width - left, top: height - bottom, bottom: height - top };
  if (turn === 270) return { left: height - bottom, right: height - top, top: left, bottom: right };
  return { left, top, right, bottom };
}
