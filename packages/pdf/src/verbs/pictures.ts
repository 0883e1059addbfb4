import { contentUses } from '../document/content/uses.ts';
import { equalValues } from '../document/equal-values.ts';
import { pictureData, picturesOf, type PictureInfo } from '../document/pictures/picture.ts';
import type { Sink } from '../file/sink.ts';
import type { Source } from '../file/source.ts';
import { finishing, openOne } from './open.ts';
import { type OptimiseOptions, type OptimiseResult, writeSmaller } from './optimise.ts';
import type { RewriteOptions } from './rewrite.ts';

/** The pictures of a document that is open. */
export interface Pictures {
  /** Of equal pictures the first, with all uses of them; pictures in contents (inline) are none. Empty where looking costs too much. */
  readonly list: readonly PictureInfo[];
  /**
   * The data of a picture without its general filters: samples, or what its own filter made of them. Undefined where it is
   * damaged or gives more than `bytesMax` bytes. Valid until the next call.
   */
  data(number: number, bytesMax: number): Uint8Array | undefined;
  /** `optimise` of this document, without opening it and reading its contents once more; what no content names is dropped. */
  optimise(sink: Sink, options: Omit<OptimiseOptions, keyof RewriteOptions | 'dropUnused'>): OptimiseResult;
}

/** Lists the pictures of a document. Throws PdfError. The source is left to the caller to close. */
export function pictures(source: Source, options: RewriteOptions = {}): Pictures {
  const document = openOne(source, options);
  const { file } = document;
  const equal = equalValues(document);
  const uses = contentUses(document, equal);
  const list = uses === undefined ? [] : picturesOf(file, uses, (number) => equal.get(number) ?? number);
  file.reading.work.renew();
  return {
    list,
    data: (number, bytesMax) => pictureData(file, number, bytesMax),
    optimise: (sink, how) =>
      finishing(sink, () => writeSmaller({ document, equal, uses }, source, sink, how)),
  };
}
