import type { Facts } from './facts.ts';
import type { Xmp } from './xmp.ts';

/** The standards that a document says it follows. That it does is not checked. */
export interface Conformance {
  /** Part and level of PDF/A (ISO 19005), such as `2b` or `4`. */
  readonly pdfA: string | undefined;
  /** Part of PDF/UA (ISO 14289), such as `1`. */
  readonly pdfUA: string | undefined;
  /** Version of PDF/X (ISO 15930) in its own words, such as `PDF/X-4`. */
  readonly pdfX: string | undefined;
}

/** Characters of a version that are told. */
const VERSION_CHARACTERS_MAX = 64;

/** Reads the claims of the metadata, and that of PDF/X in the information dictionary, where it was before. */
export function conformance(facts: Facts, xmp: Xmp): Conformance {
  const part = (property: string): string | undefined => {
    const value = xmp.get(property)?.[0];
    return value !== undefined && /^\d{1,2}$/.test(value) ? value : undefined;
  };
  const level = xmp.get('pdfaid:conformance')?.[0] ?? '';
  const pdfA = part('pdfaid:part');
  const pdfX =
    xmp.get('pdfxid:GTS_PDFXVersion')?.[0] ??
    xmp.get('pdfx:GTS_PDFXVersion')?.[0] ??
    facts.textOf(facts.dictionary(facts.file.trailer, 'Info'), 'GTS_PDFXVersion');
  return {
    pdfA: pdfA === undefined ? undefined : pdfA + (/^[A-Za-z]$/.test(level) ? level.toLowerCase() : ''),
    pdfUA: part('pdfuaid:part'),
    pdfX: pdfX === undefined || pdfX.trim() === '' ? undefined : pdfX.slice(0, VERSION_CHARACTERS_MAX),
  };
}
