import type { PdfFile } from '../../file/file.ts';
import type { PdfDictionary, PdfObject } from '../../objects/object.ts';
import { PdfReference } from '../../objects/reference.ts';
import { PdfStream } from '../../objects/stream.ts';

/** Categories of resources whose entries content names by operators alone (ISO 32000-2, table 34). */
export const CATEGORIES = ['ExtGState', 'Font', 'Pattern', 'Shading', 'XObject'] as const;
/** One of those. */
export type Category = (typeof CATEGORIES)[number];

/** Where a dictionary stands: an object of its own, or an entry of another. */
export interface Place {
  /** The object that it is, or that it stands in; 0 where nothing can be changed. */
  readonly number: number;
  /** Whether it is that object itself. */
  readonly isObject: boolean;
}

/** The entries of one category, with what content names of them. */
export interface Unit {
  readonly category: Category;
  readonly place: Place;
  readonly entries: PdfDictionary;
  readonly used: Set<string>;
  /** Scopes that have it. */
  readonly scopes: Set<Scope>;
}

/** A resource dictionary (ISO 32000-2, 7.8.3) that some contents share. */
export interface Scope {
  readonly place: Place;
  readonly dictionary: PdfDictionary;
  readonly units: ReadonlyMap<Category, Unit>;
  /** Something that is not understood may use any of its entries. */
  usesAll: boolean;
}

/**
 * The resource dictionaries of a document, each once. What is equal counts as one object: `canonical` answers the number of
 * the object that an object will be.
 */
export class Resources {
  readonly scopes = new Map<string, Scope>();
  /** Names that content uses where its own resources do not have them: readers may look for them in any others. */
  readonly missing = new Map<Category, Set<string>>(CATEGORIES.map((category) => [category, new Set()]));
  readonly #file: PdfFile;
  readonly #canonical: (number: number) => number;
  readonly #units = new Map<string, Unit>();
  readonly #held = new Set<string>();
  readonly #holders = new Map<number, number>();

  constructor(file: PdfFile, canonical: (number: number) => number) {
    this.#file = file;
    this.#canonical = canonical;
  }

  /**
   * The scope that a value of /Resources means; undefined if there is none. `holder` is the object that the value stands in,
   * 0 for one that must not be changed.
   */
  scope(value: PdfObject | undefined, holder: number): Scope | undefined {
    const found = this.#dictionary(value, holder);
    if (found === undefined) return undefined;
    const { place, dictionary } = found;
    const key = place.number === 0 ? `none ${this.scopes.size}` : `${place.number} ${place.isObject}`;
    const known = this.scopes.get(key);
    if (known !== undefined) return known;
    const units = new Map<Category, Unit>();
    const scope = { place, dictionary, units, usesAll: false };
    for (const category of CATEGORIES) {
      const unit = this.#unit(category, dictionary.get(category), place);
      if (unit === undefined) continue;
      unit.scopes.add(scope);
      units.set(category, unit);
    }
    this.scopes.set(key, scope);
    return scope;
  }

  /** The object that a name means in a scope, as it stands; the name is used from now on. */
  use(scope: Scope | undefined, category: Category, name: string): PdfObject {
    const unit = scope?.units.get(category);
    const value = unit?.entries.get(name) ?? null;
    if (unit === undefined || value === null) this.missing.get(category)!.add(name);
    else unit.used.add(name);
    return value;
  }

  /** All units of all scopes. */
  get units(): Iterable<Unit> {
    return this.#units.values();
  }

  /** In how many objects a dictionary that is an object was found where resources are looked for. */
  holdersOf(number: number): number {
    return this.#holders.get(number) ?? 0;
  }

  #unit(category: Category, value: PdfObject | undefined, scope: Place): Unit | undefined {
    const found = this.#dictionary(value, scope.number);
    if (found === undefined) return undefined;
    const { place, dictionary: entries } = found;
    const own = `${place.number} ${place.isObject} ${scope.isObject} ${category}`;
    const key = place.number === 0 ? `none ${this.#units.size}` : own;
    let unit = this.#units.get(key);
    if (unit === undefined) {
      unit = { category, place, entries, used: new Set(), scopes: new Set() };
      this.#units.set(key, unit);
    }
    return unit;
  }

  #dictionary(
    value: PdfObject | undefined,
    holder: number,
  ): { readonly place: Place; readonly dictionary: PdfDictionary } | undefined {
    let place: Place = { number: holder, isObject: false };
    let object = value ?? null;
    if (object instanceof PdfReference) {
      const number = this.#canonical(object.number);
      if (!this.#file.has(object.number, object.generation)) return undefined;
      this.#hold(holder, number);
      place = { number, isObject: true };
      object = this.#file.object(number);
      // A reference to a reference: understood, and left alone.
      if (object instanceof PdfReference) {
        place = { number: 0, isObject: false };
        object = this.#file.resolve(object);
      }
    }
    if (object instanceof PdfStream || !(object instanceof Map)) return undefined;
    return { place, dictionary: object };
  }

  #hold(holder: number, number: number): void {
    const key = `${holder} ${number}`;
    if (this.#held.has(key)) return;
    this.#held.add(key);
    this.#holders.set(number, this.holdersOf(number) + 1);
  }
}
