import { PdfError } from '../errors.ts';
import { undoPng } from './png.ts';
import { undoTiff } from './tiff.ts';

/** The entries of a decode parameters dictionary that the filters of this package read (ISO 32000-2, table 8). */
export interface FilterParms {
  readonly predictor?: number;
  /** Samples of one pixel; 1 if absent. */
  readonly colors?: number;
  /** 1, 2, 4, 8 or 16; 8 if absent. */
  readonly bitsPerComponent?: number;
  /** Pixels of one row; 1 if absent. */
  readonly columns?: number;
  /** LZW only: 0 or 1; 1 if absent. */
  readonly earlyChange?: number;
}

/** The shape of the rows that a predictor worked on. `rowBytes` may be far beyond the data there is. */
export interface RowShape {
  readonly colors: number;
  readonly bitsPerComponent: number;
  readonly rowBytes: number;
}

/**
 * Undoes the predictor that the parameters name (ISO 32000-2, 7.4.4.4): 2 is TIFF, 10 and above are PNG, where each
 * row names its own. Everything else is taken for none, as viewers do. The result is never longer than `bytes`, and a
 * last row that is cut short is kept. Throws `damaged` if the parameters describe no row.
 */
export function undoPredictor(bytes: Uint8Array, parms: FilterParms | undefined): Uint8Array {
  const predictor = parms?.predictor ?? 1;
  if (predictor >= 10) return undoPng(bytes, rowShape(parms!));
  return predictor === 2 ? undoTiff(bytes, rowShape(parms!)) : bytes;
}

function rowShape({ colors = 1, bitsPerComponent = 8, columns = 1 }: FilterParms): RowShape {
  if (!isCount(colors) || !isCount(columns) || ![1, 2, 4, 8, 16].includes(bitsPerComponent)) {
    throw new PdfError('damaged', 'The predictor of a stream has impossible parameters.');
  }
  return { colors, bitsPerComponent, rowBytes: Math.ceil((colors * bitsPerComponent * columns) / 8) };
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value > 0;
}
