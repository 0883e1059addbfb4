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
  open as openFile,
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
import { nothingNeeded } from '../../src/storage/storage.ts';
import { chunks, conformsAsStorage, temporaryDirectory } from './conformance.ts';

conformsAsStorage('a local directory', async () => {
  const directory = await temporaryDirectory();
  const local = join(directory.path, 'jobs');
  await mkdir(local);
  return {
    storage: await createFileStorage({ directory: directory.path }),
    local,
    async flip(key, at) {
      const file = await openFile(join(directory.path, 'files', key), 'r+');
      const { buffer } = await file.read(Buffer.alloc(1), 0, 1, at);
      await file.write(Buffer.from([(buffer[0] as number) ^ 1]), 0, 1, at);
      await file.close();
    },
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
      await storage.put('209901010000/aa', chunks(['x']), 10);
      assert.equal(await modeOf(at('files', '209901010000', 'aa')), '644');
      assert.equal(await modeOf(at('files', '209901010000')), '700');
      assert.equal(await modeOf(at('files')), '700');
      assert.equal(await modeOf(at('partial')), '700');
    } finally {
      process.umask(umask);
    }
  });

  it('places by hard link, so that nothing is copied', async () => {
    const storage = await createFileStorage({ directory: directory.path });
    const { key } = await storage.put('209901010000/linked', chunks(['x']), 10);
    await storage.place(key, at('placed'));
    assert.equal((await stat(at('placed'))).ino, (await stat(at('files', key))).ino);
  });

  it(
    'adopts what a box wrote as another user, and takes it over',
    { skip: process.getuid?.() !== 0 && 'needs root' },
    async () => {
      const storage = await createFileStorage({ directory: directory.path });
      await writeFile(at('result'), 'x');
      await chmod(at('result'), 0o4777);
      await chown(at('result'), 65_534, 65_534);
      const { key } = await storage.adopt('209901010000/result-1', at('result'));
      const stored = await stat(at('files', key));
      assert.deepEqual([stored.uid, stored.gid, stored.mode & 0o7777], [0, process.getgid?.(), 0o644]);
    },
  );

  it('adopts no link to elsewhere, and nothing that is no plain file', async () => {
    const storage = await createFileStorage({ directory: directory.path });
    await writeFile(at('secret'), 'secret');
    await symlink(at('secret'), at('lying'));
    await assert.rejects(storage.adopt('209901010000/lying', at('lying')), StorageError);
    await assert.rejects(storage.adopt('209901010000/lying', at('files')), /no plain file/);
    assert.equal(await storage.find('209901010000/lying'), null);
    assert.equal(await readFile(at('secret'), 'utf8'), 'secret');
  });

  it('adopts a file with a second name, as an operation may hand on its input', async () => {
    const storage = await createFileStorage({ directory: directory.path });
    const { key } = await storage.put('209901010000/input', chunks(['same']), 10);
    await link(at('files', key), at('handed-on'));
    await storage.adopt('209901010000/output', at('handed-on'));
    assert.equal((await storage.find('209901010000/output'))?.sizeBytes, 4);
    assert.equal((await storage.find('209901010000/input'))?.sizeBytes, 4);
  });

  it(
    'copies from and to another file system, where it cannot rename or link',
    { skip: !hasOtherFileSystem && 'there is no other one' },
    async () => {
      const storage = await createFileStorage({ directory: directory.path });
      const other = await mkdtemp('/dev/shm/octavo-');
      await writeFile(join(other, 'result'), 'from elsewhere');
      const stored = await storage.adopt('209901010000/elsewhere-1', join(other, 'result'));
      assert.deepEqual(await storage.find('209901010000/elsewhere-1'), stored);
      await assert.rejects(stat(join(other, 'result')), { code: 'ENOENT' });
      assert.equal((await storage.place(stored.key, join(other, 'input')))?.sizeBytes, 14);
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
    await storage.sweep(new Date(0), nothingNeeded);
    assert.deepEqual((await readdir(at('partial'))).toSorted(), [names.own, names.elsewhere].toSorted());
    for (const name of [names.own, names.elsewhere]) await rm(at('partial', name));
  });

  it('goes on when another process has swept a minute away', async () => {
    const storage = await createFileStorage({ directory: directory.path });
    await storage.put('202501010000/aa', chunks(['x']), 10);
    await rm(at('files', '202501010000'), { recursive: true });
    await storage.put('202501010000/bb', chunks(['y']), 10);
    assert.equal((await storage.find('202501010000/bb'))?.sizeBytes, 1);
  });

  it('sweeps the hours of an earlier version, a crash between a version and its slot, and slots without a version', async () => {
    const storage = await createFileStorage({ directory: directory.path });
    for (const hour of ['2025010100', '2099010100']) {
      await mkdir(at('files', hour));
      await writeFile(at('files', hour, 'old.1'), 'old');
    }
    const { key } = await storage.put('209901010005/kept', chunks(['x']), 10);
    const orphan = key.replace('/kept.', '/orphan.');
    await writeFile(at('files', orphan), 'x');
    await symlink('gone.1.a', at('files', '209901010005', 'nothing'));
    const start = Date.now();
    for (const afterMs of [0, 61_000]) await storage.sweep(new Date(start + afterMs), nothingNeeded);
    assert.deepEqual(
      (await readdir(at('files', '209901010005'))).toSorted(),
      ['kept', key.split('/')[1]].toSorted(),
    );
    assert.equal(existsSync(at('files', '2025010100')), false);
    assert.equal(existsSync(at('files', '2099010100')), true);
    await rm(at('files', '2099010100'), { recursive: true });
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
