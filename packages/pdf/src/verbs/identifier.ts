import { createHash } from 'node:crypto';
import { OPEN_MAX } from '../document/carriers/catalog-each.ts';
import type { Source } from '../file/source.ts';

/** Bytes at both ends of an input that go into the digest. */
const END_BYTES = 1024;

/**
 * The file identifier of a result (ISO 32000-2, 14.4), 16 bytes: a digest of the sizes and both ends of the inputs, not of
 * a clock, so that the same inputs give the same bytes.
 */
export function identifier(sources: readonly Source[]): Uint8Array {
  const hash = createHash('md5');
  const bytes = new Uint8Array(END_BYTES);
  for (const source of sources) {
    hash.update(`${source.size};`);
    for (const offset of [0, Math.max(0, source.size - END_BYTES)])
      hash.update(bytes.subarray(0, source.readInto(bytes, offset)));
    if (sources.length > OPEN_MAX) source.close();
  }
  return hash.digest();
}

/** The identifier of some pages of documents of which `identifier` is the one of all. */
export function identifierOfPart(id: Uint8Array, pages: readonly number[]): Uint8Array {
  return createHash('md5').update(id).update(Float64Array.from(pages)).digest();
}
