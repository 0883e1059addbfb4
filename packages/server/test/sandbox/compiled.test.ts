/** Compiled code of a program: written before the first call, read by the boxes after it, and by none of them to be written. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Pool } from '../../src/sandbox/pool.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { workProgram } from './program.ts';
import { asking, openTier } from './tiers.ts';

const child = `
  import { writeFileSync } from 'node:fs';
  import { getCompileCacheDir } from 'node:module';
  import { serve } from '${new URL('../../src/sandbox/child.ts', import.meta.url).href}';
  await serve(() => {
    const folder: string = getCompileCacheDir() ?? '';
    try {
      writeFileSync(folder + '/more', '');
      return { folder, wrote: true };
    } catch {
      return { folder, wrote: false };
    }
  });
`;

for (const tier of ['bubblewrap', 'namespaces'] as const)
  describe(`compiled code in ${tier}`, { timeout: 60_000 }, () => {
    it('is kept beside the sources, until they change', async (t) => {
      const found = await openTier(t, tier);
      if (found === undefined) return;
      const checkout = realpathSync(found.folder);
      const kept = join(checkout, 'node_modules/.cache/octavo/boxes');
      mkdirSync(join(checkout, 'node_modules'));
      mkdirSync(join(checkout, 'program'));
      writeFileSync(join(checkout, 'package.json'), '{ "type": "module" }');
      const write = (text: string) => writeFileSync(join(checkout, 'program/child.ts'), text);
      write(child);
      const first = await answerOf(found.sandbox, checkout);
      assert.match(first.folder, /^\/box\/out\/code\//);
      const folders = readdirSync(kept);
      assert.equal(folders.length, 1);
      const { folder, wrote } = await answerOf(found.sandbox, checkout);
      assert.match(folder, /^\/box\/code\//);
      assert.equal(wrote, false);

      write(`${child}// Changed.`);
      assert.match((await answerOf(found.sandbox, checkout)).folder, /^\/box\/out\/code\//);
      const others = readdirSync(kept);
      assert.equal(others.length, 1);
      assert.notDeepEqual(others, folders);
    });
  });

/** Of a new box. It leaves no file: what it compiled is not of its first call. */
async function answerOf(
  sandbox: Sandbox,
  checkout: string,
): Promise<{ readonly folder: string; readonly wrote: boolean }> {
  const entry = pathToFileURL(join(checkout, 'program/child.ts'));
  const pool = sandbox.pool(workProgram({ entry })) as Pool;
  try {
    const { reply, files } = await asking(pool, checkout)('look');
    assert.deepEqual(files, []);
    return reply as { folder: string; wrote: boolean };
  } finally {
    await pool.close();
  }
}
