import assert from 'node:assert/strict';
import { bytesSource, memorySink, pages, split, type PagePlace } from '../../src/index.ts';
import type { PdfDictionary, PdfObject } from '../../src/objects/object.ts';
import { PdfReference } from '../../src/objects/reference.ts';
import { buildPdf, type Objects } from '../builder.ts';
import { inspect } from '../inspect.ts';
import { Result } from './result.ts';

/** A document of pages 3, 4, ... with entries of the catalog and of each page, and more objects, from 20 on. */
export function paged(catalog: string, entries: readonly string[], objects: Objects = {}): Buffer {
  const numbers = entries.map((_, index) => 3 + index);
  return buildPdf({
    1: `<< /Type /Catalog /Pages 2 0 R ${catalog} >>`,
    2: `<< /Type /Pages /Kids [${numbers.map((number) => `${number} 0 R`).join(' ')}] /Count ${numbers.length} >>`,
    ...Object.fromEntries(
      entries.map((entry, index) => [
        3 + index,
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Mark ${index} ${entry} >>`,
      ]),
    ),
    ...objects,
  });
}

/** One part of a document, checked and read. */
export function part(file: Buffer, indexes: readonly number[]): Result {
  return parts(file, [indexes])[0]!;
}

/** Parts of a document. */
export function parts(file: Buffer, lists: readonly (readonly number[])[]): Result[] {
  const sinks = lists.map(() => memorySink());
  const { warnings } = split(bytesSource(file), lists, (index) => sinks[index]!);
  return sinks.map((sink) => read(Buffer.from(sink.bytes()), warnings));
}

/** Pages of documents as one document; a number is a page of the first. */
export function arranged(files: readonly Buffer[], list: readonly (PagePlace | number)[]): Result {
  const sink = memorySink();
  const places = list.map((each) => (typeof each === 'number' ? { page: each } : each));
  const { warnings } = pages(
    files.map((file) => ({ source: bytesSource(file) })),
    places,
    sink,
  );
  return read(Buffer.from(sink.bytes()), warnings);
}

function read(bytes: Buffer, warnings: readonly string[]): Result {
  inspect(bytes);
  return new Result(bytes, warnings);
}

/** The marks of the pages of a result, in order: the index that each had in its document. */
export function marks(result: Result): unknown[] {
  return result.opened.pages.map((_, index) => result.plain(result.in(result.page(index), 'Mark')));
}

/** The mark of the page that a reference leads to. */
export function markOf(result: Result, page: PdfObject): unknown {
  return result.plain(result.in(page, 'Mark'));
}

/** The object number that stands at the end of a path from an object. */
export function numberAt(result: Result, from: PdfObject, ...path: readonly (string | number)[]): number {
  const last = path.at(-1)!;
  const holder = result.in(from, ...path.slice(0, -1));
  const object = Array.isArray(holder) ? holder[Number(last)] : (holder as PdfDictionary).get(String(last));
  assert.ok(object instanceof PdfReference, `a reference at ${path.join(' ')}`);
  return object.number;
}
