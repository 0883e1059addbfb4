import { deflateSync } from 'node:zlib';
import { decodeSound, isRepackable } from '../filters/sound.ts';
import { PdfName } from '../objects/name.ts';
import type { PdfDictionary, PdfObject } from '../objects/object.ts';
import { ByteBuffer } from '../syntax/byte-buffer.ts';
import { writeObject } from '../syntax/write.ts';
import { filterEntries, filterParms, type FilterEntry, type Resolve } from './filter-steps.ts';

/** A stream: its dictionary, in which /Length means nothing, and its data. */
export interface PackedStream {
  readonly dictionary: PdfDictionary;
  readonly data: Uint8Array;
}

/** How streams are packed. */
export interface PackOptions {
  /** Level of Flate, 1 to 9. */
  readonly level: number;
  /** Bytes that a stream may have without its filters; one with more is left as it is. */
  readonly decodedBytesMax: number;
}

/** Bytes that one byte of Flate can stand for at most. */
const FLATE_RATIO_MAX = 1032;
const FLATE = new PdfName('FlateDecode');

/**
 * Packs a stream by Flate in place of the general filters that it has, or of none; its predictor stays, and so do filters of
 * pictures behind them. Answers undefined for what would not be smaller, is damaged, or may not be touched: pictures by
 * their own filters alone, what has a Crypt filter, data in another file, and metadata in the clear, which is to be found
 * by other programs. `onDecoded` is told how many bytes there were without
 * the filters, or may have been.
 */
export function packStream(
  { dictionary, data }: PackedStream,
  resolve: Resolve,
  options: PackOptions,
  onDecoded: (bytes: number) => void,
): PackedStream | undefined {
  const entries = filterEntries(dictionary, resolve);
  if (entries.some(({ name }) => name === undefined || name === 'Crypt') || dictionary.has('F'))
    return undefined;
  const general = entries.findIndex(({ name }) => !isRepackable(name!));
  const count = general === -1 ? entries.length : general;
  if (count === 0 && (entries.length > 0 || isMetadata(dictionary, resolve))) return undefined;
  const predictor = count === 0 ? undefined : predictorOf(entries[count - 1]!, resolve);
  const steps = entries.slice(0, count).map(({ name, parms }, index) => {
    const read = filterParms(parms, resolve);
    return {
      name: name!,
      parms: index === count - 1 && predictor !== undefined ? { ...read, predictor: 1 } : read,
    };
  });
  const decoded = decodeSound(data, steps, options.decodedBytesMax);
  onDecoded(decoded?.length ?? Math.min(data.length * FLATE_RATIO_MAX, options.decodedBytesMax));
  if (decoded === undefined) return undefined;
  const rest = entries.slice(count);
  const packed: PackedStream = {
    dictionary: withFilters(dictionary, [
      { name: 'FlateDecode', object: FLATE, parms: predictor ?? null },
      ...rest,
    ]),
    data: deflateSync(decoded, { level: options.level, memLevel: 6 }),
  };
  const plain = { dictionary: withFilters(dictionary, rest), data: decoded };
  const best = predictor === undefined && sizeOf(plain) <= sizeOf(packed) ? plain : packed;
  return sizeOf(best) < sizeOf({ dictionary, data }) ? best : undefined;
}

function isMetadata(dictionary: PdfDictionary, resolve: Resolve): boolean {
  const type = resolve(dictionary.get('Type'));
  return type instanceof PdfName && type.value === 'Metadata';
}

/** The parameters of a filter that has a predictor, as they are for Flate. */
function predictorOf({ parms }: FilterEntry, resolve: Resolve): PdfDictionary | undefined {
  if (!(parms instanceof Map) || (filterParms(parms, resolve)?.predictor ?? 1) <= 1) return undefined;
  const predictor = new Map(parms);
  predictor.delete('EarlyChange');
  return predictor;
}

function withFilters(dictionary: PdfDictionary, entries: readonly FilterEntry[]): PdfDictionary {
  const result = new Map(dictionary);
  result.delete('Filter');
  result.delete('DecodeParms');
  const one = <Value>(list: readonly Value[]): Value | Value[] => (list.length === 1 ? list[0]! : [...list]);
  if (entries.length > 0) result.set('Filter', one(entries.map(({ object }) => object)));
  if (entries.some(({ parms }) => parms !== null))
    result.set('DecodeParms', one<PdfObject>(entries.map(({ parms }) => parms)));
  return result;
}

/** Bytes of the data and of the entries that say how it is packed. */
function sizeOf({ dictionary, data }: PackedStream): number {
  const entries: PdfDictionary = new Map();
  for (const key of ['Filter', 'DecodeParms'])
    if (dictionary.has(key)) entries.set(key, dictionary.get(key)!);
  const out = new ByteBuffer(128);
  writeObject(out, entries, { reference: (number) => number });
  return out.length + data.length;
}

/** Packs bytes by Flate, at the level of zlib. */
export function deflated(data: Uint8Array): Uint8Array {
  return deflateSync(data);
}
