import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes, randomInt } from 'node:crypto';
import { statfsSync, writeFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { Failure } from '../../src/errors.ts';
import { createFiles } from '../../src/jobs/files.ts';
import { noQuotas } from '../../src/jobs/quotas.ts';
import { tokenOf } from '../../src/links/links.ts';
import { createFileStorage } from '../../src/storage/file.ts';
import { createRoom } from '../../src/storage/room.ts';
import { nothingNeeded } from '../../src/storage/storage.ts';
import { open, temporaryDirectory } from '../database/harness.ts';
import { startEdge } from '../http/edge.ts';
import { copyOf, startWorld, write } from '../jobs/harness.ts';
import { chunks } from './conformance.ts';

const megabyte = 1024 * 1024;

describe('a disk with little space left', () => {
  const directory = temporaryDirectory();
  const freeBytes = () => {
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize;
  };
  const isFull = (error: unknown) =>
    error instanceof Failure && error.row === 'storageFull' && error.status === 503;

  it('takes nothing more, and says to the operator alone which setting that is', async () => {
    const storage = await createFileStorage({
      directory,
      room: createRoom({ directory, freeBytesMin: freeBytes() * 2 }),
    });
    await assert.rejects(storage.put('209901010000/a', chunks(['x']), 10), (error) => {
      assert.ok(isFull(error));
      assert.doesNotMatch((error as Failure).message, /octavo-|OCTAVO/);
      return /OCTAVO_DISK_FREE_MB/.test((error as Failure).detail ?? '');
    });
    assert.deepEqual(await readdir(join(directory, 'partial')), []);
    assert.equal(await storage.find('209901010000/a'), null);
  });

  it('ends an upload in the middle, before the mark is passed', async () => {
    // The disk is looked at no more often than once a second; what we write ourselves counts at once.
    const room = createRoom({ directory, freeBytesMin: freeBytes() - 50 * megabyte });
    const storage = await createFileStorage({ directory, room });
    let sent = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        yield Buffer.alloc(megabyte);
        sent++;
      }
    }
    await assert.rejects(storage.put('209901010000/b', endless(), Number.MAX_SAFE_INTEGER), isFull);
    assert.ok(sent < 200, `${sent} MB were taken`);
    assert.deepEqual(await readdir(join(directory, 'partial')), []);
  });

  it('accepts no job, and does as soon as there is space', async () => {
    await using database = await open(temporaryDirectory());
    let full = true;
    const room = {
      says: () => undefined,
      take() {
        if (full) throw new Failure('storageFull');
      },
    };
    await using world = await startWorld(database, directory, { write }, { room });
    await assert.rejects(world.accept('write'), isFull);
    full = false;
    assert.equal((await world.end(await world.accept('write'))).status, 'success');
  });
});

/** Only root may mount. */
function whyNotMounted(): string | false {
  if (process.getuid?.() !== 0) return 'needs root';
  const path = temporaryDirectory();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', path], { stdio: 'pipe' });
    execFileSync('umount', [path]);
    return false;
  } catch (error) {
    if (process.env['OCTAVO_REQUIRE_ENGINES'] === '1') throw error;
    return 'nothing can be mounted here';
  }
}

const skip = whyNotMounted();

for (const markMb of [8, 0]) {
  describe(`64 MB that are filled at random moments, with a mark of ${markMb} MB`, { skip }, () => {
    const directory = temporaryDirectory();
    const filler = join(directory, 'filler');
    before(() => execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', directory]));
    after(() => execFileSync('umount', ['-l', directory]));

    it('give clear errors, go on to be read, hold nothing corrupt, and take files again afterwards', async () => {
      const room = createRoom({ directory, freeBytesMin: markMb * megabyte });

      const storage = await createFileStorage({ directory: join(directory, 'files'), room });
      const clock = { now: () => Date.UTC(2026, 0, 1) };
      const files = createFiles({
        storage,
        queue: { findByResult: async () => null, forgetResult: async () => {} },
        clock,
        needed: nothingNeeded,
        quotas: noQuotas,
      });
      await using edge = await startEdge({}, { storage, files, clock });
      await using database = await open(temporaryDirectory());
      await using world = await startWorld(database, directory, { write }, { storage, room, clock });
      const stored = new Map<string, string>();
      let refused = 0;

      const upload = async () => {
        const bytes = randomBytes(randomInt(1, 3 * megabyte));
        const { put, file } = await edge.presign('a.bin');
        const answer = await fetch(edge.base + put, { method: 'PUT', body: bytes });
        if (answer.status === 200) return stored.set(file, digestOf(bytes));
        refused++;
        const { error, status, message } = (await answer.json()) as Record<string, unknown>;
        assert.deepEqual([answer.status, error, status], [503, true, 503]);
        assert.match(String(message), /no room for more files|cannot be stored at the moment/);
        assert.equal(answer.headers.get('retry-after'), '2');
      };
      const linkAt = (file: string) => edge.links.read(tokenOf(file) ?? '') ?? assert.fail();
      const fill = () => {
        try {
          writeFileSync(filler, Buffer.alloc(randomInt(40, 64) * megabyte));
        } catch {
          // As much as there was room for.
        }
      };
      const readAll = async () => {
        for (const [file, digest] of stored) {
          const answer = await fetch(edge.base + file);
          assert.equal(answer.status, 200);
          assert.equal(digestOf(Buffer.from(await answer.arrayBuffer())), digest);
        }
      };
      const makeSpace = async () => {
        await rm(filler, { force: true });
        for (const file of [...stored.keys()].slice(0, stored.size / 2)) {
          await files.delete(linkAt(file));
          stored.delete(file);
        }
      };

      for (let round = 0; round < 6; round++) {
        const uploads = Array.from({ length: 12 }, upload);
        await new Promise((resolve) => setTimeout(resolve, randomInt(0, 60)));
        fill();
        await Promise.all([...uploads, ...Array.from({ length: 12 }, upload)]);
        await readAll();
        await makeSpace();
      }
      assert.ok(refused > 0);
      await rm(filler, { force: true });
      // After a refusal it takes some milliseconds until the disk is looked at again.
      for (let tries = 0, known = -1; refused !== known; tries++) {
        assert.ok(tries < 1_000, 'it takes nothing although there is space');
        known = refused;
        await upload();
      }
      await readAll();
      assert.deepEqual(await readdir(join(directory, 'files', 'partial')), []);

      const [file, digest] = [...stored].at(-1) ?? assert.fail();
      const source = { kind: 'part', token: world.links.file(linkAt(file)), name: 'a' } as const;
      const key = (await world.jobs.sources.check(source, 0)) ?? assert.fail();
      const job = await world.end(
        await world.jobs.queue.accept({ ...copyOf(source), tenant: 0, needs: [key] }),
      );
      assert.equal(job.status, 'success');
      assert.ok(job.outcome?.storageKey.endsWith(digest));
    });
  });
}

function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
