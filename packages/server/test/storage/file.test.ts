import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import {
  chmod,
  chown,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createDirectorySync } from '../../src/storage/durable.ts';
import { explain, StorageError } from '../../src/storage/failed.ts';
import { createFileStorage } from '../../src/storage/file.ts';
import { temporaryName } from '../../src/storage/leftovers.ts';
import { chunks, conformsAsStorage, temporaryDirectory } from './conformance.ts';

conformsAsStorage('a local directory', async () => {
  const directory = await temporaryDirectory();
  const local = join(directory.path, 'jobs');
  await mkdir(local);
  return {
    storage: await createFileStorage({ directory: directory.path }),
    local,
    close: () => directory.remove(),
  };
});

const hasOtherFileSystem = existsSync('/dev/shm') && statSync('/dev/shm').dev !== statSync(tmpdir()).dev;

describe('a local directory', () => {
  let directory: { readonly path: string; remove(): Promise<void> };
  before(async () => {
    directory = await temporaryDirectory();
  });
  after(() => directory.remove());
  const at = (...names: string[]) => join(directory.path, ...names);
  const modeOf = async (path: string) => ((await stat(path)).mode & 0o7777).toString(8);

  it('keeps files readable for a box of another user, in directories that only we can enter, whatever the umask', async () => {
    const umask = process.umask(0o077);
    try {
      const storage = await createFileStorage({ directory: directory.path });
      await storage.put('2026010100/aa', chunks(['x']), 10);
      assert.equal(await modeOf(at('files', '2026010100', 'aa')), '644');
      assert.equal(await modeOf(at('files', '2026010100')), '700');
      assert.equal(await modeOf(at('files')), '700');
      assert.equal(await modeOf(at('partial')), '700');
    } finally {
      process.umask(umask);
    }
  });

  it('places by hard link, so that nothing is copied', async () => {
    const storage = await createFileStorage({ directory: directory.path });
    await storage.put('2026010100/linked', chunks(['x']), 10);
    await storage.place('2026010100/linked', at('placed'));
    assert.equal((await stat(at('placed'))).ino, (await stat(at('files', '2026010100', 'linked'))).ino);
  });

  it(
    'adopts what a box wrote as another user, and takes it over',
    { skip: process.getuid?.() !== 0 && 'needs root' },
    async () => {
      const storage = await createFileStorage({ directory: directory.path });
      await writeFile(at('result'), 'x');
      await chmod(at('result'), 0o4777);
      await chown(at('result'), 65_534, 65_534);
      await storage.adopt('2026010100/result.1', at('result'));
      const stored = await stat(at('files', '2026010100', 'result.1'));
      assert.deepEqual([stored.uid, stored.gid, stored.mode & 0o7777], [0, process.getgid?.(), 0o644]);
    },
  );

  it('adopts no link to elsewhere, and nothing that is no plain file', async () => {
    const storage = await createFileStorage({ directory: directory.path });
    await writeFile(at('secret'), 'secret');
    await symlink(at('secret'), at('lying'));
    await assert.rejects(storage.adopt('2026010100/lying', at('lying')), StorageError);
    await assert.rejects(storage.adopt('2026010100/lying', at('files')), /no plain file/);
    assert.equal(await storage.stat('2026010100/lying'), null);
    assert.equal(await readFile(at('secret'), 'utf8'), 'secret');
  });

  it('adopts a file with a second name, as an operation may hand on its input', async () => {
    const storage = await createFileStorage({ directory: directory.path });
    await storage.put('2026010100/input', chunks(['same']), 10);
    await link(at('files', '2026010100', 'input'), at('handed-on'));
    await storage.adopt('2026010100/output', at('handed-on'));
    assert.equal((await storage.stat('2026010100/output'))?.sizeBytes, 4);
    assert.equal((await storage.stat('2026010100/input'))?.sizeBytes, 4);
  });

  it(
    'copies from and to another file system, where it cannot rename or link',
    { skip: !hasOtherFileSystem && 'there is no other one' },
    async () => {
      const storage = await createFileStorage({ directory: directory.path });
      const other = await mkdtemp('/dev/shm/octavo-');
      await writeFile(join(other, 'result'), 'from elsewhere');
      const stored = await storage.adopt('2026010100/elsewhere.1', join(other, 'result'));
      assert.deepEqual(await storage.stat('2026010100/elsewhere.1'), stored);
      await assert.rejects(stat(join(other, 'result')), { code: 'ENOENT' });
      assert.equal((await storage.place('2026010100/elsewhere.1', join(other, 'input')))?.sizeBytes, 14);
      assert.equal(await readFile(join(other, 'input'), 'utf8'), 'from elsewhere');
      await rm(other, { recursive: true });
    },
  );

  it('removes at its start what dead processes left, and what is old; not what a live one writes', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await once(child, 'spawn');
    const [host, , random] = temporaryName().split('.') as [string, string, string];
    const names = {
      own: temporaryName(),
      live: `${host}.${child.pid}.${random}`,
      elsewhere: `00000000.1.${random}`,
      old: `00000000.2.${random}`,
      dead: `${host}.${2 ** 22 + 1}.${random}`,
    };
    for (const name of Object.values(names)) await writeFile(at('partial', name), 'x');
    const twoHoursAgo = new Date(Date.now() - 2 * 3_600_000);
    await utimes(at('partial', names.old), twoHoursAgo, twoHoursAgo);
    const storage = await createFileStorage({ directory: directory.path });
    assert.deepEqual((await readdir(at('partial'))).toSorted(), [names.live, names.elsewhere].toSorted());
    // While it runs, a file of its own is an upload.
    await writeFile(at('partial', names.own), 'x');
    child.kill('SIGKILL');
    await once(child, 'exit');
    await storage.sweep('2000010100');
    assert.deepEqual((await readdir(at('partial'))).toSorted(), [names.own, names.elsewhere].toSorted());
    for (const name of [names.own, names.elsewhere]) await rm(at('partial', name));
  });

  it('goes on when another process has swept an hour away', async () => {
    const storage = await createFileStorage({ directory: directory.path });
    await storage.put('2025010100/aa', chunks(['x']), 10);
    await rm(at('files', '2025010100'), { recursive: true });
    await storage.put('2025010100/bb', chunks(['y']), 10);
    assert.equal((await storage.stat('2025010100/bb'))?.sizeBytes, 1);
  });

  it('leaves nothing in its workshop', async () => {
    assert.deepEqual(await readdir(at('partial')), []);
  });

  it('tells the operator what is wrong', async () => {
    const storage = await createFileStorage({ directory: directory.path });
    await rm(at('partial'), { recursive: true });
    await writeFile(at('partial'), 'in the way');
    await assert.rejects(storage.probe(), (error) => {
      return (
        error instanceof StorageError &&
        error.detail?.includes(directory.path) === true &&
        !error.message.includes(directory.path) &&
        /no directory/.test(error.detail)
      );
    });
    await assert.rejects(createFileStorage({ directory: at('secret', 'below') }), StorageError);
  });

  it('explains a full disk, and leaves errors of the client as they are', () => {
    const full = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: 'write' });
    assert.match((explain(full, '/data') as StorageError).detail ?? '', /The disk is full: free some space/);
    const odd = Object.assign(new Error('ELOOP'), { code: 'ELOOP', syscall: 'open' });
    assert.match((explain(odd, '/data') as StorageError).detail ?? '', /answered ELOOP to open/);
    for (const other of [
      new Error('x'),
      Object.assign(new Error('aborted'), { code: 'ECONNRESET' }),
      'text',
    ]) {
      assert.equal(explain(other, '/data'), other);
    }
  });
});

describe('the shared fsync of a directory', () => {
  it('begins after each rename that it stands for, and is shared by those who wait', async () => {
    const directory = await temporaryDirectory();
    const sync = createDirectorySync();
    const first = sync(directory.path);
    const second = sync(directory.path);
    const third = sync(directory.path);
    assert.notEqual(first, second);
    assert.equal(second, third);
    await Promise.all([first, second]);
    const later = sync(directory.path);
    assert.notEqual(later, second);
    await later;
    await directory.remove();
    await assert.rejects(sync(directory.path), { code: 'ENOENT' });
    await assert.rejects(sync(directory.path), { code: 'ENOENT' });
  });
});
