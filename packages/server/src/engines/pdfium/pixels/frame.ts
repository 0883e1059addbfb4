import type { Area, RenderSettings } from '../../capabilities.ts';

/** What is drawn of a page, in pixels. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  /** The whole page as it is drawn, turned, and where its upper left corner lies in the picture: at or before its own. */
  readonly page: {
    readonly width: number;
    readonly height: number;
    readonly left: number;
    readonly top: number;
  };
  /** Pixels per inch: fewer than were asked for where the picture would be too large. */
  readonly resolution: number;
  readonly isScaledDown: boolean;
  /** Points of what is shown, turned. */
  readonly shown: { readonly width: number; readonly height: number };
}

/**
 * Pixels of one picture. 4 bytes each stand in PDFium's memory while it draws; A3 at 600 dpi, or A0 at 200, still fit.
 */
export const pixelsMax = 70_000_000;
/** Of one side: what WebP can hold, and what every reader of the other formats takes. */
const sideMax = {
  webp: 16_383,
  png: 32_767,
  jpg: 32_767,
  tiff: 32_767,
  'png-or-jpg': 32_767,
} as const;

type Size = Readonly<Record<'width' | 'height', number>>;
type Asked = Pick<RenderSettings, 'as' | 'resolution' | 'area' | 'rotate'>;

/** Where a page of this size, in points as it is shown, lies in its picture. An area is cut where the page ends. */
export function frameOf(page: Size, { as, resolution, area, rotate }: Asked): Frame {
  const size = { width: sane(page.width), height: sane(page.height) };
  const shown = turned(clipped(area, size), size, rotate);
  const whole = rotate % 180 === 0 ? size : { width: size.height, height: size.width };
  const scale = scaleOf(shown, resolution / 72, sideMax[as]);
  const isScaledDown = scale < resolution / 72;
  // What is scaled down keeps below the limits.
  const pixels = (points: number) =>
    Math.max(1, isScaledDown ? Math.floor(points * scale) : Math.round(points * scale));
  return {
    width: pixels(shown.width),
    height: pixels(shown.height),
    page: {
      width: pixels(whole.width),
      height: pixels(whole.height),
      left: 0 - Math.round(shown.left * scale),
      top: 0 - Math.round(shown.top * scale),
    },
    resolution: scale * 72,
    isScaledDown,
    shown: { width: shown.width, height: shown.height },
  };
}

/** Pixels per point: as asked, or the most that the limits let be. */
function scaleOf({ width, height }: Size, asked: number, side: number): number {
  return Math.min(asked, side / width, side / height, Math.sqrt(pixelsMax / (width * height)));
}

/** Sides in points that can be drawn: PDFium gives what a file says. */
function sane(points: number): number {
  return Number.isFinite(points) ? Math.min(Math.max(points, 1), 1e6) : 1;
}

function clipped(area: Area | undefined, { width, height }: Size): Area {
  if (area === undefined) return { left: 0, top: 0, width, height };
  const within = (value: number, most: number) => Math.min(Math.max(value, 0), most);
  const [left, top] = [within(area.left, width), within(area.top, height)];
  return {
    left,
    top,
    // The least that can be drawn, where all of it lies outside.
    width: Math.max(within(area.left + area.width, width) - left, 0.01),
    height: Math.max(within(area.top + area.height, height) - top, 0.01),
  };
}

/** The same place on a page that is turned clockwise. */
function turned({ left, top, width, height }: Area, page: Size, rotate: RenderSettings['rotate']): Area {
  const [right, bottom] = [page.width - left - width, page.height - top - height];
  if (rotate === 90) return { left: bottom, top: left, width: height, height: width };
  if (rotate === 180) return { left: right, top: bottom, width, height };
  if (rotate === 270) return { left: top, top: right, width: height, height: width };
  return { left, top, width, height };
}
