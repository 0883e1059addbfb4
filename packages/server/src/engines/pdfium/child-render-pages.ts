import { stepDone } from '../../sandbox/child.ts';
import { Refused } from '../../sandbox/refusal.ts';
import type { DrawnPage, RenderSettings } from '../capabilities.ts';
import type { OpenDocument } from './child-document.ts';
import { OpenPages } from './child-open-pages.ts';
import { isToBeDivided } from './pace.ts';
import { isBreakdown, type Pdfium } from './child-pdfium.ts';
import type { Remarks } from './remarks.ts';
import { draw, type Drawing } from './child-render-draw.ts';
import { isOneBit, type Samples } from './child-render-pack.ts';
import { type Frame, frameOf } from './pixels/frame.ts';
import { isGray, toGrays } from './pixels/pixels.ts';

/** What pages are drawn of, and how. */
export interface Drawable {
  readonly pdfium: Pdfium;
  readonly document: OpenDocument;
  readonly settings: RenderSettings;
  readonly remarks: Remarks;
}

/** Gets the picture of each page with its position among them. The samples are another's when it is done. */
export type Take = (samples: Samples, frame: Frame, position: number) => Promise<void>;

/** Pixels of a picture that is taken while the next page is drawn: of larger ones, two would be too much. */
const takenAsideMax = 12_000_000;
/** Points of a page that cannot be read: what PDFium takes where a page does not say its size. */
const letter = { width: 612, height: 792 };

/**
 * Draws pages one after the other, as many as one box may (`isToBeDivided`). While a picture is taken, which may be the work of another
 * thread, the next page is drawn.
 */
export async function drawPages(
  drawable: Drawable,
  indexes: readonly number[],
  msMax: number | undefined,
  take: Take,
): Promise<DrawnPage[]> {
  const start = performance.now();
  const drawn: DrawnPage[] = [];
  const copy = copier();
  const pages = new OpenPages(drawable.pdfium, drawable.document, { asForms: true });
  let taken: Promise<void> | undefined;
  try {
    for (const [position, index] of indexes.entries()) {
      const pace = { ms: performance.now() - start, done: position, left: indexes.length - position };
      if (isToBeDivided(msMax, pace)) break;
      stepDone();
      const { frame, drawing } = drawPage(drawable, pages.open(index), index);
      await taken;
      const isLarge = frame.width * frame.height > takenAsideMax;
      const samples =
        drawing === undefined
          ? blank(frame)
          : samplesOf(drawing, drawable.settings, isLarge ? (data) => data : copy);
      if (!isLarge) drawing?.free();
      taken = take(samples, frame, position);
      if (isLarge) await taken;
      if (isLarge) drawing?.free();
      drawn.push({ index, ...frame.shown });
    }
    await taken;
    pages.close();
    return drawn;
  } catch (error) {
    // What has begun ends before its files are closed.
    await taken?.catch(() => {});
    if (!isBreakdown(error)) pages.close();
    throw error;
  }
}

/** No drawing: the page cannot be read. Throws Refused where it does not fit into memory. */
function drawPage(
  { pdfium, document, settings, remarks }: Drawable,
  page: number,
  index: number,
): { readonly frame: Frame; readonly drawing?: Drawing } {
  if (page === 0) {
    remarks.page('unreadable', index);
    return { frame: frameOf(letter, settings) };
  }
  const { call } = pdfium;
  const size = { width: call.FPDF_GetPageWidthF(page), height: call.FPDF_GetPageHeightF(page) };
  const frame = frameOf(size, settings);
  if (frame.isScaledDown) remarks.page('smaller', index);
  const drawing = draw({ pdfium, page, form: document.form }, frame, settings);
  if (drawing === undefined) throw new Refused('limit', `Page ${index} (from 0) needs too much memory.`);
  return { frame, drawing };
}

/** Greys where the settings ask for them, and, unless they ask for colours, where the page has none. */
function samplesOf(
  drawing: Drawing,
  settings: RenderSettings,
  copy: (data: Uint8Array) => Uint8Array,
): Samples {
  const { width, height, data } = drawing;
  const { bitsPerPixel, as } = settings;
  const mayBeGrays = bitsPerPixel === undefined && as !== 'webp';
  if (isOneBit(settings) || bitsPerPixel === 8 || (mayBeGrays && isGray(drawing)))
    return { ...toGrays(drawing), channels: 1 };
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { width, height, channels: 4, data: copy(bytes) };
}

/** Copies into the same memory each time: new memory costs more than the copy. */
function copier(): (data: Uint8Array) => Uint8Array {
  let kept = new Uint8Array(0);
  return (data) => {
    if (kept.length < data.length) kept = new Uint8Array(data.length);
    kept.set(data);
    return kept.subarray(0, data.length);
  };
}

function blank({ width, height }: Frame): Samples {
  return { width, height, channels: 1, data: new Uint8Array(width * height).fill(255) };
}
