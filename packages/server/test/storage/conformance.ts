import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { buffer } from 'node:stream/consumers';
import { Failure } from '../../src/errors.ts';
import { nothingNeeded, type Needed, type Storage } from '../../src/storage/storage.ts';

/** One backend under test; `local` is a directory from which it adopts files and to which it places them. */
export interface StorageUnderTest {
  readonly storage: Storage;
  readonly local: string;
  /** Changes one byte of the stored bytes of a key, behind the back of the backend. */
  flip(key: string, at: number): Promise<void>;
  close(): Promise<void>;
}

/** Larger than what any backend checks in one go. */
const large = Buffer.from(
  Array.from({ length: 1_500_000 }, (_, index) => (index * 31 + (index >> 11)) % 251),
);

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
    const bytesOf = async (key: string, range?: { start: number; end: number }): Promise<string | null> => {
      const stream = await storage.read(key, range);
      return stream === null ? null : (await buffer(stream)).toString('latin1');
    };
    const bytesAt = async (slot: string): Promise<string | null> => {
      const file = await storage.find(slot);
      return file === null ? null : bytesOf(file.key);
    };
    const put = (slot: string, ...bytes: (string | Buffer)[]) => storage.put(slot, chunks(bytes), 5_000_000);
    const allKeys = async (minute: string) => {
      const keys: string[] = [];
      for await (const key of storage.keys()) if (key.startsWith(minute)) keys.push(key);
      return keys.toSorted();
    };

    it('can be used', async () => {
      await storage.probe();
    });

    it('gives back what was put, under a key that says which bytes it means', async () => {
      const stored = await put('209901010000/aa', 'first ', '', 'second');
      assert.equal(stored.sizeBytes, 12);
      assert.equal(stored.sha256, createHash('sha256').update('first second').digest('hex'));
      assert.match(stored.key, new RegExp(`^209901010000/aa\\.[0-9a-z]{20}\\.${stored.sha256}$`));
      assert.equal(await bytesOf(stored.key), 'first second');
      assert.deepEqual(await storage.find('209901010000/aa'), stored);
      assert.equal(await storage.sizeOf('209901010000/aa'), 12);
      assert.deepEqual(await storage.stat(stored.key), stored);
      assert.match(stored.etag, /^[\w-]+$/);
    });

    it('holds files of no bytes, and of many', async () => {
      const empty = await put('209901010000/empty');
      assert.equal(empty.sizeBytes, 0);
      assert.equal(await bytesOf(empty.key), '');
      const parts = Array.from({ length: 300 }, (_, index) =>
        Buffer.alloc(1 + ((index * 37) % 5_000), index),
      );
      const many = await put('209901010000/many', ...parts);
      assert.equal(await bytesOf(many.key), Buffer.concat(parts).toString('latin1'));
      assert.equal(many.sha256, createHash('sha256').update(Buffer.concat(parts)).digest('hex'));
    });

    it('says null and 0 of what is not there', async () => {
      const none = `209901010000/none.${'0'.repeat(20)}.${'a'.repeat(64)}`;
      const noMinute = none.replace('2099', '2098');
      assert.equal(await storage.find('209901010000/none'), null);
      assert.equal(await storage.sizeOf('209901010000/none'), null);
      assert.equal(await storage.find('209801010000/none'), null);
      assert.equal(await storage.stat(none), null);
      assert.equal(await storage.read(none), null);
      assert.equal(await storage.read(noMinute, { start: 0, end: 1 }), null);
      assert.equal(await storage.place(none, join(opened.local, 'none')), null);
      assert.equal(await storage.delete('209901010000/none', nothingNeeded), 0);
    });

    it('reads ranges, both ends counted', async () => {
      const { key } = await put('209901010000/range', '0123456789');
      assert.equal(await bytesOf(key, { start: 0, end: 0 }), '0');
      assert.equal(await bytesOf(key, { start: 3, end: 5 }), '345');
      assert.equal(await bytesOf(key, { start: 8, end: 9 }), '89');
      assert.equal(await bytesOf(key, { start: 0, end: 9 }), '0123456789');
    });

    it('reads ranges of large files too', async () => {
      const { key } = await put('209901010000/ranges', large);
      for (const [start, end] of [
        [0, 0],
        [0, large.length - 1],
        [262_143, 262_144],
        [262_144, 524_287],
        [700_000, 1_400_000],
        [large.length - 1, large.length - 1],
      ] as const)
        assert.ok(
          (await bytesOf(key, { start, end })) === large.subarray(start, end + 1).toString('latin1'),
          `${start}-${end}`,
        );
    });

    it('replaces by a new version, and keeps the old one for who has its key', async () => {
      const first = await put('209901010000/twice', 'one');
      const second = await put('209901010000/twice', 'two');
      assert.notEqual(first.key, second.key);
      assert.notEqual(first.etag, second.etag);
      assert.equal(await bytesAt('209901010000/twice'), 'two');
      assert.equal(await bytesOf(first.key), 'one');
      const third = await put('209901010000/twice', 'one');
      assert.equal(third.etag, first.etag);
      assert.notEqual(third.key, first.key);
      assert.deepEqual(await storage.find('209901010000/twice'), third);
    });

    it('shows nothing before it is whole, and stores nothing when the stream breaks', async () => {
      await put('209901010000/broken', 'before');
      const seen: (string | null)[] = [];
      async function* breaking(): AsyncGenerator<Uint8Array> {
        yield Buffer.alloc(400_000);
        seen.push(await bytesAt('209901010000/broken'));
        throw new Error('the client went away');
      }
      await assert.rejects(storage.put('209901010000/broken', breaking(), 1_000_000), {
        message: 'the client went away',
      });
      assert.deepEqual([...seen, await bytesAt('209901010000/broken')], ['before', 'before']);
      assert.equal((await allKeys('209901010000/broken')).length, 1);
    });

    it('refuses what is larger than may be, and takes what is as large', async () => {
      await storage.put('209901010000/limit', chunks(['12345', '67890']), 10);
      await assert.rejects(storage.put('209901010000/over', chunks(['12345', '678901']), 10), (error) => {
        return error instanceof Failure && error.row === 'uploadTooLarge';
      });
      assert.equal(await storage.find('209901010000/over'), null);
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
      await assert.rejects(storage.put('209901010000/endless', endless(), 100_000), Failure);
      assert.ok(ended);
    });

    it('adopts a finished file, which leaves its place', async () => {
      for (const [size, bytes] of [
        ['small', Buffer.from('%PDF result')],
        ['large', large],
      ] as const) {
        const path = join(opened.local, 'result');
        await writeFile(path, bytes);
        const stored = await storage.adopt(`209901010001/${size}-1`, path);
        assert.equal(stored.sizeBytes, bytes.length);
        assert.equal(stored.sha256, createHash('sha256').update(bytes).digest('hex'));
        assert.deepEqual(await storage.find(`209901010001/${size}-1`), stored);
        assert.ok((await bytesOf(stored.key)) === bytes.toString('latin1'));
        await assert.rejects(stat(path), { code: 'ENOENT' });
        await assert.rejects(storage.adopt(`209901010001/${size}-1`, path));
        assert.deepEqual(await storage.find(`209901010001/${size}-1`), stored);
      }
    });

    it('places a file on local disk, whole, as it was then', async () => {
      const stored = await put('209901010001/placed', 'input');
      const path = join(opened.local, 'input');
      assert.deepEqual(await storage.place(stored.key, path), stored);
      await put('209901010001/placed', 'changed');
      await storage.delete('209901010001/placed', nothingNeeded);
      assert.equal(await readFile(path, 'utf8'), 'input');
      assert.equal(await storage.place(stored.key, join(opened.local, 'gone')), null);
    });

    it('places nothing over what is there, and nothing where no directory is', async () => {
      const { key } = await put('209901010001/placed', 'input');
      const path = join(opened.local, 'taken');
      await writeFile(path, 'mine');
      await assert.rejects(storage.place(key, path));
      assert.equal(await readFile(path, 'utf8'), 'mine');
      await assert.rejects(storage.place(key, join(opened.local, 'no', 'such')));
    });

    const isDamaged = (error: unknown) =>
      error instanceof Failure && error.row === 'fileDamaged' && !/aa|2099/.test(error.message);

    for (const at of [0, 5]) {
      it(`gives no byte of a small file of which byte ${at} was changed`, async () => {
        const { key } = await put(`209901010002/flipped-${at}`, 'stored');
        await opened.flip(key, at);
        await assert.rejects(storage.read(key), isDamaged);
        await assert.rejects(storage.read(key, { start: 2, end: 3 }), isDamaged);
        await assert.rejects(storage.place(key, join(opened.local, 'damaged')), isDamaged);
        await assert.rejects(stat(join(opened.local, 'damaged')), { code: 'ENOENT' });
      });
    }

    for (const at of [0, 700_000, large.length - 1]) {
      it(`never gives the whole of a large file of which byte ${at} was changed, nor a wrong part`, async () => {
        const { key } = await put(`209901010002/large-${at}`, large);
        await opened.flip(key, at);
        const received: Buffer[] = [];
        await assert.rejects(async () => {
          for await (const piece of (await storage.read(key)) ?? []) received.push(piece as Buffer);
        }, isDamaged);
        assert.ok(Buffer.concat(received).length < large.length);
        await assert.rejects(storage.read(key, { start: 300_000, end: 300_001 }), isDamaged);
        await assert.rejects(storage.place(key, join(opened.local, 'damaged')), isDamaged);
      });
    }

    it('gives no wrong part of a large file that was changed after another part was read', async () => {
      const { key } = await put('209901010002/later', large);
      assert.equal((await bytesOf(key, { start: 700_000, end: 700_009 }))?.length, 10);
      await opened.flip(key, 700_005);
      await assert.rejects(bytesOf(key, { start: 700_000, end: 700_009 }), isDamaged);
    });

    it('deletes a slot with all its versions, but those that are needed', async () => {
      const first = await put('209901010003/deleted', 'x');
      const second = await put('209901010003/deleted', 'y');
      const other = await put('209901010003/deleted-1', 'other');
      assert.equal(await storage.delete('209901010003/deleted', needs(first.key)), 1);
      assert.equal(await storage.find('209901010003/deleted'), null);
      assert.equal(await storage.stat(second.key), null);
      assert.equal(await bytesOf(first.key), 'x');
      assert.equal(await bytesOf(other.key), 'other');
      const third = await put('209901010003/deleted', 'z');
      assert.deepEqual(await storage.find('209901010003/deleted'), third);
      assert.equal(await storage.delete('209901010003/deleted', nothingNeeded), 2);
      assert.deepEqual(await allKeys('209901010003'), [other.key]);
    });

    it('sweeps minutes that have passed, but what is needed, and says how many files went', async () => {
      const [a, b, c, d] = await Promise.all(
        ['202512312201/a', '202512312201/b', '202512312202/c', '202512312203/d'].map((slot) =>
          put(slot, slot),
        ),
      );
      assert.ok(a && b && c && d);
      // What other tests have left is none of this one's business.
      const needs2025 = (...keys: string[]): Needed => {
        const needed = needs(...keys);
        return async (asked) =>
          new Set([...(await needed(asked)), ...asked.filter((key) => key.startsWith('2099'))]);
      };
      const at = (text: string) => new Date(`2025-12-31T${text}Z`);
      assert.equal(await storage.sweep(at('22:00:59'), needs2025()), 0);
      assert.equal(await storage.sweep(at('22:02:00'), needs2025(b.key)), 2);
      for (const gone of [a, c]) assert.equal(await storage.stat(gone.key), null);
      assert.equal(await bytesOf(b.key), '202512312201/b');
      assert.equal(await bytesAt('202512312203/d'), '202512312203/d');
      assert.equal(await storage.sweep(at('22:02:00'), needs2025()), 1);
      assert.equal(await storage.sweep(at('22:02:59'), needs2025()), 0);
      const again = await put('202512312201/again', 'x');
      assert.equal(await bytesOf(again.key), 'x');
      assert.equal(await storage.sweep(at('23:00:00'), needs2025()), 2);
      assert.deepEqual(await allKeys('2025'), []);
    });

    it('sweeps versions that were replaced, but what is needed, and not before a minute has passed', async () => {
      const first = await put('209901010004/stray', 'first');
      const second = await put('209901010004/stray', 'second');
      const third = await put('209901010004/stray', 'third');
      const all = [first, second, third].map(({ key }) => key).toSorted();
      const start = Date.now() + 120_000;
      const sweep = (afterMs: number, ...needed: string[]) =>
        storage.sweep(new Date(start + afterMs), needs(...needed));
      await sweep(0);
      await sweep(30_000);
      assert.deepEqual(await allKeys('209901010004'), all);
      await sweep(61_000, first.key);
      assert.deepEqual(await allKeys('209901010004'), [first.key, third.key].toSorted());
      await sweep(70_000, first.key);
      assert.equal(await bytesOf(first.key), 'first');
      await sweep(80_000);
      assert.deepEqual(await allKeys('209901010004'), [third.key]);
      await sweep(200_000);
      assert.equal(await bytesAt('209901010004/stray'), 'third');
    });

    it('sweeps nothing when nobody can tell what is needed', async () => {
      const { key } = await put('202512312201/a', 'x');
      const away: Needed = async () => {
        throw new Error('away');
      };
      await assert.rejects(storage.sweep(new Date('2025-12-31T23:00:00Z'), away), /away/);
      assert.equal(await bytesOf(key), 'x');
    });

    it('is swept by several at once', async () => {
      const slots = Array.from({ length: 200 }, (_, index) => `20251231220${index % 4}/${index}`);
      await Promise.all(slots.map((slot) => put(slot, slot)));
      const now = new Date('2025-12-31T23:00:00Z');
      await Promise.all(Array.from({ length: 4 }, () => storage.sweep(now, nothingNeeded)));
      assert.deepEqual(await allKeys('2025'), []);
    });

    it('takes many at once, into minutes that are new', async () => {
      const slots = Array.from({ length: 60 }, (_, index) => `20990302000${index % 3}/${index}`);
      await Promise.all(slots.map((slot) => put(slot, slot)));
      assert.deepEqual(await Promise.all(slots.map((slot) => bytesAt(slot))), slots);
    });

    it('takes one slot many times at once: one of them, whole', async () => {
      const values = Array.from({ length: 20 }, (_, index) => String(index).repeat(5_000));
      const stored = await Promise.all(values.map((value) => put('209903030000/one', value)));
      assert.equal(new Set(stored.map(({ key }) => key)).size, 20);
      assert.ok(values.includes((await bytesAt('209903030000/one')) ?? ''));
    });

    for (const wrong of [
      '',
      'a',
      '209901010000/',
      '209901010000/../x',
      '209901010000/a/b',
      '../209901010000/a',
      '209901010000/A',
      '209901010000/a\0',
      '209901010000/a.b',
      '/209901010000/a',
      '209901010000/..',
      '2099010100/a',
    ]) {
      it(`refuses slots and keys of another form: ${JSON.stringify(wrong)}`, async () => {
        await assert.rejects(put(wrong, 'x'), /Not a slot/);
        await assert.rejects(async () => storage.find(wrong), /Not a slot/);
        await assert.rejects(async () => storage.delete(wrong, nothingNeeded), /Not a slot/);
        const key = `${wrong}.${'0'.repeat(20)}.${'a'.repeat(64)}`;
        for (const one of [wrong, key]) {
          await assert.rejects(async () => storage.read(one), /Not a key/);
          await assert.rejects(async () => storage.stat(one), /Not a key/);
        }
      });
    }
  });
}

/** Only these are needed. */
export function needs(...needed: readonly string[]): Needed {
  return async (keys) => new Set(keys.filter((key) => needed.includes(key)));
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
