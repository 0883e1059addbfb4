import type { PdfDictionary } from '../../objects/object.ts';
import type { DocumentCopy } from '../copy.ts';
import type { Scope, Unit } from './resources.ts';
import type { ContentUses } from './uses.ts';

/**
 * Takes out of resource dictionaries what no content names. A dictionary stays whole where anything that was not understood
 * may use it: content that cannot be read, glyphs of type 3, appearances, or whoever else refers to it.
 */
export function dropUnused(copy: DocumentCopy, uses: ContentUses): void {
  const direct = new Map<Scope, Map<string, PdfDictionary>>();
  for (const unit of uses.resources.units) {
    const unused = unusedOf(unit, uses);
    if (unused.length === 0) continue;
    const { place } = unit;
    if (place.isObject) {
      copy.edits.onObject(place.number, (object) => {
        for (const name of unused) object.set(name, undefined);
      });
      continue;
    }
    const rest = new Map([...unit.entries].filter(([name]) => !unused.includes(name)));
    for (const scope of unit.scopes)
      direct.set(scope, (direct.get(scope) ?? new Map()).set(unit.category, rest));
  }
  for (const [{ place, dictionary }, changed] of direct)
    copy.edits.onObject(place.number, (object) => {
      if (place.isObject) for (const [category, entries] of changed) object.set(category, entries);
      else object.set('Resources', new Map([...dictionary, ...changed]));
    });
}

function unusedOf({ category, place, entries, used, scopes }: Unit, uses: ContentUses): string[] {
  const { resources } = uses;
  const isKnown = (where: { readonly number: number; readonly isObject: boolean }): boolean =>
    where.number !== 0 &&
    (!where.isObject || uses.references[where.number] === resources.holdersOf(where.number));
  if (!isKnown(place) || [...scopes].some((scope) => scope.usesAll || !isKnown(scope.place))) return [];
  const missing = resources.missing.get(category)!;
  return [...entries.keys()].filter((name) => !used.has(name) && !missing.has(name));
}
