import { PdfName } from '../../objects/name.ts';
import { PdfNumber } from '../../objects/number.ts';
import type { PdfObject } from '../../objects/object.ts';
import type { Facts } from './facts.ts';

/** How a document asks to be shown. */
export interface Viewing {
  /** What is open beside the pages (ISO 32000-2, table 29), such as `UseOutlines`. */
  readonly pageMode: string | undefined;
  /** How pages are laid out, such as `TwoColumnLeft`. */
  readonly pageLayout: string | undefined;
  /** Preferences that the specification names (ISO 32000-2, table 147), by their keys, such as `DisplayDocTitle`. */
  readonly preferences: Readonly<Record<string, boolean | number | string | readonly (number | string)[]>>;
}

const PREFERENCES = (
  'HideToolbar HideMenubar HideWindowUI FitWindow CenterWindow DisplayDocTitle NonFullScreenPageMode Direction ' +
  'ViewArea ViewClip PrintArea PrintClip PrintScaling Duplex PickTrayByPDFSize PrintPageRange NumCopies Enforce'
).split(' ');
/** Elements of a preference that are read. */
const ELEMENTS_MAX = 100;

/** Reads it from the catalog. */
export function viewing(facts: Facts): Viewing {
  const { catalog } = facts.document;
  const dictionary = facts.dictionary(catalog, 'ViewerPreferences');
  const preferences: Record<string, boolean | number | string | readonly (number | string)[]> = {};
  for (const key of PREFERENCES) {
    const value = facts.get(dictionary, key);
    const found = Array.isArray(value) ? list(facts, value) : scalar(facts, value);
    if (found !== undefined) preferences[key] = found;
  }
  return {
    pageMode: facts.nameOf(catalog, 'PageMode'),
    pageLayout: facts.nameOf(catalog, 'PageLayout'),
    preferences,
  };
}

function list(facts: Facts, array: readonly PdfObject[]): (number | string)[] {
  return array.slice(0, ELEMENTS_MAX).flatMap((each) => {
    const value = scalar(facts, facts.resolve(each));
    return value === undefined || typeof value === 'boolean' ? [] : value;
  });
}

function scalar(facts: Facts, value: PdfObject): boolean | number | string | undefined {
  if (typeof value === 'boolean') return value;
  if (value instanceof PdfNumber) return Number.isFinite(value.value) ? value.value : undefined;
  return value instanceof PdfName ? facts.name(value) : undefined;
}
