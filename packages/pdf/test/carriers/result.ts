import assert from 'node:assert/strict';
import { openDocument, type Document } from '../../src/document/document.ts';
import { bytesSource } from '../../src/index.ts';
import { defaultLimits } from '../../src/limits.ts';
import { PdfName } from '../../src/objects/name.ts';
import { PdfNumber } from '../../src/objects/number.ts';
import type { PdfObject } from '../../src/objects/object.ts';
import { PdfReference } from '../../src/objects/reference.ts';
import { PdfStream } from '../../src/objects/stream.ts';
import { PdfString } from '../../src/objects/string.ts';
import { Warnings } from '../../src/warnings.ts';
import { buildPdf, type Objects } from '../builder.ts';
import { mergeAndInspect } from '../inspect.ts';

/** A document of one page (object 3) with more objects, from 4 on, and entries of the catalog and the page. */
export function document(catalog: string, page: string, objects: Objects = {}): Buffer {
  return buildPdf({
    1: `<< /Type /Catalog /Pages 2 0 R ${catalog} >>`,
    2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    3: `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] ${page} >>`,
    ...objects,
  });
}

/** A merged document, to be asked by paths. */
export class Result {
  readonly opened: Document;
  readonly warnings: readonly string[];
  readonly text: string;

  constructor(bytes: Buffer, warnings: readonly string[]) {
    this.warnings = warnings;
    this.text = bytes.toString('latin1');
    const own = new Warnings();
    this.opened = openDocument(bytesSource(bytes), { password: '', limits: defaultLimits, warnings: own });
    assert.deepEqual(own.list(), []);
  }

  /** The object at a path of keys and indexes from the catalog, references followed. */
  at(...path: readonly (string | number)[]): PdfObject {
    return this.in(this.opened.catalog, ...path);
  }

  /** The same from another object. */
  in(object: PdfObject, ...path: readonly (string | number)[]): PdfObject {
    let current = this.resolve(object);
    for (const step of path) {
      if (current instanceof PdfStream) current = current.dictionary;
      if (Array.isArray(current)) current = this.resolve(current[Number(step)]);
      else current = current instanceof Map ? this.resolve(current.get(String(step))) : null;
    }
    return current;
  }

  /** A page by its index. */
  page(index: number): PdfObject {
    return this.opened.file.object(this.opened.pages[index]!.number);
  }

  resolve(object: PdfObject | undefined): PdfObject {
    return this.opened.file.resolve(object);
  }

  /**
   * An object in plain terms: names with a slash, strings in parentheses, references followed to `depth` levels and then
   * `R`, so that it can be compared.
   */
  plain(object: PdfObject | undefined, depth = 3): unknown {
    if (object instanceof PdfReference)
      return depth === 0 ? 'R' : this.plain(this.resolve(object), depth - 1);
    if (object instanceof PdfName) return `/${object.value}`;
    if (object instanceof PdfNumber) return object.value;
    if (object instanceof PdfString) return `(${Buffer.from(object.bytes).toString('latin1')})`;
    if (object instanceof PdfStream) return this.plain(object.dictionary, depth);
    if (Array.isArray(object)) return object.map((each) => this.plain(each, depth));
    if (object instanceof Map)
      return Object.fromEntries([...object].map(([key, value]) => [key, this.plain(value, depth)]));
    return object ?? null;
  }

  /** The texts of one key of each dictionary in an array. */
  each(array: PdfObject, key: string): unknown[] {
    assert.ok(Array.isArray(array), `an array of dictionaries with ${key}`);
    return array.map((each) => this.plain(this.in(each, key)));
  }
}

/** Merges documents, checks that the file is sound and reads it with the core's own parser. */
export function merged(...files: readonly Buffer[]): Result {
  const { bytes, result } = mergeAndInspect(files);
  return new Result(bytes, result.warnings);
}

/** What a hostile file may give as the value of any key; object 3 is the first page, 10 the test's own, 99 does not exist. */
export const oddValues: readonly string[] = [
  '7',
  '(text)',
  '[[[]]]',
  '<< /a 1 >>',
  '10 0 R',
  '99 0 R',
  '3 0 R',
  '[3 0 R 99 0 R (x)]',
];
