import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { memorySink, type MemorySink, type Sink } from '../../src/index.ts';
import { FileWriter } from '../../src/file/writer.ts';
import { bytesSource } from '../../src/file/source.ts';
import { inspect } from '../inspect.ts';

const id = [Uint8Array.of(1, 2, 255), Uint8Array.of(3, 4)] as const;

/** Writes a catalog, an empty page tree and what `more` adds. */
function write(
  objectStreams: boolean,
  more: (writer: FileWriter) => string = () => '',
  sink: Sink = memorySink(),
): Buffer {
  const writer = new FileWriter(sink, '1.7', objectStreams);
  const root = writer.allocate();
  const pages = writer.allocate();
  writer.begin(pages).ascii('<</Type/Pages/Count 0/Kids[]>>');
  writer.end();
  const entries = more(writer);
  writer.begin(root).ascii(`<</Type/Catalog/Pages ${pages} 0 R${entries}>>`);
  writer.end();
  writer.finish({ root, info: undefined, id });
  return Buffer.from((sink as MemorySink).bytes());
}

const list =
  (count: number, text: string) =>
  (writer: FileWriter): string => {
    const numbers = Array.from({ length: count }, () => writer.allocate());
    for (const number of numbers) {
      writer.begin(number).ascii(text);
      writer.end();
    }
    return `/X[${numbers.map((number) => `${number} 0 R`).join(' ')}]`;
  };

describe('writing a file', () => {
  for (const objectStreams of [false, true])
    it(`keeps every object, ${objectStreams ? 'in object streams' : 'in the file'}`, () => {
      const { objects, version } = inspect(write(objectStreams, list(5000, '(text)')));
      assert.equal([...objects.values()].filter(({ text }) => text === '(text)').length, 5000);
      assert.equal(version, '1.7');
    });

  it('begins a new object stream by count and by size', () => {
    const streams = (file: Buffer): number => file.toString('latin1').split('/Type/ObjStm').length - 1;
    assert.equal(streams(write(true, list(150, '1'))), 1);
    assert.ok(streams(write(true, list(1000, '1'))) > 1);
    assert.ok(streams(write(true, list(20, `(${'x'.repeat(20_000)})`))) > 1);
  });

  it('writes streams from memory and from a source, small and large', () => {
    const data = Buffer.alloc(300_000, 'data');
    const file = write(true, (writer) => {
      const numbers = [10, 100_000, 300_000].map((length, index) => {
        const number = writer.allocate();
        writer.beginStream(number).ascii(`<</Length ${length}>>`);
        writer.beginData();
        if (index === 1) writer.copy(bytesSource(data), 0, length);
        else writer.data(data.subarray(0, length));
        writer.endStream();
        return `${number} 0 R`;
      });
      return `/X[${numbers.join(' ')}]`;
    });
    const lengths = [...inspect(file).objects.values()].flatMap((object) => object.data?.length ?? []);
    assert.deepEqual(lengths, [10, 100_000, 300_000]);
  });

  it('writes both halves of the identifier', () => {
    assert.match(inspect(write(false)).trailer, /\/ID\[<0102ff><0304>\]/);
  });

  it('goes over to a cross-reference stream where ten digits are not enough', () => {
    const kept: Buffer[] = [];
    // A sink that counts a copy of eleven gigabytes and keeps the rest.
    const sink = {
      ...memorySink(),
      write: (bytes: Uint8Array) => void kept.push(Buffer.from(bytes)),
      copy() {},
      bytes: () => Buffer.concat(kept),
    };
    const file = write(
      false,
      (writer) => {
        const number = writer.allocate();
        writer.beginStream(number).ascii('<</Length 11000000000>>');
        writer.beginData();
        writer.copy(bytesSource(Buffer.alloc(0)), 0, 11_000_000_000);
        writer.endStream();
        return `/X ${number} 0 R`;
      },
      sink,
    );
    assert.match(file.toString('latin1'), /\/Type\/XRef\/W\[1 5 2\]/);
    assert.ok(Number(/startxref\n(\d+)/.exec(file.toString('latin1'))![1]) > 11_000_000_000);
  });
});
