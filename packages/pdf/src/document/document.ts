import { PdfError } from '../errors.ts';
import { PdfFile, type OpenOptions } from '../file/file.ts';
import { laterVersion } from '../file/header.ts';
import type { Source } from '../file/source.ts';
import { nameOf, type PdfDictionary } from '../objects/object.ts';
import { PdfReference } from '../objects/reference.ts';
import { ObjectScan } from '../syntax/object-scan.ts';
import { walkPages, type Page, type PageWalk } from './page-tree.ts';

/** A document that is open: the catalog (ISO 32000-2, 7.7.2) and the pages. */
export interface Document {
  readonly file: PdfFile;
  readonly catalog: PdfDictionary;
  /** Object number of the catalog, 0 if there is none. */
  readonly root: number;
  /** The version, the catalog's included (ISO 32000-2, 7.5.2). */
  readonly version: string;
  /** In order; at least one. */
  readonly pages: readonly Page[];
  /** Object numbers of the catalog and of the nodes of the page tree. */
  readonly framework: ReadonlySet<number>;
}

/** Opens a document. Throws PdfError, `damaged` if there is no page to be found by any means. */
export function openDocument(source: Source, options: OpenOptions): Document {
  const file = new PdfFile(source, options);
  const found =
    fromRoot(file) ?? (file.repair() ? fromRoot(file) : undefined) ?? fromCatalogs(file) ?? loosePages(file);
  if (found === undefined) {
    if (file.table.length === 0) throw new PdfError('not-pdf', 'The file is not a PDF.');
    throw new PdfError('damaged', 'The document has no pages that can be found.');
  }
  const { catalog, walk, root } = found;
  const framework = walk.nodes;
  framework.add(root);
  return { file, catalog, root, version: versionOf(file, catalog), pages: walk.pages, framework };
}

/** Whatever has a document that can be read, such as the copy of one. */
export interface OfDocument {
  readonly document: Document;
}

interface Found {
  readonly catalog: PdfDictionary;
  /** Object number of the catalog, 0 if there is none. */
  readonly root: number;
  readonly walk: PageWalk;
}

function fromRoot(file: PdfFile): Found | undefined {
  const root = file.trailer.get('Root');
  if (!(root instanceof PdfReference)) return undefined;
  const found = fromCatalog(file, root.number);
  if (found === undefined || found.walk.pages.length >= found.walk.count || !file.repair()) return found;
  // The tree promises more pages: perhaps the table does not know them all.
  const again = fromCatalog(file, root.number);
  return again !== undefined && again.walk.pages.length > found.walk.pages.length ? again : found;
}

function fromCatalog(file: PdfFile, root: number): Found | undefined {
  const catalog = file.object(root);
  if (!(catalog instanceof Map)) return undefined;
  const walk = walkPages(file, catalog.get('Pages') ?? null, new ObjectScan(file.reading.limits.nestingMax));
  return walk.pages.length > 0 ? { catalog, root, walk } : undefined;
}

/** Tries every object that says it is a catalog, the last one first. */
function fromCatalogs(file: PdfFile): Found | undefined {
  for (const number of objectsOfType(file, 'Catalog').toReversed()) {
    const found = fromCatalog(file, number);
    if (found !== undefined) {
      file.reading.warnings.add('The catalog was found by its type.');
      return found;
    }
  }
  return undefined;
}

/** No page tree is left: every object that says it is a page, by number. */
function loosePages(file: PdfFile): Found | undefined {
  const pages = objectsOfType(file, 'Page').map((number): Page => ({
    number,
    direct: undefined,
    inherited: [],
  }));
  if (pages.length === 0) return undefined;
  if (pages.length > file.reading.limits.pagesMax)
    throw new PdfError('limit', 'The document has too many pages.');
  file.reading.warnings.add('The page tree was lost; the pages were put together by number.');
  return { catalog: new Map(), root: 0, walk: { pages, nodes: new Set(), count: pages.length } };
}

function objectsOfType(file: PdfFile, type: string): number[] {
  const numbers: number[] = [];
  const scan = new ObjectScan(file.reading.limits.nestingMax);
  for (let number = 1; number < file.table.length; number++)
    if (file.scan(number, scan) !== undefined && scan.isName('Type', type)) numbers.push(number);
  return numbers;
}

function versionOf(file: PdfFile, catalog: PdfDictionary): string {
  const version = nameOf(file.resolve(catalog.get('Version')));
  return version !== undefined && /^\d\.\d$/.test(version)
    ? laterVersion(file.version, version)
    : file.version;
}
