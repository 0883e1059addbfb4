import type { StreamText } from '../builder.ts';
import { Random } from './random.ts';

/** A page that is being drawn up. */
export interface SketchPage {
  readonly number: number;
  /** What no other page says. */
  readonly text: string;
  /** Entries of the page's dictionary. */
  readonly entries: string[];
  /** Elements of /Annots. */
  readonly annotations: string[];
  /** Operators, drawn one after the other. */
  readonly content: string[];
}

/** A document that is being drawn up, part by part. */
export class Sketch {
  readonly random: Random;
  /** A word that no document of another seed has. */
  readonly name: string;
  readonly objects: Record<number, string | StreamText> = {};
  /** Entries of the catalog. */
  readonly catalog: string[] = [];
  /** Name trees: the entries of /Names. */
  readonly names: string[] = [];
  readonly pages: readonly SketchPage[];
  /** Resources by kind and name, which any page may use. */
  readonly resources: Readonly<Record<'Font' | 'XObject' | 'Properties', Map<string, string>>> = {
    Font: new Map(),
    XObject: new Map(),
    Properties: new Map(),
  };
  /** A note that its page still refers to, though an update deleted it. */
  readonly deleted: number;
  #next = 1;

  constructor(seed: number) {
    this.random = new Random(seed);
    this.name = `doc${seed}`;
    this.pages = Array.from({ length: this.random.between(1, 6) }, (_, index) => ({
      number: this.reserve(),
      text: `${this.name} page ${index + 1}`,
      entries: [],
      annotations: [],
      content: [],
    }));
    this.deleted = this.reserve();
    this.random.pick(this.pages).annotations.push(`${this.deleted} 0 R`);
  }

  /** A number for an object that is set later. */
  reserve(): number {
    return this.#next++;
  }

  /** Adds an object and answers a reference to it. */
  add(object: string | StreamText): string {
    const number = this.reserve();
    this.objects[number] = object;
    return `${number} 0 R`;
  }

  /** The object itself or a reference to it. */
  maybe(object: string): string {
    return this.random.chance(50) ? object : this.add(object);
  }

  /** A reference to one of the pages. */
  pageReference(): string {
    return `${this.random.pick(this.pages).number} 0 R`;
  }

  /** A tree of names or numbers over sorted pairs, such as `(key) value`; the keys are given again for the limits. */
  tree(kind: 'Names' | 'Nums', pairs: readonly (readonly [key: string, value: string])[]): string {
    const leaf = (part: readonly (readonly [string, string])[]): string =>
      `/${kind} [${part.map(([key, value]) => `${key} ${value}`).join(' ')}]`;
    if (pairs.length < 2 || this.random.chance(50)) return this.maybe(`<< ${leaf(pairs)} >>`);
    const middle = this.random.between(1, pairs.length - 1);
    const kids = [pairs.slice(0, middle), pairs.slice(middle)].map((part) =>
      this.add(`<< /Limits [${part[0]![0]} ${part.at(-1)![0]}] ${leaf(part)} >>`),
    );
    return this.maybe(`<< /Kids [${kids.join(' ')}] >>`);
  }
}
