import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { buffer } from 'node:stream/consumers';
import { Failure } from '../../src/errors.ts';
import { StorageError } from '../../src/storage/failed.ts';
import { patient } from '../../src/storage/s3-bucket.ts';
import { createS3Storage } from '../../src/storage/s3.ts';
import { nothingNeeded, type Storage } from '../../src/storage/storage.ts';
import { chunks, conformsAsStorage, needs, temporaryDirectory } from './conformance.ts';
import { bucketFor, s3, type TestBucket } from './s3-bucket.ts';
import { type Fault, type FaultyS3, faultyS3, type Passed } from './s3-faults.ts';

const megabyte = 1024 * 1024;
const impatient = { ...patient, attempts: 6, pauseMs: 5, pauseMsMax: 20, idleMs: 1_000 };

if (s3 === undefined)
  it('S3 is tested where OCTAVO_TEST_S3 names a server: see test/services/radosgw', { skip: true });
else testOn(s3);

function testOn(server: string): void {
  conformsAsStorage('a bucket of S3', async () => {
    const directory = await temporaryDirectory();
    const bucket = await bucketFor('conformance');
    const local = join(directory.path, 'jobs');
    await mkdir(local);
    return {
      storage: await createS3Storage({ location: bucket.location, directory: directory.path }),
      local,
      async flip(key, at) {
        const bytes = await bucket.get(key);
        bytes[at] = (bytes[at] as number) ^ 1;
        await bucket.put(key, bytes);
      },
      close: () => directory.remove(),
    };
  });

  describe('a bucket of S3 behind a bad connection', () => {
    let directory: { readonly path: string; remove(): Promise<void> };
    let bucket: TestBucket;
    let between: FaultyS3;
    let storage: Storage;
    const small = Buffer.from('a small file');
    const large = Buffer.alloc(megabyte + 7, 'large ');
    // Parts of 16 MB, the last one a short one.
    const huge = Buffer.alloc(2 * 16 * megabyte + 5, 'huge ');

    before(async () => {
      directory = await temporaryDirectory();
      bucket = await bucketFor('faults');
      // Of somebody else; the server makes ready for uploads in parts with the first of them, which takes long.
      await bucket.beginUpload('not-ours');
      between = await faultyS3(server);
      storage = await createS3Storage({
        location: { ...bucket.location, endpoint: between.endpoint },
        directory: directory.path,
        patience: impatient,
      });
    });
    after(async () => {
      await between.close();
      await directory.remove();
    });

    let slots = 0;
    const newSlot = () => `209901010000/${++slots}`;
    const put = (bytes: Buffer, slot = newSlot()) => storage.put(slot, chunks([bytes]), huge.length);
    const read = async (key: string) => buffer((await storage.read(key)) ?? assert.fail());
    const spooled = () => readdir(join(directory.path, 'partial'));
    /** These faults one after the other for requests like this one, then none. */
    const failing = async <T>(
      isMeant: (request: Passed) => boolean,
      faults: readonly Fault[],
      work: () => Promise<T>,
    ) => {
      const left = [...faults];
      between.fault = (request) => (isMeant(request) ? left.shift() : undefined);
      try {
        const result = await work();
        assert.deepEqual(left, [], 'each fault was met');
        return result;
      } finally {
        between.fault = () => undefined;
      }
    };
    const isPut = ({ method }: Passed) => method === 'PUT';
    const isGet = ({ method, path }: Passed) => method === 'GET' && /\.[0-9a-f]{64}\?/.test(path);
    const isBegin = ({ method, path }: Passed) => method === 'POST' && path.includes('uploads');
    const isEnd = ({ method, path }: Passed) => method === 'POST' && path.includes('uploadId=');

    const slow: Fault = { status: 503, code: 'SlowDown' };
    const inner: Fault = { status: 500, code: 'InternalError' };
    for (const [title, faults] of [
      ['503', [slow, slow, inner]],
      ['a reset', ['reset', 'reset']],
      ['silence', ['silence']],
      ['a cut in the middle', ['half sent', 'half sent']],
      ['a lost answer', ['lost', 'lost']],
    ] as const) {
      it(`stores a file once after ${title}`, async () => {
        for (const bytes of [small, large]) {
          const count = (await bucket.names()).length;
          const { key, sha256 } = await failing(isPut, faults, () => put(bytes));
          assert.equal((await bucket.names()).length, count + 1);
          assert.equal(sha256, createHash('sha256').update(bytes).digest('hex'));
          assert.ok(bytes.equals(await bucket.get(key)));
        }
        assert.deepEqual(await spooled(), []);
      });
    }

    for (const [title, isMeant, faults] of [
      ['a part that is refused, cut or not answered', isPut, [slow, 'half sent', 'lost', 'reset', 'silence']],
      ['a beginning that is refused', isBegin, [slow, 'reset']],
      ['an end that is refused', isEnd, [slow, 'reset']],
      ['an end whose answer is lost', isEnd, ['lost']],
      ['an end whose answer is cut', isEnd, ['half']],
    ] as const) {
      it(`stores a file in parts after ${title}`, async () => {
        const path = join(directory.path, 'result');
        await writeFile(path, huge);
        const slot = newSlot();
        const { key, sizeBytes } = await failing(isMeant, faults, () => storage.adopt(slot, path));
        assert.equal(sizeBytes, huge.length);
        await assert.rejects(stat(path), { code: 'ENOENT' });
        assert.deepEqual(
          (await bucket.names()).filter((name) => name.startsWith(`${slot}.`)),
          [key],
        );
        assert.deepEqual(await bucket.uploads(), ['not-ours']);
        assert.ok(huge.equals(await read(key)));
      });
    }

    it('leaves uploads that nobody ends to the sweep, which takes them after an hour', async () => {
      const { key } = await failing(isBegin, ['lost'], () => put(huge));
      const cut = key.replace('/', '/cut-');
      await bucket.beginUpload(cut);
      assert.deepEqual((await bucket.uploads()).toSorted(), [key, cut, 'not-ours'].toSorted());
      const sweep = (afterMs: number) => storage.sweep(new Date(Date.now() + afterMs), needs(key));
      await sweep(30 * 60_000);
      assert.equal((await bucket.uploads()).length, 3);
      await sweep(61 * 60_000);
      assert.deepEqual(await bucket.uploads(), ['not-ours']);
      assert.ok(huge.equals(await read(key)));
    });

    for (const [title, isMeant, bytes] of [
      ['in one request', isPut, small],
      ['in parts', isPut, huge],
      ['in parts, at their end', isEnd, huge],
    ] as const)
      it(`acknowledges nothing that was not stored, and leaves nothing: ${title}`, async () => {
        for (const fault of [slow, 'reset', 'half sent'] as const) {
          const slot = newSlot();
          between.fault = (request) => (isMeant(request) ? fault : undefined);
          await assert.rejects(put(bytes, slot), isStorageDown);
          between.fault = () => undefined;
          assert.equal(await storage.find(slot), null);
          assert.deepEqual(await spooled(), []);
        }
        assert.deepEqual(await bucket.uploads(), ['not-ours']);
      });

    it('does not show what was stored, but never acknowledged', async () => {
      const slot = newSlot();
      await put(small, slot);
      between.fault = (request) => (isPut(request) ? 'lost' : undefined);
      await assert.rejects(put(large, slot), isStorageDown);
      between.fault = () => undefined;
      assert.equal((await storage.find(slot))?.sizeBytes, small.length);
    });

    it('stores no bytes that were changed on the way', async () => {
      const slot = newSlot();
      between.fault = (request) => (isPut(request) ? 'changed' : undefined);
      await assert.rejects(put(small, slot), isStorageDown);
      await assert.rejects(put(large, slot), isStorageDown);
      between.fault = () => undefined;
      assert.equal(await storage.find(slot), null);
      const { key } = await failing(isPut, ['changed', 'changed'], () => put(large, slot));
      assert.ok(large.equals(await bucket.get(key)));
    });

    it('writes nothing to the console', async (t) => {
      const written = (['log', 'info', 'warn', 'error'] as const).map((name) =>
        t.mock.method(console, name, () => {}),
      );
      await failing(isPut, [slow, 'reset', 'half sent'], () => put(large));
      assert.deepEqual(
        written.flatMap(({ mock }) => mock.calls.map((call) => call.arguments)),
        [],
      );
    });

    it('asks for the size where the tag says nothing, and believes no server that does not have it', async () => {
      const isHead = ({ method }: Passed) => method === 'HEAD';
      between.fault = (request) => (isPut(request) ? 'tag' : undefined);
      const { key } = await put(small);
      assert.ok(small.equals(await bucket.get(key)));
      assert.equal(between.seen.at(-1)?.method, 'HEAD');
      const slot = newSlot();
      const gone: Fault = { status: 404, code: 'NotFound' };
      between.fault = (request) => (isPut(request) ? 'tag' : isHead(request) ? gone : undefined);
      await assert.rejects(put(small, slot), isStorageDown);
      between.fault = () => undefined;
      assert.equal(await storage.find(slot), null);
    });

    for (const [title, faults] of [
      ['503', [slow, slow]],
      ['a reset', ['reset', 'reset']],
      ['silence', ['silence']],
      ['a cut in the middle', ['half', 'half']],
      ['silence in the middle', ['half and silence']],
    ] as const) {
      it(`reads a file on after ${title}, byte for byte`, async () => {
        // Silence takes its time.
        for (const bytes of title.startsWith('silence') ? [large] : [small, large, huge]) {
          const { key } = await put(bytes);
          assert.ok(bytes.equals(await failing(isGet, faults, () => read(key))));
          const path = join(directory.path, `placed-${slots}`);
          await failing(isGet, faults, () => storage.place(key, path));
          assert.ok(bytes.equals(await readFile(path)));
          const end = bytes.length - 2;
          const some = await failing(isGet, faults, async () =>
            buffer((await storage.read(key, { start: 3, end })) ?? assert.fail()),
          );
          assert.ok(bytes.subarray(3, end + 1).equals(some));
        }
      });
    }

    it('is read on by who was so slow that the connection was given up, again and again', async () => {
      const { key } = await put(huge);
      const count = () => between.seen.filter(isGet).length;
      const first = count();
      const received: Buffer[] = [];
      for await (const piece of (await storage.read(key)) ?? assert.fail()) {
        received.push(piece as Buffer);
        const socket = between.seen.findLast(isGet)?.socket;
        if (count() - first < impatient.attempts + 2 && socket?.destroyed === false)
          await new Promise((resolve) => socket.once('close', resolve));
      }
      assert.ok(huge.equals(Buffer.concat(received)));
      assert.ok(count() - first > impatient.attempts);
    });

    it('ends a download that cannot be read on, before its end', async () => {
      const { key } = await put(huge);
      let gets = 0;
      between.fault = (request) =>
        isGet(request) && gets++ > 0 ? slow : isGet(request) ? 'half' : undefined;
      const received: Buffer[] = [];
      await assert.rejects(async () => {
        for await (const piece of (await storage.read(key)) ?? []) received.push(piece as Buffer);
      }, isStorageDown);
      assert.ok(Buffer.concat(received).length < huge.length);
      const path = join(directory.path, 'never');
      await assert.rejects(storage.place(key, path), isStorageDown);
      await assert.rejects(stat(path), { code: 'ENOENT' });
      between.fault = () => undefined;
    });

    it('deletes and sweeps after faults, too', async () => {
      const isDelete = ({ method, path }: Passed) => method === 'POST' && path.includes('delete');
      const { key } = await put(small);
      const slot = key.slice(0, key.indexOf('.'));
      assert.equal(
        await failing(isDelete, [slow, 'lost', 'reset'], () => storage.delete(slot, nothingNeeded)),
        1,
      );
      await put(small, '202501010000/old');
      const now = new Date('2025-06-01');
      assert.equal(
        await failing(isDelete, [slow, 'lost', 'reset'], () => storage.sweep(now, nothingNeeded)),
        1,
      );
      assert.deepEqual(
        (await bucket.names()).filter((name) => name.startsWith('2025') || name.startsWith(`${slot}.`)),
        [],
      );
    });

    for (const [title, fault, says] of [
      [
        'a bucket in another region',
        { status: 301, code: 'PermanentRedirect', headers: { 'x-amz-bucket-region': 'eu-west-1' } },
        /region=eu-west-1 in OCTAVO_STORAGE/,
      ],
      ['a missing right', { status: 403, code: 'AccessDenied' }, /s3:PutObject/],
      ['a wrong clock', { status: 403, code: 'RequestTimeTooSkewed' }, /clock of this machine/],
      ['a server that is overloaded', { status: 503, code: 'SlowDown' }, /answered 503 SlowDown/],
      ['a server that is silent', 'silence', /does not answer/],
    ] as const satisfies readonly (readonly [string, Fault, RegExp])[])
      it(`tells the operator of ${title}, and the client nothing`, async () => {
        between.fault = () => fault;
        await assert.rejects(storage.probe(), saysToOperator(says));
        between.fault = () => undefined;
        await storage.probe();
      });
  });

  describe('a bucket of S3 at the start', () => {
    let directory: { readonly path: string; remove(): Promise<void> };
    let bucket: TestBucket;
    before(async () => {
      directory = await temporaryDirectory();
      bucket = await bucketFor('start');
    });
    after(() => directory.remove());
    const start = (location: TestBucket['location']) =>
      createS3Storage({ location, directory: directory.path, patience: impatient });

    it('is refused where it does not exist, with a sentence', async () => {
      await assert.rejects(
        start({ ...bucket.location, bucket: 'octavo-none' }),
        saysToOperator(/no such bucket.*OCTAVO_STORAGE/),
      );
    });

    it('is refused where nobody listens, with a sentence', async () => {
      const gone = await faultyS3(server);
      await gone.close();
      await assert.rejects(
        start({ ...bucket.location, endpoint: gone.endpoint }),
        saysToOperator(/Nobody listens there: correct endpoint=/),
      );
    });

    for (const [key, secret] of [
      ['OCTAVOTEST', 'wrong-secret'],
      ['UNKNOWN', 'wrong-secret'],
    ] as const)
      it(`is refused with wrong credentials (${key}), which are not shown`, async () => {
        const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = process.env;
        Object.assign(process.env, { AWS_ACCESS_KEY_ID: key, AWS_SECRET_ACCESS_KEY: secret });
        try {
          await assert.rejects(start(bucket.location), (error) => {
            assert.doesNotMatch(JSON.stringify([error, (error as StorageError).detail]), /wrong-secret/);
            return saysToOperator(/does not know the credentials.*AWS_ACCESS_KEY_ID/)(error);
          });
        } finally {
          Object.assign(process.env, { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY });
        }
      });

    it('needs no prefix, and leaves alone what is not its own', async () => {
      const storage = await start({ ...bucket.location, prefix: '' });
      const strangers = ['202501010000/photo.jpg', '202501010000', 'readme.txt', '2025/x'];
      const whole = await bucketFor('whole', '');
      const own = await start(whole.location);
      for (const name of strangers) await whole.put(name, Buffer.from('mine'));
      await own.put('202501010000/a', chunks(['x']), 1);
      assert.equal(await own.sweep(new Date(), nothingNeeded), 1);
      assert.deepEqual((await whole.names()).toSorted(), strangers.toSorted());
      await storage.probe();
    });
  });
}

function isStorageDown(error: unknown): boolean {
  return error instanceof Failure && error.row === 'storageDown';
}

function saysToOperator(sentence: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof StorageError);
    assert.match(error.detail ?? '', sentence);
    assert.doesNotMatch(error.message, /octavo-|127\.0\.0\.1|OCTAVO_/);
    return true;
  };
}
