import type { QpdfFile, QpdfValue } from './qpdf.ts';

/** A dictionary in qpdf's JSON. */
export type Dictionary = { readonly [key: string]: QpdfValue };

/** An object by what it means. */
export interface Meaning {
  readonly value: QpdfValue;
  /** Data of a stream, in base64. */
  readonly data: string | undefined;
}

/** A file in one form, whatever shape its trees have and whatever its keys and numbers are. */
export interface Meanings {
  readonly objects: ReadonlyMap<string, Meaning>;
  /** The parts of the file, each a value with references into `objects`. */
  readonly parts: Readonly<Record<string, QpdfValue>>;
}

const REFERENCE = /^\d+ \d+ R$/;
const INHERITABLE = ['/Resources', '/MediaBox', '/CropBox', '/Rotate'];
const DEPTH_MAX = 64;
/** Of the catalog: what is compared part by part, and what a merge drops. */
const APART = ['/Pages', '/Names', '/Dests', '/PageLabels', '/StructTreeRoot'];
const DROPPED =
  '/Perms /Legal /DSS /PieceInfo /Collection /SpiderInfo /Requirements /Version /NeedsRendering /Type'.split(
    ' ',
  );

/** Whether a value is a reference, `N G R`. */
export function isReference(value: QpdfValue): value is string {
  return typeof value === 'string' && REFERENCE.test(value);
}

/** Whether a value is a dictionary. */
export function isDictionary(value: QpdfValue): value is Dictionary {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Brings a file into the form in which it can be compared. */
export function meaningsOf(file: QpdfFile): Meanings {
  const reader = new Reader(file);
  const root = reader.dictionary(file.trailer['/Root'] ?? null);
  const pages = reader.pages(root['/Pages'] ?? null);
  const structure = reader.dictionary(root['/StructTreeRoot'] ?? null);
  const parents = new Map(reader.tree(structure['/ParentTree'] ?? null, '/Nums'));
  const objects = new Map<string, Meaning>();
  const change = (value: QpdfValue): QpdfValue => changed(value, { reader, parents, pages });
  for (const [reference, { value, stream }] of file.objects) {
    const found = reader.pageDictionaries.get(reference) ?? stream?.dict ?? value ?? null;
    objects.set(reference, {
      value: isFramework(found, structure)
        ? null
        : change(stream === undefined ? found : without(found as Dictionary, ['/Length'])),
      data: stream?.data,
    });
  }
  const names = reader.dictionary(root['/Names'] ?? null);
  const trees = Object.keys(names).filter((key) => key !== '/Dests');
  const parts = {
    pages: pages.map((page) => (isReference(page) ? page : change(page))),
    catalog: without(root, [...APART, ...DROPPED]),
    information: without(reader.dictionary(file.trailer['/Info'] ?? null), ['/Producer']),
    destinations: destinations(reader, root, names, pages),
    labels: reader.tree(root['/PageLabels'] ?? null, '/Nums') as QpdfValue,
    names: Object.fromEntries(trees.map((key) => [key, reader.tree(names[key]!, '/Names') as QpdfValue])),
    structure: {
      ...without(structure, ['/ParentTree', '/ParentTreeNextKey', '/Type']),
      '/K': list(reader.value(structure['/K'] ?? null), structure['/K'] ?? null),
      '/IDTree': reader.tree(structure['/IDTree'] ?? null, '/Names') as QpdfValue,
    },
  };
  const structureRoot = root['/StructTreeRoot'] ?? null;
  if (isReference(structureRoot))
    objects.set(structureRoot, { value: change(parts.structure), data: undefined });
  return {
    objects,
    parts: Object.fromEntries(Object.entries(parts).map(([key, value]) => [key, change(value)])),
  };
}

/** One kid stands for a list of one. */
function list(resolved: QpdfValue, value: QpdfValue): QpdfValue {
  if (Array.isArray(resolved)) return resolved;
  return value === null ? null : [value];
}

/** Both kinds of named destinations, by name. */
function destinations(
  reader: Reader,
  root: Dictionary,
  names: Dictionary,
  pages: readonly QpdfValue[],
): QpdfValue {
  const old = Object.entries(reader.dictionary(root['/Dests'] ?? null)).map(
    ([key, value]) => [`u:${key.slice(1)}`, value] as const,
  );
  const found: Record<string, QpdfValue> = {};
  for (const [name, value] of [...reader.tree(names['/Dests'] ?? null, '/Names'), ...old]) {
    const resolved = reader.value(value);
    const target = isDictionary(resolved) ? reader.value(resolved['/D'] ?? null) : resolved;
    if (!Array.isArray(target)) continue;
    const there = place(target, pages);
    if (pages.includes(there[0]!)) found[String(name)] ??= there;
  }
  return found;
}

/** An explicit destination; a page that is given by its index is a reference in the result. */
function place([page = null, ...rest]: readonly QpdfValue[], pages: readonly QpdfValue[]): QpdfValue[] {
  return [typeof page === 'number' ? (pages[page] ?? null) : page, ...rest];
}

/** Objects of the old file's framework; references to them become null. */
function isFramework(value: QpdfValue, structure: Dictionary): boolean {
  return (
    isDictionary(value) && value !== structure && ['/Pages', '/Catalog'].includes(String(value['/Type']))
  );
}

function without(dictionary: Dictionary, keys: readonly string[]): Dictionary {
  return Object.fromEntries(Object.entries(dictionary).filter(([key]) => !keys.includes(key)));
}

/** What stands behind keys, references and indexes. */
interface Context {
  readonly reader: Reader;
  readonly parents: ReadonlyMap<QpdfValue, QpdfValue>;
  readonly pages: readonly QpdfValue[];
}

/** A value whose keys into the parent tree are what they lead to, and whose destinations are in one form. */
function changed(value: QpdfValue, context: Context): QpdfValue {
  if (Array.isArray(value)) return value.map((each: QpdfValue) => changed(each, context));
  if (!isDictionary(value)) return value;
  const isGoTo = context.reader.value(value['/S'] ?? null) === '/GoTo';
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => {
      if (key === '/StructParents' || key === '/StructParent')
        return [key, context.parents.get(each) ?? null];
      if (key === '/Dest' || (key === '/D' && isGoTo)) return [key, destination(each, context)];
      return [key, changed(each, context)];
    }),
  );
}

/** What a link says: a place, or a name as a string. */
function destination(value: QpdfValue, { reader, pages }: Context): QpdfValue {
  const found = reader.value(value);
  if (Array.isArray(found)) return place(found, pages);
  return typeof found === 'string' && found.startsWith('/') ? `u:${found.slice(1)}` : found;
}

/** Reads values and trees of a file. */
class Reader {
  /** Pages with what they inherit, by reference. */
  readonly pageDictionaries = new Map<string, Dictionary>();
  readonly #file: QpdfFile;

  constructor(file: QpdfFile) {
    this.#file = file;
  }

  /** A value, references followed. */
  value(value: QpdfValue): QpdfValue {
    let current = value;
    for (let steps = 0; isReference(current) && steps < DEPTH_MAX; steps++)
      current = this.#file.objects.get(current)?.value ?? null;
    return current;
  }

  /** A dictionary, or an empty one where there is none. */
  dictionary(value: QpdfValue): Dictionary {
    const found = this.value(value);
    return isDictionary(found) ? found : {};
  }

  /** The pages in order, by reference where they have one. */
  pages(root: QpdfValue): QpdfValue[] {
    const found: QpdfValue[] = [];
    const nodes = new Set<QpdfValue>();
    const walk = (value: QpdfValue, inherited: Dictionary, depth: number): void => {
      const node = this.dictionary(value);
      // Trees may go in circles.
      if ('/Kids' in node && nodes.has(node)) return;
      nodes.add(node);
      const own = Object.fromEntries(
        INHERITABLE.filter((key) => key in node).map((key) => [key, node[key]!]),
      );
      const kids = this.value(node['/Kids'] ?? null);
      if (Array.isArray(kids)) {
        for (const kid of depth < DEPTH_MAX ? kids : []) walk(kid, { ...inherited, ...own }, depth + 1);
        return;
      }
      const page = { '/MediaBox': [0, 0, 612, 792], ...inherited, ...without(node, ['/Parent', '/Type']) };
      found.push(isReference(value) ? value : page);
      if (isReference(value)) this.pageDictionaries.set(value, page);
    };
    walk(root, {}, 0);
    return found;
  }

  /** The entries of a tree of names or numbers, in order of their keys. */
  tree(root: QpdfValue, kind: '/Names' | '/Nums'): (readonly [key: QpdfValue, value: QpdfValue])[] {
    const found: (readonly [QpdfValue, QpdfValue])[] = [];
    const nodes = new Set<QpdfValue>();
    const walk = (value: QpdfValue, depth: number): void => {
      const node = this.dictionary(value);
      if (nodes.has(node)) return;
      nodes.add(node);
      const entries = this.value(node[kind] ?? null);
      if (Array.isArray(entries))
        for (let at = 0; at + 1 < entries.length; at += 2)
          found.push([this.value(entries[at] as QpdfValue), entries[at + 1] as QpdfValue]);
      const kids = this.value(node['/Kids'] ?? null);
      if (Array.isArray(kids) && depth < DEPTH_MAX) for (const kid of kids) walk(kid, depth + 1);
    };
    walk(root, 0);
    return found.sort(([a], [b]) =>
      kind === '/Nums' ? Number(a) - Number(b) : String(a) < String(b) ? -1 : 1,
    );
  }
}
