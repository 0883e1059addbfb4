import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { buffer } from 'node:stream/consumers';
import { Failure } from '../../src/errors.ts';
import type { Storage } from '../../src/storage/storage.ts';

/** One backend under test; `local` is a directory from which it adopts files and to which it places them. */
export interface StorageUnderTest {
  readonly storage: Storage;
  readonly local: string;
  close(): Promise<void>;
}

/** The suite that every backend passes. */
export function conformsAsStorage(name: string, open: () => Promise<StorageUnderTest>): void {
  describe(`${name} as storage`, () => {
    let opened: StorageUnderTest;
    let storage: Storage;
    before(async () => {
      opened = await open();
      storage = opened.storage;
    });
    after(() => opened.close());
    const bytesAt = async (key: string, range?: { start: number; end: number }): Promise<string | null> => {
      const stream = await storage.read(key, range);
      return stream === null ? null : (await buffer(stream)).toString('latin1');
    };
    const put = (key: string, ...bytes: (string | Buffer)[]) => storage.put(key, chunks(bytes), 1_000_000);

    it('can be used', async () => {
      await storage.probe();
    });

    it('gives back what was put', async () => {
      const stored = await put('2026010100/aa', 'first ', '', 'second');
      assert.equal(stored.sizeBytes, 12);
      assert.equal(await bytesAt('2026010100/aa'), 'first second');
      assert.deepEqual(await storage.stat('2026010100/aa'), stored);
      assert.match(stored.etag, /^[\w-]+$/);
    });

    it('holds files of no bytes, and of many', async () => {
      assert.equal((await put('2026010100/empty')).sizeBytes, 0);
      assert.equal(await bytesAt('2026010100/empty'), '');
      const parts = Array.from({ length: 300 }, (_, index) =>
        Buffer.alloc(1 + ((index * 37) % 5_000), index),
      );
      await put('2026010100/many', ...parts);
      assert.equal(await bytesAt('2026010100/many'), Buffer.concat(parts).toString('latin1'));
    });

    it('says null and false of what is not there', async () => {
      assert.equal(await storage.stat('2026010100/none'), null);
      assert.equal(await storage.read('2026010100/none'), null);
      assert.equal(await storage.read('2099010100/none', { start: 0, end: 1 }), null);
      assert.equal(await storage.place('2026010100/none', join(opened.local, 'none')), null);
      assert.equal(await storage.delete('2026010100/none'), false);
    });

    it('reads ranges, both ends counted', async () => {
      await put('2026010100/range', '0123456789');
      assert.equal(await bytesAt('2026010100/range', { start: 0, end: 0 }), '0');
      assert.equal(await bytesAt('2026010100/range', { start: 3, end: 5 }), '345');
      assert.equal(await bytesAt('2026010100/range', { start: 8, end: 9 }), '89');
    });

    it('replaces, and changes the tag with the bytes, of one size too', async () => {
      const first = await put('2026010100/twice', 'one');
      const second = await put('2026010100/twice', 'two');
      assert.notEqual(first.etag, second.etag);
      assert.equal(await bytesAt('2026010100/twice'), 'two');
    });

    it('keeps what is being read whole while it is replaced', async () => {
      const bytes = 'x'.repeat(900_000);
      await put('2026010100/read', bytes);
      const stream = await storage.read('2026010100/read');
      assert.ok(stream);
      const iterator = stream[Symbol.asyncIterator]();
      const first = (await iterator.next()) as IteratorResult<Buffer>;
      await put('2026010100/read', 'short');
      let length = first.value.length;
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next())
        length += next.value.length;
      assert.equal(length, bytes.length);
    });

    it('shows nothing before it is whole, and stores nothing when the stream breaks', async () => {
      await put('2026010100/broken', 'before');
      const seen: (string | null)[] = [];
      async function* breaking(): AsyncGenerator<Uint8Array> {
        yield Buffer.alloc(400_000);
        seen.push(await bytesAt('2026010100/broken'));
        throw new Error('the client went away');
      }
      await assert.rejects(storage.put('2026010100/broken', breaking(), 1_000_000), {
        message: 'the client went away',
      });
      assert.deepEqual([...seen, await bytesAt('2026010100/broken')], ['before', 'before']);
    });

    it('refuses what is larger than may be, and takes what is as large', async () => {
      await storage.put('2026010100/limit', chunks(['12345', '67890']), 10);
      await assert.rejects(storage.put('2026010100/over', chunks(['12345', '678901']), 10), (error) => {
        return error instanceof Failure && error.row === 'uploadTooLarge';
      });
      assert.equal(await storage.stat('2026010100/over'), null);
    });

    it('stops reading a stream that is too long', async () => {
      let ended = false;
      async function* endless(): AsyncGenerator<Uint8Array> {
        try {
          for (;;) yield Buffer.alloc(1_000);
        } finally {
          ended = true;
        }
      }
      await assert.rejects(storage.put('2026010100/endless', endless(), 100_000), Failure);
      assert.ok(ended);
    });

    it('adopts a finished file, which leaves its place', async () => {
      const path = join(opened.local, 'result');
      await writeFile(path, '%PDF result');
      const stored = await storage.adopt('2026010101/adopted.1', path);
      assert.equal(stored.sizeBytes, 11);
      assert.deepEqual(await storage.stat('2026010101/adopted.1'), stored);
      assert.equal(await bytesAt('2026010101/adopted.1'), '%PDF result');
      await assert.rejects(stat(path), { code: 'ENOENT' });
      await assert.rejects(storage.adopt('2026010101/adopted.1', path));
      assert.equal(await bytesAt('2026010101/adopted.1'), '%PDF result');
    });

    it('places a file on local disk, whole, as it was then', async () => {
      const stored = await put('2026010101/placed', 'input');
      const path = join(opened.local, 'input');
      assert.equal((await storage.place('2026010101/placed', path))?.sizeBytes, stored.sizeBytes);
      await put('2026010101/placed', 'changed');
      await storage.delete('2026010101/placed');
      assert.equal(await readFile(path, 'utf8'), 'input');
    });

    it('places nothing over what is there, and nothing where no directory is', async () => {
      await put('2026010101/placed', 'input');
      const path = join(opened.local, 'taken');
      await writeFile(path, 'mine');
      await assert.rejects(storage.place('2026010101/placed', path));
      assert.equal(await readFile(path, 'utf8'), 'mine');
      await assert.rejects(storage.place('2026010101/placed', join(opened.local, 'no', 'such')));
    });

    it('deletes', async () => {
      await put('2026010101/deleted', 'x');
      assert.equal(await storage.delete('2026010101/deleted'), true);
      assert.equal(await storage.delete('2026010101/deleted'), false);
      assert.equal(await storage.stat('2026010101/deleted'), null);
    });

    it('sweeps whole hours that lie before one, and says how many files went', async () => {
      for (const key of ['2025123122/a', '2025123122/b', '2025123123/c', '2026020100/d']) await put(key, key);
      assert.equal(await storage.sweep('2025123123'), 2);
      assert.equal(await storage.stat('2025123122/a'), null);
      assert.equal(await bytesAt('2025123123/c'), '2025123123/c');
      assert.equal(await storage.sweep('2025123123'), 0);
      await put('2025123122/again', 'x');
      assert.equal(await bytesAt('2025123122/again'), 'x');
    });

    it('takes many at once, into hours that are new', async () => {
      const keys = Array.from(
        { length: 60 },
        (_, index) => `20260302${String(index % 3).padStart(2, '0')}/${index}`,
      );
      await Promise.all(keys.map((key) => put(key, key)));
      assert.deepEqual(await Promise.all(keys.map((key) => bytesAt(key))), keys);
    });

    it('takes one key many times at once: one of them, whole', async () => {
      const values = Array.from({ length: 20 }, (_, index) => String(index).repeat(5_000));
      await Promise.all(values.map((value) => put('2026030300/one', value)));
      assert.ok(values.includes((await bytesAt('2026030300/one')) ?? ''));
    });

    for (const key of [
      '',
      'a',
      '2026010100/',
      '2026010100/../x',
      '2026010100/a/b',
      '../2026010100/a',
      '2026010100/A',
      '2026010100/a\0',
      '/2026010100/a',
      '2026010100/..',
    ]) {
      it(`refuses a key of another form: ${JSON.stringify(key)}`, async () => {
        await assert.rejects(put(key, 'x'), /Not a key/);
        await assert.rejects(async () => storage.read(key), /Not a key/);
        await assert.rejects(async () => storage.stat(key), /Not a key/);
        await assert.rejects(async () => storage.delete(key), /Not a key/);
      });
    }
  });
}

/** A directory of its own for a test, and its removal. */
export async function temporaryDirectory(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'octavo-storage-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** The bytes of a file, in pieces. */
export async function* chunks(bytes: readonly (string | Buffer)[]): AsyncGenerator<Uint8Array> {
  for (const one of bytes) yield typeof one === 'string' ? Buffer.from(one) : one;
}
