import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { bytesSource, memorySink, merge, type MergeResult } from '../src/index.ts';

// A second reader for results, which shares nothing with the first: results are regular, so expressions do.

/** Larger ones are bombs. */
const RECORDED_BYTES_MAX = 100_000;

/** One object of a result: its text (a stream's dictionary), and the data of a stream. */
export interface Inspected {
  readonly text: string;
  readonly data: Buffer | undefined;
}

/** A result, read by its own cross-reference, every offset of which is checked. */
export interface Inspection {
  readonly objects: ReadonlyMap<number, Inspected>;
  readonly trailer: string;
  /** Header version. */
  readonly version: string;
  /** Numbers of the pages in order, by the page tree. */
  readonly pages: readonly number[];
}

/** Merges files in memory and inspects what comes out. */
export function mergeAndInspect(
  files: readonly Uint8Array[],
  passwords: readonly string[] = [],
): Inspection & { readonly result: MergeResult; readonly bytes: Buffer } {
  const sink = memorySink();
  const inputs = files.map((file, index) => ({ source: bytesSource(file), password: passwords[index] }));
  const result = merge(inputs, sink);
  const bytes = Buffer.from(sink.bytes());
  for (const [index, file] of files.entries()) record(file, passwords[index] ?? '');
  return { ...inspect(bytes), result, bytes };
}

/** Leaves a document that was merged for the tests that merge them all alone, if they ask for it: see roundtrip.test.ts. */
function record(file: Uint8Array, password: string): void {
  const directory = process.env['OCTAVO_RECORD_DOCUMENTS'];
  if (directory === undefined || file.length > RECORDED_BYTES_MAX) return;
  const digest = createHash('sha1').update(file).digest('hex');
  writeFileSync(join(directory, `${digest}.json`), JSON.stringify({ password }));
  writeFileSync(join(directory, `${digest}.pdf`), file);
}

/** Reads a result and checks that it is sound: offsets, counts and parents right, nothing dangling, nothing unreachable. */
export function inspect(file: Buffer): Inspection {
  const text = file.toString('latin1');
  const start = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(text)![1]);
  const { objects, trailer } = text.startsWith('xref', start)
    ? readTable(file, start)
    : readStream(file, start);
  const root = Number(/\/Root (\d+) 0 R/.exec(trailer)![1]);
  const pagesRoot = Number(/\/Pages (\d+) 0 R/.exec(objects.get(root)!.text)![1]);
  const pages = walk(objects, pagesRoot, undefined);
  checkReferences(objects, trailer);
  return { objects, trailer, version: /^%PDF-(\d\.\d)\n/.exec(text)![1]!, pages };
}

/** The numbers that a text refers to, in order. */
export function references(text: string): number[] {
  const withoutStrings = text.replaceAll(/\((?:\\.|[^\\()])*\)/g, '()');
  return [...withoutStrings.matchAll(/(?<![\d.])(\d+) 0 R(?![\w])/g)].map((match) => Number(match[1]));
}

/** The text of the content stream of each page. */
export function contents({ objects, pages }: Inspection): string[] {
  return pages.map((page) => {
    const [, value] = /\/Contents\s*(\d+ 0 R|\[[^\]]*\])/.exec(objects.get(page)!.text) ?? [];
    return references(value ?? '')
      .map((number) => objects.get(number)!.data!.toString('latin1'))
      .join('\n');
  });
}

/** Text of a page's dictionary, its resources and what else it refers to directly, in one line. */
export function pageText(inspection: Inspection, index: number): string {
  return inspection.objects.get(inspection.pages[index]!)!.text;
}

function objectAt(file: Buffer, offset: number, number: number): Inspected {
  const header = `${number} 0 obj\n`;
  const found = file.toString('latin1', offset, offset + header.length);
  assert.equal(found, header, `object ${number} is at ${offset}`);
  const body = file.toString('latin1', offset + header.length, file.indexOf('\nendobj\n', offset) + 8);
  const end = body.indexOf('\nendobj\n');
  const stream = body.indexOf('>>\nstream\n');
  if (stream === -1 || stream > end) return { text: body.slice(0, end), data: undefined };
  const dictionary = body.slice(0, stream + 2);
  const length = /\/Length (\d+)( 0 R)?/.exec(dictionary)!;
  const dataStart = offset + header.length + stream + '>>\nstream\n'.length;
  const dataEnd =
    length[2] === undefined ? dataStart + Number(length[1]) : file.indexOf('\nendstream\nendobj', dataStart);
  assert.equal(
    file.toString('latin1', dataEnd, dataEnd + 18),
    '\nendstream\nendobj\n',
    `length of ${number}`,
  );
  return { text: dictionary, data: file.subarray(dataStart, dataEnd) };
}

function readTable(file: Buffer, start: number): { objects: Map<number, Inspected>; trailer: string } {
  const text = file.toString('latin1', start);
  const count = Number(/^xref\n0 (\d+)\n/.exec(text)![1]);
  const rows = text.slice(text.indexOf('\n', 5) + 1);
  const objects = new Map<number, Inspected>();
  assert.equal(rows.slice(0, 20), '0000000000 65535 f \n');
  for (let number = 1; number < count; number++) {
    const [, offset] = /^(\d{10}) 00000 n \n$/.exec(rows.slice(number * 20, number * 20 + 20))!;
    objects.set(number, objectAt(file, Number(offset), number));
  }
  assert.ok(rows.startsWith('trailer\n', count * 20));
  return { objects, trailer: rows.slice(count * 20) };
}

function readStream(file: Buffer, start: number): { objects: Map<number, Inspected>; trailer: string } {
  const number = Number(/^\d+/.exec(file.toString('latin1', start, start + 12))![0]);
  const { text, data } = objectAt(file, start, number);
  const widths = /\/W\[(\d) (\d) (\d)\]/.exec(text)!.slice(1).map(Number) as [number, number, number];
  const columns = widths[0] + widths[1] + widths[2];
  const rows = inflateSync(data!);
  for (let at = 0; at < rows.length; at++)
    if (at % (columns + 1) > 0 && at > columns) rows[at]! += rows[at - columns - 1]!;
  const objects = new Map<number, Inspected>();
  const members: [number, number, number][] = [];
  for (let row = 1; row * (columns + 1) < rows.length; row++) {
    const at = row * (columns + 1) + 1;
    const position = rows.readUIntBE(at + 1, widths[1]);
    if (rows[at] === 1) objects.set(row, objectAt(file, position, row));
    else members.push([row, position, rows.readUInt16BE(at + 1 + widths[1])]);
  }
  const containers = new Map<number, { first: number; header: number[]; body: string }>();
  for (const [member, container, index] of members) {
    let split = containers.get(container);
    if (split === undefined) {
      const stream = objects.get(container)!;
      const body = inflateSync(stream.data!).toString('latin1');
      const first = Number(/\/First (\d+)/.exec(stream.text)![1]);
      split = { first, header: body.slice(0, first).trim().split(' ').map(Number), body };
      containers.set(container, split);
    }
    assert.equal(split.header[index * 2], member);
    const from = split.first + split.header[index * 2 + 1]!;
    const to =
      index * 2 + 3 < split.header.length ? split.first + split.header[index * 2 + 3]! : split.body.length;
    objects.set(member, { text: split.body.slice(from, to).trimEnd(), data: undefined });
  }
  for (const container of containers.keys()) objects.delete(container);
  objects.delete(number);
  return { objects, trailer: text };
}

function walk(objects: Map<number, Inspected>, number: number, parent: number | undefined): number[] {
  const { text } = objects.get(number)!;
  const [, found] = /\/Parent (\d+) 0 R/.exec(text) ?? [];
  assert.equal(found === undefined ? undefined : Number(found), parent, `parent of ${number}`);
  if (text.includes('/Type/Page/')) return [number];
  const [, kids] = /\/Kids\[([^\]]*)\]/.exec(text)!;
  const pages = references(kids!).flatMap((kid) => walk(objects, kid, number));
  assert.equal(Number(/\/Count (\d+)/.exec(text)![1]), pages.length, `count of ${number}`);
  return pages;
}

function checkReferences(objects: Map<number, Inspected>, trailer: string): void {
  const reached = new Set<number>();
  const pending = references(trailer);
  while (pending.length > 0) {
    const number = pending.pop()!;
    if (reached.has(number)) continue;
    reached.add(number);
    assert.ok(objects.has(number), `object ${number} exists`);
    pending.push(...references(objects.get(number)!.text));
  }
  assert.deepEqual(
    [...objects.keys()].filter((number) => !reached.has(number)),
    [],
    'nothing is unreachable',
  );
}
