import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { createFileStorage } from '../../src/storage/file.ts';
import { octavoBin } from '../program/server.ts';

describe('octavo doctor', () => {
  let root: string;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'octavo-doctor-'));
  });
  after(() => rm(root, { recursive: true, force: true }));

  const doctor = (...words: string[]) =>
    new Promise<{ code: number; files: string; browser: string }>((resolve) => {
      const args = [octavoBin, 'doctor', ...words, '--data-dir', join(root, 'data')];
      execFile(process.execPath, args, (error, stdout) => {
        const line = (name: string) =>
          stdout.split('\n').find((one) => new RegExp(`^\\w+ +${name} `).test(one)) ?? stdout;
        const code = typeof error?.code === 'number' ? error.code : 0;
        resolve({ code, files: line('files'), browser: line('engine chromium') });
      });
    });

  it('says which files nothing stands for, deletes them where it is told to, and not twice', async () => {
    const storage = await createFileStorage({ directory: join(root, 'data') });
    async function* bytes(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('left by who died');
    }
    await storage.put(`209901010000/${'a'.repeat(32)}-1`, bytes(), 100);
    await storage.put(`209901010000/${'b'.repeat(32)}`, bytes(), 100);
    const seen = await doctor();
    assert.equal(seen.code, 1);
    assert.match(seen.files, /^MISSING +files +2 stored; results that no job stands for: 1\. .*--repair/);
    assert.match((await doctor('--repair')).files, /^ok +files +2 stored; results .*: 1\. Repaired\.$/);
    assert.match((await doctor()).files, /^ok +files +1 stored, and each is known\.$/);
    // The browser is tried: that it is installed says little.
    assert.match(
      seen.browser,
      process.env['OCTAVO_REQUIRE_ENGINES'] === '1'
        ? /^ok .* Shows pages, with its own sandbox in each box\.$/
        : /^ok .* Shows pages, |^absent /,
    );
    assert.equal((await doctor('--nothing')).code, 2);
    assert.equal((await doctor('nothing')).code, 2);
  });
});
