import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesSource, memorySink, merge, type Source } from '../../src/index.ts';
import { buildPdf, pagesPdf } from '../builder.ts';

/** A source of a file too large to be held, which notes how much is read of it at once and in all. */
function watched(file: Buffer): Source & { total: number; largest: number } {
  return {
    ...bytesSource(file),
    bytes: undefined,
    total: 0,
    largest: 0,
    readInto(into, offset) {
      const part = file.subarray(offset, offset + into.length);
      into.set(part);
      this.total += part.length;
      this.largest = Math.max(this.largest, into.length);
      return part.length;
    },
  };
}

const pictures = (count: number, size: number): Buffer => {
  const objects: Record<number, string | { dictionary: string; data: Buffer }> = {
    1: '<< /Type /Catalog /Pages 2 0 R >>',
  };
  const kids = Array.from({ length: count }, (_, index) => 3 + index * 2);
  objects[2] = `<< /Type /Pages /Count ${count} /Kids [${kids.map((kid) => `${kid} 0 R`).join(' ')}] >>`;
  for (const kid of kids) {
    objects[kid] = `<< /Type /Page /MediaBox [0 0 9 9] /X ${kid + 1} 0 R >>`;
    objects[kid + 1] = { dictionary: '/Type /XObject /Subtype /Image', data: Buffer.alloc(size, kid) };
  }
  return buildPdf(objects);
};

describe('how a merge reads', () => {
  it('reads a large file about once, and its pictures in pieces', () => {
    const file = pictures(12, 1_000_000);
    const source = watched(file);
    // A sink as a file has it: pieces of 100,000 bytes.
    const memory = memorySink();
    const sink = {
      ...memory,
      copy(from: Source, offset: number, length: number) {
        for (let done = 0; done < length; done += 100_000)
          memory.copy(from, offset + done, Math.min(100_000, length - done));
      },
    };
    assert.equal(merge([{ source }], sink).pageCount, 12);
    assert.ok(source.total < file.length * 1.3, `${source.total} of ${file.length}`);
    assert.ok(source.largest <= 256 * 1024, String(source.largest));
  });

  it('reads a small file once, and twice where there are many inputs', () => {
    const file = pagesPdf(10);
    const one = watched(file);
    merge([{ source: one }], memorySink());
    const ends = 2 * 1024;
    assert.ok(one.total <= file.length + ends, `${one.total} of ${file.length}`);
    const many = Array.from({ length: 30 }, () => watched(file));
    merge(
      many.map((source) => ({ source })),
      memorySink(),
    );
    // The first is what the others, the same file, are compared with.
    for (const [index, { total }] of many.entries())
      assert.ok(total <= file.length * (index === 0 ? 3 : 2) + ends, `${index}: ${total}`);
  });
});
